import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { discoverFunctions } from '../infra/catalog.ts';
import { ec2ResourceOf } from './ec2-resource.ts';
import { controlSource, handlerSource, testSource } from './templates.ts';

/** A control that cannot be begun as asked; the message says what to ask instead. */
export class ScaffoldError extends Error {
  override readonly name = 'ScaffoldError';
}

/** What was written, relative to the root, and what is left for the author. */
export interface Scaffolded {
  readonly files: readonly string[];
  readonly next: readonly string[];
}

/** Words that name the bad state, or none: a control is named for what it wants. */
const notAState = /-(not|no|without|missing|bad|invalid|insecure|un[a-z]+)(-|$)/;

/**
 * Writes a new control and its test; overwrites nothing. Throws `ScaffoldError`.
 * @param name kind and id, such as `volumes/volume-iops`
 * @param isNewKind whether the kind's folder and handler are made too
 */
export async function scaffold(root: string, name: string, isNewKind = false): Promise<Scaffolded> {
  const [kind, id] = await checkedName(root, name, isNewKind);
  const resource = ec2ResourceOf(id);
  if (!resource) {
    throw new ScaffoldError(
      `${id}: EC2 has no resource of that name with a Describe call, a Create call and tags, and for other services nothing is written yet. Copy the control that is nearest, with its test: docs/writing-a-control.md.`,
    );
  }
  const sources = new Map([
    [`functions/${kind}/${id}.ts`, controlSource(id, resource)],
    [`functions/${kind}/${id}.test.ts`, testSource(id, resource)],
    ...(isNewKind ? [[`functions/${kind}/handler.ts`, handlerSource(kind)] as const] : []),
  ]);
  for (const path of sources.keys()) {
    if (await exists(join(root, path))) throw new ScaffoldError(`${path} is there already; nothing was written`);
  }
  for (const [path, text] of sources) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return { files: [...sources.keys()], next: stepsAfter(id, kind) };
}

async function checkedName(root: string, name: string, isNewKind: boolean): Promise<[kind: string, id: string]> {
  const [kind = '', id = '', ...more] = name.split('/');
  if (!/^[a-z]+(-[a-z]+)*$/.test(kind) || more.length > 0) {
    throw new ScaffoldError(`${name}: give the kind and the control, such as volumes/volume-iops`);
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id)) {
    throw new ScaffoldError(
      `${id || name}: a control is named for its resource and the state it wants, in kebab-case, such as volume-encrypted`,
    );
  }
  if (notAState.test(id)) throw new ScaffoldError(`${id}: name the good state, such as volume-encrypted, not what is wrong`);
  const kinds = await discoverFunctions(join(root, 'functions'));
  const known = kinds.map((one) => one.id);
  if (isNewKind && (known.includes(kind) || (await exists(join(root, 'functions', kind))))) {
    throw new ScaffoldError(`functions/${kind} is there already: leave --new-kind out, or take another name`);
  }
  if (!isNewKind && !known.includes(kind)) {
    throw new ScaffoldError(`there is no kind ${kind}; there are ${known.join(', ')}. With --new-kind its function is made too.`);
  }
  const owner = kinds.find(({ controls }) => controls.some((control) => control.id === id));
  if (owner) throw new ScaffoldError(`${id} is a control of ${owner.id} already`);
  return [kind, id];
}

function stepsAfter(id: string, kind: string): string[] {
  return [
    `Run its test: npm test -- ${id}`,
    `Write what it is about: title, why, judge and plan in functions/${kind}/${id}.ts.`,
    'Say in `source` how code sets it right, for alerts.',
    'Compare triggers and targets with a recorded CloudTrail event, and the filter with the API reference.',
    'When it writes: declare the writes, add a line about them to CHANGELOG.md, and run npm run generate.',
  ];
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
