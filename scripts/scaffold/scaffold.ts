import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { AnyKind } from '#shared/control/kind.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { sdkClients } from '../sdk.ts';
import { callKindSource, callTestSource } from './call.ts';
import { clientFor } from './clients.ts';
import { callControlSource, controlSource, type NamedKind, settingControlSource } from './control-source.ts';
import { ScaffoldError } from './error.ts';
import { type Installer, npm } from './install.ts';
import { kindSource } from './kind-source.ts';
import { probe } from './probe.ts';
import { checkedRequest, type Options, type Request, refuseFiles } from './request.ts';
import { resourceOf } from './resource.ts';
import { actionOfSetting, settingKindSource, settingOf, settingTestSource } from './setting.ts';
import { probeSetting } from './setting-probe.ts';
import { subjectOf } from './subject.ts';
import { idOf, testSource } from './test-source.ts';
import { packagesOf, typesOf } from './types.ts';

/** What was written, relative to the root, and what an author should know. */
export interface Scaffolded {
  readonly files: readonly string[];
  /** What was chosen, in sentences. */
  readonly says: readonly string[];
}

/** What is known before anything is written. */
interface Begun {
  /** The source of the kind's module; undefined if it is there. */
  readonly kindText: string | undefined;
  readonly says: readonly string[];
}

/**
 * Writes a new control and its test, and its kind where that is asked for; overwrites nothing, and leaves nothing behind when it
 * throws. Throws `ScaffoldError`.
 * @param name function and id, such as `volumes/volume-iops`
 */
export async function scaffold(root: string, name: string, options: Options = {}, installer: Installer = npm): Promise<Scaffolded> {
  const request = await checkedRequest(root, name, options);
  const { id, folder } = request;
  const kindFile = `${folder}/kind.ts`;
  const paths = { control: `${folder}/${id}.ts`, test: `${folder}/${id}.test.ts` };
  await refuseFiles(root, [...Object.values(paths), ...(request.kind ? [] : [kindFile])]);
  const restore = await remember(root);
  const written: string[] = [];
  const put = async (path: string, text: string): Promise<void> => {
    written.push(path);
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  try {
    const begun = await begin(root, request, options, installer);
    if (begun.kindText !== undefined) {
      await put(kindFile, begun.kindText);
      await format(root, [kindFile]);
    }
    const kind = request.kind ? { kind: request.kind.thing, name: request.kind.name ?? '' } : await load(join(root, kindFile));
    const { control, test } = await sourcesOf(root, id, kind, folder);
    await put(paths.control, control);
    await put(paths.test, test);
    await format(root, Object.values(paths));
    return { files: written, says: begun.says };
  } catch (error) {
    await Promise.all(written.map((path) => rm(join(root, path), { force: true })));
    await removeEmpty(root, folder);
    await restore();
    throw error;
  }
}

async function begin(root: string, { id, kind }: Request, options: Options, installer: Installer): Promise<Begun> {
  if (kind) return { kindText: undefined, says: [`${id} judges ${kind.thing.plural}: ${kind.path}`] };
  const clients = await sdkClients(root);
  if (options.is === 'call') return { kindText: callKindSource(id), says: ['The calls are left to you: fill them in.'] };
  if (options.is === 'setting') {
    const setting = await settingOf(root, id, clients, options.reads);
    const action = await actionOfSetting(root, setting);
    return {
      kindText: await settingKindSource(root, setting, action),
      says: [`The setting is read with ${action}; --reads names another call.`],
    };
  }
  const [type, ...others] = await typesOf(root, id, clients, options.type);
  if (!type) throw new TypeError(`${id} has no type`);
  await refuseTwin(root, type.type);
  const client = await clientFor(root, packagesOf(type.service), clients, installer);
  const resource = await resourceOf(root, type, client);
  const also = others.length > 0 ? ` --type chooses another: ${others.map((one) => one.type).join(', ')}.` : '';
  return { kindText: await kindSource(root, resource), says: [`The resource is ${type.type}.${also}`] };
}

async function refuseTwin(root: string, type: string): Promise<void> {
  for (const { id, kinds } of await discoverFunctions(join(root, 'functions'))) {
    const twin = kinds.find((kind) => kind.type === type);
    if (twin)
      throw new ScaffoldError(`${type} is the kind ${twin.noun} of functions/${id} already: leave --new-kind out, and begin with ${id}/`);
  }
}

async function sourcesOf(root: string, id: string, named: NamedKind, folder: string): Promise<{ control: string; test: string }> {
  const { kind } = named;
  const up = folder.replace(/[^/]+/g, '..');
  if (kind.is === 'call') return { control: callControlSource(id, named), test: callTestSource(id, named, up) };
  const clients = await sdkClients(root);
  if (kind.is === 'setting') {
    const facts = await probeSetting(root, kind, clients);
    if (!facts) throw new ScaffoldError(`${id}: no answer of AWS gives the setting ${kind.noun} a plain value. ${COPY}`);
    return { control: settingControlSource(id, named, facts.key), test: settingTestSource(id, named, facts, up) };
  }
  const one = idOf(kind.noun);
  const found = await probe(root, kind, one, clients);
  const subject = found && (await subjectOf(root, found, one));
  if (!found || !subject) {
    throw new ScaffoldError(`${id}: the items of ${kind.noun} are not what one call of AWS answers, or show only ids. ${COPY}`);
  }
  return { control: controlSource(id, named, subject), test: await testSource(root, id, named, found, subject, { up }) };
}

const COPY = 'Copy the control that is nearest, with its test: docs/writing-a-control.md.';

async function load(file: string): Promise<NamedKind> {
  const module: object = await import(pathToFileURL(file).href);
  const [entry] = Object.entries(module);
  if (!entry) throw new TypeError(`${file} exports nothing`);
  const [name, kind]: [string, AnyKind] = entry;
  return { name, kind };
}

/** Formats new files as `npm run check` wants them; names are of any length. */
async function format(root: string, paths: readonly string[]): Promise<void> {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  await promisify(execFile)(process.execPath, [biome, 'check', '--write', ...paths], { cwd: root });
}

/** Keeps what npm changes, and puts it back where the scaffold ends in a refusal. */
async function remember(root: string): Promise<() => Promise<void>> {
  const files = ['package.json', 'package-lock.json'];
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8').catch(() => undefined) })),
  );
  return async () => {
    for (const { file, text } of texts) if (text !== undefined) await writeFile(join(root, file), text);
  };
}

async function removeEmpty(root: string, folder: string): Promise<void> {
  const parts = folder.split('/');
  for (let length = parts.length; length > 1; length -= 1) {
    // a folder with something in it stays
    await rmdir(join(root, ...parts.slice(0, length))).catch(() => undefined);
  }
}
