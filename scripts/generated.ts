import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import type { AnyControl, ControlFunction, Json } from '#shared/control/control.ts';
import { findingSchema } from '#shared/finding/finding.ts';
import { cardOf } from '#shared/finding/view.ts';
import { controlsOf, discoverFunctions, kindsOf } from '../infra/catalog.ts';
import { SECURE_STRING, VALUES } from '../infra/permissions.ts';
import { RELEASED, type Released, released, releasedOf, withChanges } from './changelog.ts';
import { CONFIG_TYPES, configTypes } from './config-types.ts';
import { CONTROL_HEAD, controlPage, controlRow, GENERATED } from './control-page.ts';
import { costPage } from './cost/page.ts';
import { coveragePage } from './coverage-page.ts';
import { functionModule, moduleOf } from './function-module.ts';
import { kindsCatalog } from './kinds-catalog.ts';
import { between, markersOf } from './markers.ts';
import { rolesSection, templateUnder } from './roles-page.ts';
import { sdkClients } from './sdk.ts';
import { code, DENIAL, permissionCells, scopeCells, table } from './words.ts';

/** Where the README's table of controls stands; everything between them is replaced. */
export const TABLE = markersOf('controls');

/** A file that is not as the controls' metadata says; `wanted` is undefined where it should not be there at all. */
export interface Difference {
  /** Relative to the project's root. */
  readonly path: string;
  readonly wanted: string | undefined;
}

/** Compares what is generated with what is there; throws if the README has lost its markers. */
export async function differences(root: string): Promise<readonly Difference[]> {
  const [functions, sdk] = await Promise.all([discoverFunctions(join(root, 'functions')), sdkClients(root)]);
  const template = await templateUnder(functions, {});
  const wanted = new Map<string, string>([
    ...functions.map((one): [string, string] => [moduleOf(one), functionModule(one, sdk)]),
    ...functions.flatMap((one) => one.controls.map((control): [string, string] => [pageOf(control), controlPage(control, one)])),
    [CONFIG_TYPES, configTypes(controlsOf(functions))],
    ['functions/alerts/catalog.json', alertsCatalog(functions)],
    ['docs/permissions.md', await permissionsPage(functions, template)],
    ['docs/cost.md', costPage(functions, template)],
    ['docs/coverage.md', coveragePage(controlsOf(functions))],
    ['docs/kinds.json', kindsCatalog(kindsOf(functions))],
    ['docs/finding.schema.json', findingJsonSchema()],
  ]);
  const readme = await read(join(root, 'README.md'));
  // the README is written by hand around its table, and may not be there yet
  if (readme !== undefined) wanted.set('README.md', withTable(readme, functions));
  const changelog = await read(join(root, 'CHANGELOG.md'));
  if (changelog !== undefined) wanted.set('CHANGELOG.md', withChanges(changelog, functions, await releasedIn(root)));
  const found: Difference[] = [];
  for (const [path, text] of wanted) {
    if ((await read(join(root, path))) !== text) found.push({ path, wanted: text });
  }
  for (const path of await pagesThere(root)) {
    if (!wanted.has(path)) found.push({ path, wanted: undefined });
  }
  return found;
}

/** Writes what differs, and removes the pages of controls that are gone. */
export async function write(root: string, found: readonly Difference[]): Promise<void> {
  for (const { path, wanted } of found) {
    const file = join(root, path);
    if (wanted === undefined) {
      await rm(file);
      continue;
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, wanted);
  }
}

/** Makes what controls may do now the state of a release: the changelog's list is kept, and the next one begins. */
export async function release(root: string, version: string): Promise<void> {
  const functions = await discoverFunctions(join(root, 'functions'));
  const changelog = join(root, 'CHANGELOG.md');
  await writeFile(changelog, released(await readFile(changelog, 'utf8')));
  await writeFile(join(root, RELEASED), releasedOf(version, functions));
}

