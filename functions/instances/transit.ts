import { DescribeInstanceTypesCommand, type Filter, type InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { pages } from '#shared/aws/pages.ts';
import type { Loader, Reader } from '#shared/control/types.ts';

/** Whether a type of instance encrypts what it sends to others of its kind, and which types like it do. */
export interface Transit {
  /** Absent where AWS does not show it. */
  readonly isEncrypted: boolean | undefined;
  /** Types of the same size, of a family with the same letter and of the same architecture; only where the type itself does not. */
  readonly others: readonly string[];
}

/** So many other types are named at most. */
const MOST = 8;

/** Types by name; one that this Region does not have is absent. */
const typesByName: Loader<InstanceTypeInfo> = {
  name: 'instance types by name',
  max: 200,
  load: async (names, read) => {
    const found = await typesWhere([{ Name: 'instance-type', Values: [...names] }], read);
    return new Map(found.flatMap((one) => (one.InstanceType ? [[one.InstanceType, one]] : [])));
  },
};

/** Current types that encrypt, by a pattern such as `m*.large`. */
const encryptingByPattern: Loader<readonly InstanceTypeInfo[]> = {
  name: 'instance types that encrypt by pattern',
  max: 200,
  load: async (patterns, read) => {
    const found = await typesWhere(
      [
        { Name: 'instance-type', Values: [...patterns] },
        { Name: 'network-info.encryption-in-transit-supported', Values: ['true'] },
        { Name: 'current-generation', Values: ['true'] },
      ],
      read,
    );
    return Map.groupBy(found, ({ InstanceType }) => patternOf(InstanceType) ?? '');
  },
};

/** What AWS says of one type; instances of one batch share the calls. */
export async function transitOf(type: string, read: Reader): Promise<Transit> {
  const info = (await read.many(typesByName, [type])).get(type);
  const isEncrypted = info?.NetworkInfo?.EncryptionInTransitSupported;
  const pattern = patternOf(type);
  if (!info || isEncrypted !== false || !pattern) return { isEncrypted, others: [] };
  const architectures = info.ProcessorInfo?.SupportedArchitectures ?? [];
  const found = (await read.many(encryptingByPattern, [pattern])).get(pattern) ?? [];
  const others = found
    .filter(({ ProcessorInfo }) => ProcessorInfo?.SupportedArchitectures?.some((one) => architectures.includes(one)))
    .flatMap(({ InstanceType }) => InstanceType ?? [])
    .sort();
  return { isEncrypted, others: others.slice(0, MOST) };
}

/** The types of the same letter and size: `m*.large` for `m5.large`. */
function patternOf(type: string | undefined): string | undefined {
  const [, letters, size] = /^([a-z]+)[^.]*\.(.+)$/.exec(type ?? '') ?? [];
  return letters && size && `${letters}*.${size}`;
}

async function typesWhere(Filters: Filter[], read: Reader): Promise<InstanceTypeInfo[]> {
  return await pages(
    read,
    (token) => new DescribeInstanceTypesCommand({ Filters, MaxResults: 100, ...token }),
    ({ InstanceTypes }) => InstanceTypes,
  );
}
