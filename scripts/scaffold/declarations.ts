import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A member of an interface of the SDK, as its declarations say it. */
export interface Member {
  readonly name: string;
  /** Without `undefined`, such as `Date` or `KeyState`. */
  readonly type: string;
  readonly isOptional: boolean;
}

/** The members of an interface that a package of the SDK declares; undefined if it declares none of that name. */
export async function interfaceOf(root: string, packageName: string, name: string): Promise<readonly Member[] | undefined> {
  const folder = join(root, 'node_modules', packageName, 'dist-types', 'models');
  for (const file of (await readdir(folder)).filter((one) => one.endsWith('.d.ts'))) {
    const text = await readFile(join(folder, file), 'utf8');
    const [, body] = new RegExp(`^export interface ${name} \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(text) ?? [];
    if (body !== undefined) return membersIn(body);
  }
  return undefined;
}

/** What a call's page begins with and takes besides, by the SDK's own paginator; undefined if the list comes whole. */
export async function tokensOf(
  root: string,
  packageName: string,
  operation: string,
): Promise<{ readonly input: string; readonly output: string } | undefined> {
  const file = join(root, 'node_modules', packageName, 'dist-es', 'pagination', `${operation}Paginator.js`);
  const text = await readFile(file, 'utf8').catch(() => '');
  const [, input, output] = /createPaginator\(\w+, \w+, "([^"]+)", "([^"]+)"/.exec(text) ?? [];
  return input && output ? { input, output } : undefined;
}

/** What the ids of a resource begin with, by the examples in the SDK's documentation of a call, such as `snap-`. */
export async function prefixIn(root: string, packageName: string, operation: string, idMember: string): Promise<string | undefined> {
  const file = join(root, 'node_modules', packageName, 'dist-types', 'commands', `${operation}Command.d.ts`);
  const text = await readFile(file, 'utf8').catch(() => '');
  const [, prefix] = new RegExp(`\\b${idMember}: "([a-z]+-)[0-9a-f]{8,}"`).exec(text) ?? [];
  return prefix;
}

/** The name that the service signs its calls with, which is the prefix of its IAM actions. */
export async function signingNameOf(root: string, packageName: string): Promise<string | undefined> {
  const file = join(root, 'node_modules', packageName, 'dist-es', 'endpoint', 'EndpointParameters.js');
  const text = await readFile(file, 'utf8').catch(() => '');
  return /defaultSigningName: "([^"]+)"/.exec(text)?.[1];
}

function membersIn(body: string): Member[] {
  return [...body.matchAll(/^ {4}(\w+)(\??): ([^;]+);$/gm)].map(([, name = '', question, type = '']) => ({
    name,
    type: type.replace(/ \| undefined$/, ''),
    isOptional: question === '?',
  }));
}
