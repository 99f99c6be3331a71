import { DescribeKeyCommand, type KeyMetadata, ListKeysCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { classify, errorText } from '#shared/aws/errors.ts';
import { ifThere } from '#shared/aws/loaders.ts';
import { onePageBy, pagesBy } from '#shared/aws/pages.ts';
import { kindOf } from '#shared/control/kind.ts';
import { at, listAt, stringAt } from '#shared/control/record.ts';

/** AWS's name for the type. */
const KEY = 'AWS::KMS::Key';

/** A key as AWS shows it; `hidden` says why it does not. */
export interface Key extends Pick<KeyMetadata, 'Arn' | 'KeyId' | 'KeyManager' | 'KeyState' | 'DeletionDate' | 'CreationDate' | 'Origin'> {
  readonly hidden?: string;
}

/** Keys of KMS. */
export const keys = kindOf<Key>({
  noun: 'key',
  plural: 'KMS keys',
  type: KEY,
  eventSource: 'kms.amazonaws.com',
  arn: 'arn:{partition}:kms:{region}:{account}:key/{id}',
  console: '/kms/home?region={region}#/kms/keys/{id}',
  securityHub: 'AwsKmsKey',
  created: { CreateKey: 'responseElements.keyMetadata.keyId' },
  members: ['KeyId'],
  unwatched: {
    'It uses a key, and changes none.': [
      'Decapsulate',
      'Decrypt',
      'DeriveSharedSecret',
      'Encapsulate',
      'Encrypt',
      'GenerateDataKey',
      'GenerateDataKeyPair',
      'GenerateDataKeyPairWithoutPlaintext',
      'GenerateDataKeyWithoutPlaintext',
      'GenerateMac',
      'ReEncrypt',
      'Sign',
      'Verify',
      'VerifyMac',
    ],
    'It makes a key usable again, which the next sweep sees.': ['CancelKeyDeletion', 'EnableKey', 'ImportKeyMaterial'],
    'It changes a name, text or who may use a key, and not whether it works.': [
      'CreateAlias',
      'CreateGrant',
      'DeleteAlias',
      'PutKeyPolicy',
      'RetireGrant',
      'RevokeGrant',
      'TagResource',
      'UntagResource',
      'UpdateAlias',
      'UpdateKeyDescription',
    ],
    'It changes the material of a key that stays as it is, and keeps what older data needs.': [
      'DisableKeyRotation',
      'EnableKeyRotation',
      'RotateKeyOnDemand',
    ],
    'A key that is new in a Region is needed by nothing yet.': ['ReplicateKey', 'UpdatePrimaryRegion'],
    'Custom key stores are outside what Redress looks at; a key that one of them makes unavailable is found by the sweep.': [
      'ConnectCustomKeyStore',
      'CreateCustomKeyStore',
      'DeleteCustomKeyStore',
      'DisconnectCustomKeyStore',
      'UpdateCustomKeyStore',
    ],
  },
  // whoever disables a key or schedules its deletion need not have made it
  isByMaker: ({ eventName }) => eventName === 'CreateKey',
  reads: ['kms:DescribeKey', 'kms:ListKeys', 'kms:ListResourceTags'].map((action) => ({ action })),
  items: {
    name: 'keys',
    max: 10,
    load: async (ids, read) => {
      const found = ids.map(async (id): Promise<[string, Key][]> => {
        try {
          const answer = await ifThere(read(new DescribeKeyCommand({ KeyId: id })));
          return answer?.KeyMetadata ? [[id, answer.KeyMetadata]] : [];
        } catch (error) {
          // one key's policy may shut Redress out, and the others of the batch are looked at all the same
          if (classify(error) === 'denied') return [[id, { KeyId: id, hidden: errorText(error) }]];
          throw error;
        }
      });
      return new Map((await Promise.all(found)).flat());
    },
  },
  list: async (read, _place, from) => {
    const { items, ...rest } = await onePageBy(
      read,
      (Marker) => new ListKeysCommand({ Limit: 1000, ...(Marker && { Marker }) }),
      ({ Keys }) => Keys,
      ({ NextMarker }) => NextMarker,
      from,
    );
    return { ...rest, items: items.flatMap(({ KeyId }) => KeyId ?? []) };
  },
  targets(record, { account }) {
    const arns = listAt(record, 'resources').flatMap((one) => stringAt(one, 'ARN') ?? []);
    const named = [stringAt(record, 'responseElements', 'keyMetadata', 'keyId'), stringAt(at(record, 'requestParameters'), 'keyId')];
    const [first] = [...arns, ...named].flatMap((text) => keyIdIn(text, account) ?? []);
    return first === undefined ? [] : [{ type: KEY, id: first }];
  },
  tagsOf: async ({ hidden }, id, read) => {
    if (hidden !== undefined) return [];
    const tags = await pagesBy(
      read,
      (Marker) => new ListResourceTagsCommand({ KeyId: id, ...(Marker && { Marker }) }),
      ({ Tags }) => Tags,
      ({ NextMarker }) => NextMarker,
    );
    return tags.flatMap(({ TagKey, TagValue }) => (TagKey === undefined ? [] : [{ Key: TagKey, Value: TagValue ?? '' }]));
  },
  leave: ({ KeyManager }) => (KeyManager === 'AWS' ? 'AWS manages this key, and nobody else can change it.' : undefined),
});

/** The id of a key of the account, from an id or an ARN; an alias names none. */
function keyIdIn(text: string | undefined, account: string): string | undefined {
  const [, owner, id] = /^arn:[^:]*:kms:[^:]*:(\d*):key\/([\w-]+)$/.exec(text ?? '') ?? [];
  if (id !== undefined) return owner === account ? id : undefined;
  return /^[\w-]+$/.test(text ?? '') ? text : undefined;
}