async function releasedIn(root: string): Promise<Released> {
  return JSON.parse(await readFile(join(root, RELEASED), 'utf8'));
}

/** The JSON Schema of a finding; its `$id` carries the version that `schemaVersion` has in every finding. */
export function findingJsonSchema(): string {
  const { $schema, ...schema } = toJsonSchema(findingSchema, { target: 'draft-2020-12' });
  const head = {
    $schema,
    $id: 'urn:redress:finding:2',
    title: 'Redress finding, version 2',
    description:
      'The detail of every event with the source `redress` and the detail type `Redress Finding`. Later fields, reasons and outcomes are added without a new version.',
  };
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`;
}

/** What alerts say of each control, without the controls themselves: their AWS clients would be loaded at each cold start. */
function alertsCatalog(functions: readonly ControlFunction[]): string {
  const cards = functions.flatMap(({ controls }) => controls.map((control) => [control.id, cardOf(control)]));
  return `${JSON.stringify(Object.fromEntries(cards), null, 2)}\n`;
}

function withTable(readme: string, functions: readonly ControlFunction[]): string {
  const rows = functions.flatMap(({ controls }) => controls.map((control) => controlRow(control, 'docs/controls')));
  return between('README.md', readme, TABLE, table(CONTROL_HEAD, rows));
}

async function permissionsPage(functions: readonly ControlFunction[], asInstalled: Json): Promise<string> {
  const sections = functions.map(({ id, controls }) => {
    const rows = controls.flatMap((control) => [...cells(control, 'reads'), ...cells(control, 'writes')]);
    return [`## redress-${id}`, table(['Control', 'Access', 'Action', 'Resource', 'Condition', 'Needed for'], rows)].join('\n\n');
  });
  const denied = [
    scopeCells(SECURE_STRING),
    ...VALUES.map((action) => [code(action), 'the parameters that the configuration names for Slack', 'none']),
  ];
  return `${[
    GENERATED,
    '# Permissions',
    'What each function’s role may do to the resources of the account, by the controls that ask for it. The role is named `redress-<kind>-<region>`, for roles are global to an account.',
    'A write is in the role only if the configuration sets its control to `approve` or `fix` somewhere; a control that is `off` everywhere brings nothing. `{partition}`, `{region}` and `{account}` are filled in at deployment.',
    'Beside these, each role may read and delete from its own queue, and write its own log. Those of the functions may send to their own queue, read and write the ledger’s items of their own controls, read the pause, and put findings, and nothing else, on the `redress` bus; the notifier’s may publish to the alerts topic and keep its own items in the ledger, and has what [Slack, Amazon Q and Security Hub](alerts.md) need where the configuration sets them, in a hub also becoming `redress-alerts` in members for Security Hub; that of clicks in Slack, where the configuration allows them, may read findings, write its own marks into the ledger, send to the functions’ queues, and read the parameters that the configuration names. They stand in [infra/worker.ts](../infra/worker.ts), [infra/control-function.ts](../infra/control-function.ts), [infra/alerts.ts](../infra/alerts.ts) and [infra/slack-actions.ts](../infra/slack-actions.ts).',
    await rolesSection(functions, asInstalled),
    '## What each role of a function denies itself',
    DENIAL,
    table(['Action', 'Resource', 'Condition'], denied),
    ...sections,
  ].join('\n\n')}\n`;
}

function cells(control: AnyControl, access: 'reads' | 'writes'): string[][] {
  return control.permissions[access].map((one) => [link(control), access === 'reads' ? 'read' : 'write', ...permissionCells(one)]);
}

function link({ id }: AnyControl): string {
  return `[${code(id)}](controls/${id}.md)`;
}

async function pagesThere(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'docs', 'controls')).catch(() => []);
  return names.filter((name) => name.endsWith('.md')).map((name) => `docs/controls/${name}`);
}

function pageOf({ id }: AnyControl): string {
  return `docs/controls/${id}.md`;
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
