import {
  DisableEbsEncryptionByDefaultCommand,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  ModifyEbsDefaultKmsKeyIdCommand,
  ResetEbsDefaultKmsKeyIdCommand,
} from '@aws-sdk/client-ec2';
import * as v from 'valibot';
import { type Change, defineControl, type Place, type Plan, type Verdict } from '#shared/control/control.ts';
import { AWS_MANAGED_ALIAS, type KeyState, keyState } from '#shared/launch/ebs-key.ts';
import { encryptionPages, keepsDefaultEncryption } from '#shared/launch/prevention.ts';
import { type SharedImages, sharedImages } from './shared-images.ts';

type Before = { readonly encryptionByDefault: boolean; readonly kmsKeyId: string };
type Facts = Before & {
  /** The key that would be in effect once this control is content. */
  readonly key: KeyState;
  /** Whether the account's key is another than the configured one. */
  readonly isOtherKey: boolean;
  readonly shared: SharedImages;
};
type Settings = { readonly kmsKey?: string | undefined };

const kmsKey = v.pipe(
  v.optional(v.string()),
  v.description("The default key of EBS: id, ARN or alias; absent leaves the account's choice."),
);
const ec2 = 'ec2.amazonaws.com';
const account = ({ account: id }: Place) => [{ type: 'AWS::::Account', id }];

