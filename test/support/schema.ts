// kinds of the SDK's schemas: a structure is `[3, namespace, name, traits, names, members]`, a list `[1, …, member]`
const STRUCTURE = 3;
const LIST = 1;
const TIMESTAMP = 4;
const NUMBER = 1;
const BOOLEAN = 2;

/** A value with every member that a schema has, however deep: text, numbers and dates that tell one from another. */
export function sampleOf(schema: unknown, name = 'it'): unknown {
  const here = plainOf(schema);
  if (Array.isArray(here) && here[0] === STRUCTURE)
    return Object.fromEntries(membersOf(here).map(([key, member]) => [key, sampleOf(member, key)]));
  if (Array.isArray(here) && here[0] === LIST) return [sampleOf(here[4], name)];
  // a kind above 64 is a list of plain values
  if (typeof here === 'number' && here >= 64) return [sampleOf(here - 64, name)];
  if (here === BOOLEAN) return true;
  if (here === NUMBER) return name.length;
  return here === TIMESTAMP ? new Date(name.length) : `a ${name}`;
}

/** The paths of members that one schema has and another lacks. */
export function onlyIn(one: unknown, other: unknown, path: readonly string[] = []): string[] {
  const [a, b] = [plainOf(one), plainOf(other)];
  if (!Array.isArray(a) || !Array.isArray(b)) return [];
  if (a[0] === LIST) return onlyIn(a[4], b[4], path);
  if (a[0] !== STRUCTURE) return [];
  const there = new Map(membersOf(b));
  return membersOf(a).flatMap(([key, member]) =>
    there.has(key) ? onlyIn(member, there.get(key), [...path, key]) : [[...path, key].join('.')],
  );
}

/** The members of a structure, each with its schema. */
export function membersOf(structure: readonly unknown[]): [string, unknown][] {
  const [names, members] = [structure[4], structure[5]];
  if (!Array.isArray(names) || !Array.isArray(members)) throw new TypeError('a structure without members');
  return names.map((name, n) => [String(name), members[n]]);
}

/** A schema without the functions and traits around it. */
export function plainOf(schema: unknown): unknown {
  let here = schema;
  while (typeof here === 'function' || (Array.isArray(here) && typeof here[0] !== 'number'))
    here = typeof here === 'function' ? here() : here[0];
  return Array.isArray(here) && typeof here[1] === 'object' ? here[0] : here;
}
