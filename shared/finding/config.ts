import * as v from 'valibot';
import type { AnyControl, Mode } from '#shared/control/control.ts';
import type { Managers } from '#shared/control/manager.ts';
import type { AlertsConfig } from './alerts-config.ts';
import { type Organization, ousAround, ousOf } from './organization.ts';

/** How far a control can go, the least first. */
export const modes = ['off', 'observe', 'approve', 'fix'] as const;

/** A control's entry in the config: its mode and its own settings. */
export type ControlConfig = { readonly mode?: Mode | undefined } & { readonly [setting: string]: unknown };

/** An exemption of one resource (or, with a final `*`, a prefix) of one control (or `*`). */
export interface Exemption {
  readonly control: string;
  readonly resource: string;
  /** The only account that it holds in; absent means wherever the config holds, which of a hub is every member. */
  readonly account?: string | undefined;
  readonly owner: string;
  readonly reason: string;
  /** A day or a time, ISO 8601; a day ends at its midnight UTC. */
  readonly until: string;
}

/** What a config sets for one place, and for all within it. */
interface Scope {
  readonly controls?: { readonly [id: string]: ControlConfig } | undefined;
  /** Settings that several controls share. */
  readonly common?: { readonly [setting: string]: unknown } | undefined;
}

/** What a deployer sets, in `redress.config.ts` or as JSON. */
export interface RedressConfig extends Scope, Managers {
  /** Which accounts are in which OU, and what holds for an OU. */
  readonly organization?: Organization<Scope> | undefined;
  readonly accounts?:
    | { readonly [account: string]: Scope & { readonly regions?: { readonly [region: string]: Scope } | undefined } }
    | undefined;
  readonly exemptions?: readonly Exemption[] | undefined;
  readonly alerts?: AlertsConfig | undefined;
  /** Makes a trail for management events, where the account has none. */
  readonly trail?: boolean | undefined;
  /** Makes a dashboard; absent means yes. */
  readonly dashboard?: boolean | undefined;
}

/** What a place depends on. */
type Places = Pick<RedressConfig, 'controls' | 'common' | 'organization' | 'accounts'>;

/** The part of a config that sets a value: its top, an OU, an account or a Region. */
export interface Origin {
  /** `unlisted` is the OU whose mode holds for an account that stands nowhere in the organization. */
  readonly from: 'config' | 'ou' | 'unlisted' | 'account' | 'region';
  /** The OU's path, the account or the Region; empty for the top. */
  readonly name: string;
}

interface Level {
  readonly origin: Origin;
  readonly scope: Scope | undefined;
}

/** The levels of a config that hold in one account and Region: each wins over those before it. */
function levelsAt(config: Places, account: string, region: string): Level[] {
  const { organization, accounts } = config;
  const there = accounts?.[account];
  return [
    { origin: TOP, scope: config },
    ...((organization && ousAround(organization, account)) ?? []).map(levelOf),
    { origin: { from: 'account', name: account }, scope: there },
    { origin: { from: 'region', name: region }, scope: there?.regions?.[region] },
  ];
}

const TOP: Origin = { from: 'config', name: '' };

function levelOf({ path, ou }: { readonly path: string; readonly ou: Scope }): Level {
  return { origin: { from: 'ou', name: path }, scope: ou };
}

/**
 * The same for the entry of one control. An account that stands nowhere in the organization may be new in any OU, so its mode is
 * the most careful of theirs, but not `off`: that would hide what is wrong in it.
 */
function levelsFor(config: Places, id: string, defaultMode: Mode, account: string, region: string): Level[] {
  const levels = levelsAt(config, account, region);
  const { organization } = config;
  if (!organization || ousAround(organization, account)) return levels;
  let careful = { mode: config.controls?.[id]?.mode ?? defaultMode, name: '' };
  for (const { path, ou } of ousOf(organization)) {
    const set = ou.controls?.[id]?.mode ?? careful.mode;
    const mode = set === 'off' ? 'observe' : set;
    if (modes.indexOf(mode) < modes.indexOf(careful.mode)) careful = { mode, name: path };
  }
  if (careful.name === '') return levels;
  const scope = { controls: { [id]: { mode: careful.mode } } };
  // after the config's top, before the account
  return levels.toSpliced(1, 0, { origin: { from: 'unlisted', name: careful.name }, scope });
}

/** What levels set, key by key, and which of them set it. */
function merged<Values extends object>(levels: readonly Level[], part: (scope: Scope) => Values | undefined) {
  const values: Record<string, unknown> = {};
  const origins = new Map<string, Origin>();
  for (const { scope, origin } of levels)
    for (const [key, value] of Object.entries((scope && part(scope)) ?? {})) {
      // JSON, of which the bundle is made, has no key for it
      if (value === undefined) continue;
      values[key] = value;
      origins.set(key, origin);
    }
  return { values, origins };
}

