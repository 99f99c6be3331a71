import { inspect } from 'node:util';
import * as v from 'valibot';
import type { AnyControl } from '#shared/control/control.ts';
import { type Origin, type RedressConfig, resolveControl } from '#shared/finding/config.ts';
import { accountId, regionName } from '#shared/finding/config-schema.ts';
import { ousAround } from '#shared/finding/organization.ts';
import { jsonLine, plain } from '#shared/finding/text.ts';
import { controlsOf, discoverFunctions } from '../infra/catalog.ts';
import { loadConfig, PROJECT_CONFIG } from '../infra/synth.ts';
import { table } from './draw.ts';
import { Failure } from './failure.ts';
import { idsIn } from './replay/options.ts';
import { chosenControls } from './replay/rules.ts';
import type { ExitCode, Session } from './session.ts';
import type { Terminal } from './terminal.ts';

interface Options {
  readonly account: string;
  readonly region?: string;
  readonly control?: string;
  readonly set?: boolean;
  readonly config?: string;
}

/** A value with the level of the config that sets it; none is the control's default. */
interface Sourced {
  readonly value: unknown;
  readonly origin: Origin | undefined;
}

/** A control in one place; settings that it shares stand apart. */
interface Entry {
  readonly id: string;
  readonly mode: Sourced;
  readonly settings: readonly Named[];
}
type Named = readonly [name: string, Sourced];

/** `redress config`: what holds in one account and Region, and where each value comes from. */
export async function config({ terminal, json }: Session, options: Options): Promise<ExitCode> {
  const { account, region = '', control, set = false, config: file = PROJECT_CONFIG } = options;
  checked('--account', account, accountId);
  if (region !== '') checked('--region', region, regionName);
  const functions = await discoverFunctions();
  const config = await loadConfig(file, functions);
  const ids = idsIn(control);
  const controls = ids.length === 0 ? controlsOf(functions) : chosenControls(ids, functions, config);
  const { entries, common } = placed(config, controls, account, region, set);
  const around = config.organization && ousAround(config.organization, account);
  const ou = around?.at(-1)?.path ?? null;
  const isUnlisted = config.organization !== undefined && around === undefined;
  if (json) {
    terminal.out(jsonLine({ type: 'place', account, region: region || null, ou, isUnlisted }));
    terminal.out(jsonLine({ type: 'common', settings: rowsOf(common) }));
    for (const { id, mode, settings } of entries)
      terminal.out(jsonLine({ type: 'control', id, mode: rowOf(mode), settings: rowsOf(settings) }));
    return 0;
  }
  const where = region === '' ? `${account}, in Regions without an entry of their own` : `${account} in ${region}`;
  terminal.out(`${terminal.paint.bold(where)}${ou === null ? '' : `, in the OU ${plain(ou)}`}`);
  terminal.out('');
  const isEmpty = entries.length === 0 && common.length === 0;
  terminal.out(isEmpty ? 'The config sets nothing here: each value is the default of its control.' : drawn(entries, common, terminal));
  terminal.err('This is by the config on this machine; what is deployed may be older.');
  if (isUnlisted)
    terminal.err(
      `The config lists ${account} in no OU. Until it does, a mode that an OU lowers is lowered here too, but not below observe: add it to the \`accounts\` of its OU, or of \`organization\` if it is in none.`,
    );
  return 0;
}

function checked(option: string, text: string, schema: v.GenericSchema<string>): void {
  const { issues } = v.safeParse(schema, text);
  if (issues) throw new Failure(`${option} ${plain(text)} ${issues[0].message}.`, { exitCode: 2 });
}

/** What holds for controls in one place, and once what several share. */
function placed(config: RedressConfig, controls: readonly AnyControl[], account: string, region: string, onlySet: boolean) {
  const common = new Map<string, Sourced>();
  const entries = controls.flatMap((control): Entry[] => {
    const { mode, settings, origins } = resolveControl(config, control, account, region);
    const all = Object.entries(settings).flatMap(([name, value]): Named[] => {
      const origin = origins.get(name);
      return value === undefined || (onlySet && !origin) ? [] : [[name, { value, origin }]];
    });
    const isShared = ([name]: Named) => name in (control.common ?? {});
    for (const [name, sourced] of all.filter(isShared)) common.set(name, sourced);
    const own = all.filter((one) => !isShared(one));
    const origin = origins.get('mode');
    return onlySet && !origin && own.length === 0 ? [] : [{ id: control.id, mode: { value: mode, origin }, settings: own }];
  });
  return { entries, common: [...common] };
}

function rowOf({ value, origin }: Sourced): object {
  return { value, from: origin?.from ?? 'default', name: origin?.name || null };
}

function rowsOf(settings: readonly Named[]): object {
  return Object.fromEntries(settings.map(([name, sourced]) => [name, rowOf(sourced)]));
}

function drawn(entries: readonly Entry[], common: readonly Named[], terminal: Terminal): string {
  const { paint } = terminal;
  const lines = (settings: readonly Named[]) =>
    settings.map(([name, { value, origin }]) => [`  ${name}`, written(value), fromOf(origin, paint)]);
  return table(
    ['CONTROL', 'VALUE', 'FROM'],
    [
      ...(common.length > 0 ? [[paint.bold('common'), '', '']] : []),
      ...lines(common),
      ...entries.flatMap(({ id, mode, settings }) => [
        [paint.bold(id), written(mode.value), fromOf(mode.origin, paint)],
        ...lines(settings),
      ]),
    ],
    terminal,
  );
}

/** As it would be written in the config, on one line. */
function written(value: unknown): string {
  const text = typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, depth: null, maxArrayLength: null });
  return plain(text);
}

function fromOf(origin: Origin | undefined, paint: Terminal['paint']): string {
  if (!origin) return paint.dim('default');
  return plain(levels[origin.from](origin.name));
}

const levels: { readonly [from in Origin['from']]: (name: string) => string } = {
  config: () => 'top of the config',
  ou: (path) => `OU ${path}`,
  unlisted: (path) => `most careful OU, ${path}`,
  account: (id) => `account ${id}`,
  region: (name) => `Region ${name}`,
};
