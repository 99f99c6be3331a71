import type { LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import type {
  DeleteParameterCommandInput,
  DescribeParametersCommandInput,
  GetParameterHistoryCommandInput,
  GetParametersCommandInput,
  LabelParameterVersionCommandInput,
  ListTagsForResourceCommandInput,
  ParameterHistory,
  PutParameterCommandInput,
  Tag,
} from '@aws-sdk/client-ssm';
import { actionOf } from '#shared/aws/actions.ts';
import { listAt, stringAt } from '#shared/control/record.ts';
import { expectListed } from '../../fixtures/secrets.ts';
import { type Answers, answerTo, type Refusals } from '../answers.ts';
import { awsError, place, type World } from '../harness.ts';
import { arn } from './events.ts';

/** Redress's own role, as AWS shows who wrote a version. */
export const redress = `arn:aws:sts::${place.account}:assumed-role/redress-parameters-${place.region}/redress-parameters`;
export const dana = `arn:aws:iam::${place.account}:user/dana`;

/** One parameter: its versions, oldest first, and its tags. */
interface Stored {
  versions: ParameterHistory[];
  tags: Tag[];
  policies?: string[];
}

/** What there is in the account, and how AWS behaves. */
export interface Account {
  readonly parameters?: { readonly [name: string]: Partial<PutParameterCommandInput> & { readonly labels?: string[] } };
  /** CloudTrail records that the event history holds. */
  readonly reads?: readonly object[];
  /** More pages of the event history than anybody asks for. */
  readonly isEndless?: boolean;
  /** What `ResourceName` finds an event by; absent means the ARNs of what it asked for. */
  readonly resourcesOf?: (asked: readonly string[]) => readonly string[];
  readonly templates?: readonly string[];
  readonly shared?: readonly string[];
  readonly keys?: { readonly [id: string]: { KeyState: string; KeyUsage?: string } };
  readonly refuses?: Refusals;
  /** AWS's documented refusal to change a type. */
  readonly isTypeFixed?: boolean;
  /** Whoever AWS names as the last writer; `N/A` as moto does. */
  readonly namesWriters?: boolean;
}

export interface ParameterWorld extends World {
  readonly parameters: Map<string, Stored>;
  clock: () => Date;
  /** Called before each call is answered; what somebody else does meanwhile. */
  meanwhile: (action: string, input: object) => void;
  put(input: PutParameterCommandInput, user?: string): { Version: number };
  remove(name: string): void;
}

const GAP = 30_000;
const cipher = 'AQICAHciphertext';

/** A Parameter Store that remembers, with the rules of AWS that matter here. */
export function parametersWorld(account: Account = {}): ParameterWorld {
  const parameters = new Map<string, Stored>();
  const deletedAt = new Map<string, number>();
  const newest = ({ versions }: Stored) => versions.at(-1) ?? {};
  const get = (name = ''): Stored => {
    const found = parameters.get(name);
    if (!found) throw awsError('ParameterNotFound', `Parameter ${name} not found.`);
    return found;
  };
  const checkKey = (id: string | undefined): void => {
    if (account.keys?.[id ?? '']?.KeyState === 'Disabled') throw awsError('InvalidKeyId', `The key ${id} is disabled.`);
  };
  const shown = (one: ParameterHistory, withDecryption = false) => {
    if (one.Type !== 'SecureString') return one;
    if (!withDecryption) return { ...one, Value: cipher };
    checkKey(one.KeyId);
    return one;
  };

  const world: ParameterWorld = {
    parameters,
    clock: () => new Date('2026-11-21T09:00:00.000Z'),
    meanwhile: () => undefined,

    put(input, user = dana) {
      const { Name = '', Value = '', Tags = [], Overwrite } = input;
      expectListed(Value);
      const known = parameters.get(Name);
      const last = known && newest(known);
      if (known && !Overwrite) throw awsError('ParameterAlreadyExists', `The parameter ${Name} already exists.`);
      if (Overwrite && Tags.length > 0) throw awsError('ValidationException', "tags and overwrite can't be used together");
      if (Tags.length > 50) throw awsError('TooManyTagsError');
      const gone = deletedAt.get(Name);
      if (gone !== undefined && world.clock().getTime() - gone < GAP) throw awsError('TooManyUpdates', `${Name} was deleted just now.`);
      const Type = input.Type ?? last?.Type ?? 'String';
      if (last && account.isTypeFixed && last.Type !== Type) {
        throw awsError('HierarchyTypeMismatchException', "Parameter Store doesn't support changing a parameter type in a hierarchy.");
      }
      const pattern = input.AllowedPattern;
      if (pattern && !new RegExp(pattern).test(Value))
        throw awsError('ParameterPatternMismatchException', `${Value} cannot match ${pattern}`);
      const Tier = input.Tier ?? 'Standard';
      if (Buffer.byteLength(Value) > (Tier === 'Standard' ? 4096 : 8192)) throw awsError('ValidationException', 'The value is too long.');
      if (Type === 'SecureString') checkKey(input.KeyId);
      const versions = known?.versions ?? [];
      if (versions.length >= 100) {
        if (versions[0]?.Labels?.length) throw awsError('ParameterMaxVersionLimitExceeded', `${Name} has 100 versions.`);
        versions.shift();
      }
      const made: ParameterHistory = {
        Name,
        Type,
        Value,
        Version: (last?.Version ?? 0) + 1,
        LastModifiedUser: account.namesWriters === false ? 'N/A' : user,
        LastModifiedDate: world.clock(),
        // what an overwrite does not say falls back to a default; policies stay
        ...(input.Description && { Description: input.Description }),
        ...(pattern && { AllowedPattern: pattern }),
        ...(Type === 'SecureString' && { KeyId: input.KeyId ?? 'alias/aws/ssm' }),
        Tier,
        DataType: input.DataType ?? 'text',
        Labels: [],
      };
      const policies = input.Policies ? JSON.parse(input.Policies).map((one: object) => JSON.stringify(one)) : known?.policies;
      parameters.set(Name, { versions: [...versions, made], tags: known?.tags ?? [...Tags], ...(policies && { policies }) });
      return { Version: made.Version ?? 0 };
    },

    remove(name) {
      get(name);
      parameters.delete(name);
      deletedAt.set(name, world.clock().getTime());
    },

    async send(command) {
      const action = actionOf(command);
      world.meanwhile(action, command.input);
      return answerTo(command, answers, account.refuses);
    },
  };

  const answers: Answers = {
    'ssm:PutParameter': (input: PutParameterCommandInput) => world.put(input, redress),
    'ssm:DeleteParameter': ({ Name }: DeleteParameterCommandInput) => world.remove(Name ?? ''),
    'ssm:DescribeParameters': ({ ParameterFilters = [] }: DescribeParametersCommandInput) => ({
      Parameters: [...parameters].flatMap(([Name, stored]) => {
        const { Value: _value, Labels: _labels, ...metadata } = newest(stored);
        const isWanted = ParameterFilters.every(({ Key, Values = [] }) =>
          Values.some((value) =>
            Key === 'Path' ? Name.startsWith(`${value}/`) : Key === 'Type' ? metadata.Type === value : Name === value,
          ),
        );
        return isWanted ? [{ ...metadata, Policies: (stored.policies ?? []).map((PolicyText) => ({ PolicyText })) }] : [];
      }),
    }),
    'ssm:GetParameters': ({ Names = [], WithDecryption }: GetParametersCommandInput) => {
      if (Names.length > 10) throw awsError('ValidationException', 'at the most 10 names');
      return { Parameters: Names.flatMap((name) => (parameters.has(name) ? [shown(newest(get(name)), WithDecryption)] : [])) };
    },
    'ssm:GetParameterHistory': ({ Name, WithDecryption, NextToken }: GetParameterHistoryCommandInput) => {
      const start = Number(NextToken ?? 0);
      const { versions } = get(Name);
      const page = versions.slice(start, start + 50).map((one) => shown(one, WithDecryption));
      return { Parameters: page, ...(versions.length > start + 50 && { NextToken: String(start + 50) }) };
    },
    'ssm:ListTagsForResource': ({ ResourceId = '' }: ListTagsForResourceCommandInput) => {
      if (!parameters.has(ResourceId)) throw awsError('InvalidResourceId', 'The resource ID is not valid.');
      return { TagList: get(ResourceId).tags };
    },
    'ssm:AddTagsToResource': ({ ResourceId, Tags = [] }: { ResourceId: string; Tags: Tag[] }) => {
      const stored = get(ResourceId);
      stored.tags = [...stored.tags.filter(({ Key }) => !Tags.some((tag) => tag.Key === Key)), ...Tags];
    },
    'ssm:RemoveTagsFromResource': ({ ResourceId, TagKeys = [] }: { ResourceId: string; TagKeys: string[] }) => {
      const stored = get(ResourceId);
      stored.tags = stored.tags.filter(({ Key = '' }) => !TagKeys.includes(Key));
    },
    'ssm:LabelParameterVersion': ({ Name, ParameterVersion, Labels = [] }: LabelParameterVersionCommandInput) => {
      for (const one of get(Name).versions) if (one.Version === ParameterVersion) one.Labels = [...(one.Labels ?? []), ...Labels];
    },
    'ssm:GetResourcePolicies': ({ ResourceArn = '' }: { ResourceArn: string }) => {
      if (![...parameters.keys()].some((name) => ResourceArn.endsWith(`parameter${name}`)))
        throw awsError('ResourceNotFoundException', 'The resource does not exist.');
      return {
        Policies: account.shared?.some((name) => ResourceArn.endsWith(`parameter${name}`)) ? [{ PolicyId: 'p', Policy: '{}' }] : [],
      };
    },
    'ec2:DescribeLaunchTemplateVersions': () => ({
      LaunchTemplateVersions: (account.templates ?? []).map((ImageId) => ({ LaunchTemplateData: { ImageId } })),
    }),
    'kms:DescribeKey': ({ KeyId }: { KeyId: string }) => {
      const key = account.keys?.[KeyId];
      if (!key) throw awsError('NotFoundException', `Key ${KeyId} does not exist`);
      return { KeyMetadata: { KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT', ...key } };
    },
    'cloudtrail:LookupEvents': (input: LookupEventsCommandInput) => lookedUp(input, account),
  };

  for (const [Name, { labels, Tags, ...input }] of Object.entries(account.parameters ?? {})) {
    world.put({ Name, Value: 'x', Type: 'String', ...input });
    const stored = get(Name);
    stored.tags = [...(Tags ?? [])];
    const last = stored.versions.at(-1);
    if (last && labels) last.Labels = [...labels];
  }
  return world;
}

/** The event history, fifty events a page. */
function lookedUp({ LookupAttributes = [], NextToken }: LookupEventsCommandInput, account: Account) {
  const [{ AttributeKey: key, AttributeValue: value } = {}] = LookupAttributes;
  const all = (account.reads ?? []).map((record) => ({ record, resources: resourcesOf(record, account) }));
  const wanted = all.filter(({ record, resources }) =>
    key === 'EventName' ? Reflect.get(record, 'eventName') === value : resources.includes(value ?? ''),
  );
  const start = Number(NextToken ?? 0) || 0;
  const events = wanted.slice(start, start + 50).map(({ record, resources }) => ({
    CloudTrailEvent: JSON.stringify(record),
    Resources: resources.map((ResourceName) => ({ ResourceName })),
  }));
  const next = account.isEndless ? 'more' : wanted.length > start + 50 ? String(start + 50) : undefined;
  return { Events: events, ...(next && { NextToken: next }) };
}

function resourcesOf(record: object, { resourcesOf: named = (asked) => asked.map(arn) }: Account): readonly string[] {
  const request: unknown = Reflect.get(record, 'requestParameters');
  return named([stringAt(request, 'name'), ...listAt(request, 'names')].filter((one) => typeof one === 'string'));
}
