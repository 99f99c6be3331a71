import * as v from 'valibot';

/** What is read with `at`, whatever it is: so nobody has to look at each of its keys here, and copy them. */
const part = v.optional(
  v.nullable(v.custom<{ readonly [key: string]: unknown } | string>((value) => typeof value === 'string' || isObject(value))),
);

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** A member that may be absent, which `null` means too: CloudTrail, and tools that copy its records, write one for the other. */
export function maybe<const Schema extends v.GenericSchema>(schema: Schema) {
  return v.optional(
    v.pipe(
      v.nullable(schema),
      v.transform((value) => value ?? undefined),
    ),
  );
}

const text = maybe(v.string());

const userIdentity = v.looseObject({
  type: text,
  arn: text,
  accountId: text,
  userName: text,
  principalId: text,
  invokedBy: text,
});

/**
 * The parts of a CloudTrail record that Redress needs in a shape; everything else passes through, and is read with `at`.
 * `requestParameters` and `responseElements` are null on many failures, and strings or missing where CloudTrail omits them.
 */
export const recordSchema = v.looseObject({
  eventID: v.string(),
  eventName: v.string(),
  eventSource: v.string(),
  eventTime: v.string(),
  errorCode: text,
  sourceIPAddress: text,
  userAgent: text,
  userIdentity: maybe(userIdentity),
  requestParameters: part,
  responseElements: part,
});

/** A CloudTrail record, parsed. */
export type CloudTrailRecord = v.InferOutput<typeof recordSchema>;

/** Walks into a record by keys; undefined as soon as something on the way is not an object. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Reflect.get(here, key);
  }
  return here;
}

/** A non-empty string at a path of a record, or undefined. */
export function stringAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** A list at a path, whatever its style: a plain array, `{items: […]}`, `{item: […]}`, or a list of one collapsed to an object. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  if (Array.isArray(found)) return found;
  if (typeof found !== 'object' || found === null) return [];
  for (const key of ['items', 'item', 'member']) {
    const inner = Reflect.get(found, key);
    if (Array.isArray(inner)) return inner;
    if (typeof inner === 'object' && inner !== null) return [inner];
  }
  return Object.keys(found).length > 0 && !('items' in found) && !('item' in found) ? [found] : [];
}

/** Whether CloudTrail left parts of the record out because they were over 100 KB (`omitted: true`). */
export function isTruncated(record: CloudTrailRecord): boolean {
  return [record.requestParameters, record.responseElements].some((part) => at(part, 'omitted') === true);
}