/** A control's mode and settings, defaults filled in. */
export interface Resolved {
  readonly mode: Mode;
  readonly settings: Record<string, unknown>;
  /** Where the mode (as `mode`) and each setting come from; one that is not here is the control's default. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** A control's mode and settings in one account and Region; the most specific level wins, key by key. */
export function resolveControl(config: RedressConfig, control: AnyControl, account: string, region: string): Resolved {
  return resolved(control, levelsFor(config, control.id, control.defaultMode, account, region));
}

function resolved(control: AnyControl, levels: readonly Level[]): Resolved {
  const own = merged(levels, entryOf(control.id));
  const common = merged(levels, commonOf);
  const { mode, ...settings } = own.values;
  const schema = v.object({ ...control.settings, ...control.common });
  return {
    mode: isMode(mode) ? mode : control.defaultMode,
    settings: v.parse(schema, { ...settings, ...common.values }),
    origins: new Map([...own.origins, ...common.origins]),
  };
}

function entryOf(id: string): (scope: Scope) => ControlConfig | undefined {
  return ({ controls }) => controls?.[id];
}

function commonOf({ common }: Scope): Scope['common'] {
  return common;
}

function isMode(value: unknown): value is Mode {
  return modes.some((mode) => mode === value);
}

/** The settings that several controls share in one account and Region, as the config has them; the most specific level wins. */
export function commonIn(config: Omit<Places, 'controls'>, account: string, region: string): object {
  return merged(levelsAt(config, account, region), commonOf).values;
}

/** A control's settings everywhere that the config names a place, and where it names none. */
export function settingsEverywhere(config: RedressConfig, control: AnyControl): Record<string, unknown>[] {
  const top = { origin: TOP, scope: config };
  const ous = ousOf(config.organization ?? {}).map(({ chain }) => [top, ...chain.map(levelOf)]);
  const places = Object.entries(config.accounts ?? {}).flatMap(([account, { regions = {} }]) =>
    ['', ...Object.keys(regions)].map((region) => levelsAt(config, account, region)),
  );
  return [[top], ...ous, ...places].map((levels) => resolved(control, levels).settings);
}

/** A config in which each control has a mode for everywhere: one kind's function knows the defaults of the others too. */
export function withDefaultModes(config: RedressConfig, controls: readonly AnyControl[]): RedressConfig {
  const entries = controls.map(({ id, defaultMode }) => [id, { mode: defaultMode, ...config.controls?.[id] }]);
  return { ...config, controls: Object.fromEntries(entries) };
}

/** The mode of a control of any kind, in a config that `withDefaultModes` completed; `off` if it says nothing. */
export function modeIn(config: RedressConfig, id: string, account: string, region: string): Mode {
  const { mode } = merged(levelsFor(config, id, 'off', account, region), entryOf(id)).values;
  return isMode(mode) ? mode : 'off';
}

/** Every mode that this config gives a control somewhere. */
export function modesOf(config: RedressConfig, control: AnyControl): ReadonlySet<Mode> {
  const found = new Set<Mode>(entriesOf(config, control).flatMap(({ mode }) => mode ?? []));
  if (!config.controls?.[control.id]?.mode) found.add(control.defaultMode);
  return found;
}

/** Whether a boolean setting of a control is on somewhere under this config. */
export function isSetSomewhere(config: RedressConfig, control: AnyControl, setting: string): boolean {
  return entriesOf(config, control).some((entry) => entry[setting] === true);
}

function entriesOf(config: RedressConfig, { id }: AnyControl): ControlConfig[] {
  const scopes: Scope[] = [config, ...ousOf(config.organization ?? {}).map(({ ou }) => ou)];
  for (const account of Object.values(config.accounts ?? {})) scopes.push(account, ...Object.values(account.regions ?? {}));
  return scopes.map(({ controls }) => controls?.[id]).filter((entry) => entry !== undefined);
}

/** When an exemption ends, in milliseconds since the epoch. */
export function endOf(until: string): number {
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(until) ? 86_400_000 : 0;
  return Date.parse(until) + midnight;
}

/** The config's exemption for a resource that is in force, and of several the one that ends last. */
export function exemptionFor(
  config: RedressConfig,
  control: string,
  { account, id }: { readonly account: string; readonly id: string },
  now: Date,
): Exemption | undefined {
  return config.exemptions
    ?.filter(
      (one) =>
        (one.control === '*' || one.control === control) &&
        (one.account === undefined || one.account === account) &&
        (one.resource.endsWith('*') ? id.startsWith(one.resource.slice(0, -1)) : one.resource === id) &&
        endOf(one.until) > now.getTime(),
    )
    .toSorted((a, b) => endOf(b.until) - endOf(a.until))[0];
}
