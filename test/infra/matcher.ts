import type { Json } from '#shared/control/control.ts';

type Thing = { readonly [key: string]: Json };

/** Values of leaves at each path, as EventBridge sees an event: an array is its elements, an object is no value. */
function leavesAt(event: Json | undefined, path: readonly string[]): readonly Json[] {
  if (event === undefined) return [];
  if (Array.isArray(event)) return event.flatMap((one) => leavesAt(one, path));
  const [key, ...rest] = path;
  if (key === undefined) return isThing(event) ? [] : [event];
  return isThing(event) && Object.hasOwn(event, key) ? leavesAt(event[key], rest) : [];
}

/**
 * Whether EventBridge would match, for the part of its language that our patterns use: exact values of one type,
 * `$or`, `exists` (of leaves), `prefix`, `suffix`, and `anything-but` a list, a suffix or wildcards; any other filter throws.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: Thing, event: Thing, path: readonly string[] = []): boolean {
  return Object.entries(pattern).every(([key, value]) => {
    if (key === '$or') return (value as readonly Thing[]).some((branch) => matches(branch, event, path));
    const here = [...path, key];
    if (!Array.isArray(value)) return matches(value as Thing, event, here);
    const leaves = leavesAt(event, here);
    return value.some((filter: Json) => (isThing(filter) ? passes(filter, leaves) : leaves.includes(filter)));
  });
}

function passes(filter: Thing, leaves: readonly Json[]): boolean {
  const [name, ...others] = Object.keys(filter);
  if (others.length > 0) throw new Error(`a filter has one key: ${JSON.stringify(filter)}`);
  if (name === 'exists') return leaves.length > 0 === filter['exists'];
  const start = filter['prefix'];
  if (name === 'prefix' && typeof start === 'string') return leaves.some((leaf) => typeof leaf === 'string' && leaf.startsWith(start));
  const end = filter['suffix'];
  if (name === 'suffix' && typeof end === 'string') return leaves.some((leaf) => typeof leaf === 'string' && leaf.endsWith(end));
  const barred = filter['anything-but'] ?? null;
  // a field that is missing does not match `anything-but`
  if (name === 'anything-but' && Array.isArray(barred)) return leaves.some((leaf) => !barred.includes(leaf));
  if (name === 'anything-but' && isThing(barred) && typeof barred['suffix'] === 'string' && Object.keys(barred).length === 1) {
    const notThis = barred['suffix'];
    return leaves.some((leaf) => typeof leaf !== 'string' || !leaf.endsWith(notThis));
  }
  if (name === 'anything-but' && isThing(barred) && Array.isArray(barred['wildcard'])) {
    const texts = barred['wildcard'].map((one) => new RegExp(`^${String(one).replaceAll('.', '\\.').replaceAll('*', '.*')}$`));
    return leaves.some((leaf) => typeof leaf !== 'string' || !texts.some((text) => text.test(leaf)));
  }
  throw new Error(`the matcher does not know ${JSON.stringify(filter)}`);
}

function isThing(value: Json): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
