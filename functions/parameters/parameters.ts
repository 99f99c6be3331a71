import {
  DescribeParametersCommand,
  GetParameterHistoryCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  type ParameterMetadata,
  type ParameterStringFilter,
  type ParameterType,
  type Tag,
} from '@aws-sdk/client-ssm';
import { classify, errorCode } from '#shared/aws/errors.ts';
import { onePage, pages } from '#shared/aws/pages.ts';
import type { Live } from '#shared/control/kind.ts';
import { Secret } from '#shared/control/secret.ts';
import { allTags } from '#shared/control/tag.ts';
import type { Loader, Part, Reader, Target } from '#shared/control/types.ts';
import type { Detection } from '#shared/detect/index.ts';
import { detectBeside, saysNothing } from '#shared/detect/together.ts';
import { PARAMETER } from './names.ts';

/** A parameter's value with what can be said of it without showing it. */
export interface Value {
  readonly type: ParameterType;
  readonly version: number;
  readonly dataType: string;
  readonly secret: Secret;
  readonly found: readonly Detection[];
  /** Whether it is an AMI id, as a launch template may resolve. */
  readonly isImage: boolean;
  /** Whether it says on or off, or where something lies, so that its name alone makes no secret of it. */
  readonly isPlain: boolean;
}

/** One version of a parameter's history. */
export interface Version {
  readonly version: number;
  readonly type: ParameterType | undefined;
  readonly user: string | undefined;
  readonly keyId: string | undefined;
  readonly labels: readonly string[];
  readonly secret: Secret;
}

/** Every parameter's metadata under the filters. */
export function parametersWhere(filters: readonly ParameterStringFilter[], read: Reader): Promise<ParameterMetadata[]> {
  return pages(read, describing(filters), ({ Parameters }) => Parameters);
}

/** A part of it. */
export function pageOfParameters(
  filters: readonly ParameterStringFilter[],
  read: Reader,
  from: string | undefined,
): Promise<Part<ParameterMetadata>> {
  return onePage(read, describing(filters), ({ Parameters }) => Parameters, from);
}

function describing(filters: readonly ParameterStringFilter[]) {
  return (token: object) => new DescribeParametersCommand({ ParameterFilters: [...filters], MaxResults: 50, ...token });
}

/** Metadata by name; a filter takes 50 values. */
export const metadataByName: Loader<ParameterMetadata> = {
  name: 'metadata of parameters',
  max: 50,
  load: async (names, read) => {
    const found = await parametersWhere([{ Key: 'Name', Option: 'Equals', Values: [...names] }], read);
    return new Map(found.flatMap((one) => (one.Name ? [[one.Name, one]] : [])));
  },
};

/** Finds the parameters that exist under the one or two names that an ARN stands for, by the shorter one. */
export async function underEitherName<Found extends Target>(targets: readonly Found[], read: Reader): Promise<Map<string, Found[]>> {
  const found = await read.many(
    metadataByName,
    targets.flatMap(({ id }) => [id, `/${id}`]),
  );
  return new Map(
    targets.flatMap((target): [string, Found[]][] => {
      const names = [target.id, `/${target.id}`].filter((name) => found.has(name));
      return names.length > 0 ? [[target.id, names.map((id) => ({ ...target, type: PARAMETER, id }))]] : [];
    }),
  );
}

/** Values by name, as they are stored: a SecureString's is ciphertext. GetParameters takes ten names, and leaves out what is missing. */
export const storedByName: Loader<Value> = { name: 'values of parameters', max: 10, load: (names, read) => values(names, read, false) };

/** Values by name, decrypted. */
export const decryptedByName: Loader<Value> = {
  name: 'decrypted values of parameters',
  // one key that refuses fails the whole call
  max: 1,
  load: (names, read) => values(names, read, true),
};

/** Whether an error of a read says that the parameter is not there: ListTagsForResource has a word of its own for it. */
export function isGone(error: unknown): boolean {
  return classify(error) === 'missing' || errorCode(error) === 'InvalidResourceId';
}

/** A parameter's tags. */
export async function tagsOf(name: string, read: Reader): Promise<Tag[]> {
  return (await read(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: name }))).TagList ?? [];
}

/** Tags by name; a parameter that is gone is absent. */
export async function liveByName(names: readonly string[], read: Reader): Promise<ReadonlyMap<string, Live>> {
  const found = names.map(async (name): Promise<[string, Live][]> => {
    try {
      return [[name, { tags: allTags(await tagsOf(name, read)) }]];
    } catch (error) {
      if (isGone(error)) return [];
      throw error;
    }
  });
  return new Map((await Promise.all(found)).flat());
}

/** A parameter's versions that AWS keeps, oldest first; a SecureString's values are ciphertext unless decrypted. */
export async function historyOf(name: string, read: Reader, withDecryption = false): Promise<Version[]> {
  const found = await pages(
    read,
    (token) => new GetParameterHistoryCommand({ Name: name, WithDecryption: withDecryption, MaxResults: 50, ...token }),
    ({ Parameters }) => Parameters,
  );
  const versions = found.map((one): Version => {
    const { Version: version = 0, Type: type, LastModifiedUser: user, KeyId: keyId, Labels: labels = [], Value = '' } = one;
    return { version, type, user, keyId, labels, secret: new Secret(Value, `version ${version}`) };
  });
  return versions.sort((a, b) => a.version - b.version);
}

async function values(names: readonly string[], read: Reader, withDecryption: boolean): Promise<Map<string, Value>> {
  const { Parameters = [] } = await read(new GetParametersCommand({ Names: [...names], WithDecryption: withDecryption }));
  return new Map(
    Parameters.flatMap(({ Name, Type, Value: text = '', Version: version = 0, DataType: dataType = 'text' }): [string, Value][] => {
      if (!Name || !Type) return [];
      const isLegible = Type !== 'SecureString';
      const found = isLegible ? detectBeside(Name, text) : [];
      const isImage = isLegible && /^ami-[0-9a-f]{8,17}$/.test(text);
      const isPlain = isLegible && saysNothing(Name, text);
      // the version tells two plans apart whose commands differ in the value alone
      return [[Name, { type: Type, version, dataType, secret: new Secret(text, `version ${version}`), found, isImage, isPlain }]];
    }),
  );
}