export default defineControl<null, Facts, Before, Settings>({
  id: 'ebs-default-encryption',
  resourceType: 'AWS::::Account',
  title: 'EBS encryption by default is on',
  why: 'With it every new volume and snapshot copy of the Region is encrypted, whoever makes it and with whatever tool.',
  remediation: 'Turned on, with the configured key if one is set, after checking that launches can use the key.',
  severity: 'high',
  defaultMode: 'fix',
  triggers: [
    {
      eventSource: ec2,
      eventNames: ['DisableEbsEncryptionByDefault', 'ModifyEbsDefaultKmsKeyId', 'ResetEbsDefaultKmsKeyId', 'RunInstances'],
    },
    { eventSource: ec2, eventNames: ['CreateVolume'], where: { responseElements: { encrypted: [false] } } },
  ],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [
      { action: 'ec2:GetEbsEncryptionByDefault' },
      { action: 'ec2:GetEbsDefaultKmsKeyId' },
      { action: 'ec2:DescribeImages' },
      { action: 'ec2:DescribeImageAttribute' },
      { action: 'kms:DescribeKey' },
      { action: 'kms:GetKeyPolicy' },
      { action: 'kms:ListGrants' },
      { action: 'autoscaling:DescribeAutoScalingGroups' },
    ],
    writes: [
      { action: 'ec2:EnableEbsEncryptionByDefault' },
      { action: 'ec2:ModifyEbsDefaultKmsKeyId' },
      { action: 'ec2:DisableEbsEncryptionByDefault' },
      { action: 'ec2:ResetEbsDefaultKmsKeyId' },
    ],
  },
  limit: { fixes: 25, minutes: 10 },
  settings: { kmsKey },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableEbsEncryptionByDefault.html',
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html',
  ],
  iac: { terraform: 'have an aws_ebs_encryption_by_default with `enabled = true` in each Region.' },
  // EC2 declarative policies have no attribute for it:
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html
  prevention: {
    scp: [keepsDefaultEncryption],
    breaks: 'Nobody can turn it off, not even to make an image that other accounts may share. It is not turned on where it is off.',
    references: [encryptionPages.byDefault, encryptionPages.scope],
  },

  targets: (_record, place) => account(place),
  list: async (_read, place) => account(place),

  async inspect(targets, read, context) {
    const [{ EbsEncryptionByDefault }, { KmsKeyId }] = await Promise.all([
      read(new GetEbsEncryptionByDefaultCommand({})),
      read(new GetEbsDefaultKmsKeyIdCommand({})),
    ]);
    const kmsKeyId = plain(KmsKeyId);
    const wanted = context.settings.kmsKey ? plain(context.settings.kmsKey) : kmsKeyId;
    const [key, current] = await Promise.all([
      keyState(wanted, read, context),
      wanted === kmsKeyId ? undefined : keyState(kmsKeyId, read, context),
    ]);
    // EBS takes no other key of AWS's own than `aws/ebs`, by whatever name it is shown
    const isManaged = key.isCustomerKey === false && current?.isCustomerKey === false;
    const isOtherKey = current !== undefined && !isManaged && (current.arn ?? kmsKeyId) !== (key.arn ?? wanted);
    const encryptionByDefault = EbsEncryptionByDefault === true;
    const shared = encryptionByDefault ? { ids: [], isComplete: true } : await sharedImages(context.account, read);
    const facts = { encryptionByDefault, kmsKeyId, key, isOtherKey, shared };
    return new Map(targets.map(({ id }) => [id, facts]));
  },

  judge({ encryptionByDefault, kmsKeyId, key, isOtherKey }): Verdict {
    const advice = key.advice;
    if (!encryptionByDefault) {
      const why = key.problem ? `, and turning it on would stop launches: ${key.problem}` : '';
      return { is: 'violation', says: `EBS encryption by default is off${why}.`, advice };
    }
    if (isOtherKey)
      return {
        is: 'violation',
        says: `EBS encryption by default uses ${kmsKeyId}, not the configured key${key.problem ? `, of which ${key.problem}` : ''}.`,
        advice,
      };
    if (key.problem) return { is: 'violation', says: `EBS encryption by default is on, but launches fail: ${key.problem}.`, advice };
    return { is: 'compliant', says: `EBS encryption by default is on, with ${kmsKeyId}.` };
  },

  plan({ encryptionByDefault, key, isOtherKey, shared }, { settings }): Plan {
    if (key.problem) return { changes: [] };
    const enable = { command: new EnableEbsEncryptionByDefaultCommand({}), says: 'Turn on EBS encryption by default for this Region.' };
    const doubts = encryptionByDefault ? [key.doubt] : [key.doubt, sharingDoubt(shared, key)];
    const why = doubts.flatMap((doubt) => doubt ?? []).join('; ');
    const approval = why ? { needsApproval: `A person should look first: ${why}.` } : {};
    if (isOtherKey && settings.kmsKey) {
      // a bad key id can appear to complete and fail later, so the key is read back before anything depends on it
      const change = {
        command: new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: settings.kmsKey }),
        says: `Make ${settings.kmsKey} the default key of EBS.`,
      };
      const later = encryptionByDefault ? [] : [{ api: 'ec2:EnableEbsEncryptionByDefault', says: enable.says }];
      return { changes: [change], later, ...approval };
    }
    return { changes: encryptionByDefault ? [] : [enable], ...approval };
  },

  before: ({ encryptionByDefault, kmsKeyId }) => ({ encryptionByDefault, kmsKeyId }),

  undo(before, facts): Plan {
    const changes: Change[] = [];
    if (facts.encryptionByDefault && !before.encryptionByDefault) {
      changes.push({ command: new DisableEbsEncryptionByDefaultCommand({}), says: 'Turn EBS encryption by default off again.' });
    }
    if (facts.kmsKeyId !== before.kmsKeyId) {
      const isManaged = before.kmsKeyId.endsWith(AWS_MANAGED_ALIAS);
      const command = isManaged
        ? new ResetEbsDefaultKmsKeyIdCommand({})
        : new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: before.kmsKeyId });
      changes.push({ command, says: `Make ${before.kmsKeyId} the default key of EBS again.` });
    }
    return { changes };
  },
});

/** AWS shows the managed key by its alias or by that alias's ARN: one name for both. */
function plain(key: string | undefined): string {
  return !key || key.endsWith(AWS_MANAGED_ALIAS) ? AWS_MANAGED_ALIAS : key;
}

function sharingDoubt({ ids, isComplete }: SharedImages, key: KeyState): string | undefined {
  const then = key.isCustomerKey
    ? 'later ones are shared only if the key is shared too'
    : 'snapshots under the AWS managed key cannot be shared';
  if (ids.length > 0) return `the image ${ids[0]} is shared with other accounts, and ${then}`;
  return isComplete ? undefined : `there are more images than can be checked for sharing, and ${then}`;
}
