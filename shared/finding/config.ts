import * as v from 'valibot';
import { blanksOf } from '#shared/control/blank.ts';
import type { AnyControl, Mode } from '#shared/control/control.ts';
import { claimsSchema, type Managers, managedBySchema } from '#shared/control/manager.ts';
import { type AlertsConfig, alertsSchema } from './alerts-config.ts';

const modes = ['off', 'observe', 'approve', 'fix'] as const;
const day = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text)), 'is not a date such as 2027-01-31'),
);

/** A control's entry in the config: its mode and its own settings. */
export type ControlConfig = { readonly mode?: Mode | undefined } & { readonly [setting: string]: unknown };

/** An exemption of one resource (or, with a final `*`, a prefix) of one control (or `*`). */
export interface Exemption {
  readonly control: string;
  readonly resource: string;
  readonly owner: string;
  readonly reason: string;
  /** A day or a time, ISO 8601; a day ends at its midnight UTC. */
  readonly until: string;
}

interface Scope {
  readonly controls?: { readonly [id: string]: ControlConfig } | undefined;
  /** Settings that several controls share. */
  readonly common?: { readonly [setting: string]: unknown } | undefined;
}

/** What a deployer sets, in `redress.config.ts` or as JSON. */
export interface RedressConfig extends Scope, Managers {
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

/** A config that cannot be used; the message names every wrong key or value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Checks a config against the controls there are; throws `ConfigError`. */
export function parseConfig(value: unknown, controls: readonly AnyControl[]): RedressConfig {
  const entries = Object.fromEntries(controls.map((control) => [control.id, v.optional(controlSchema(control))]));
  const common = Object.assign({}, ...controls.map((control) => control.common));
  const shared = Object.entries<v.GenericSchema>(common).map(([name, schema]) => [name, v.optional(schema)]);
  const scope = { controls: v.optional(v.strictObject(entries)), common: v.optional(v.strictObject(Object.fromEntries(shared))) };
  const region = v.strictObject(scope);
  const account = v.strictObject({
    ...scope,
    regions: v.optional(v.record(v.pipe(v.string(), v.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not a Region such as eu-west-1')), region)),
  });
  const schema = v.strictObject({
    ...scope,
    accounts: v.optional(v.record(v.pipe(v.string(), v.regex(/^\d{12}$/, 'is not an account id of 12 digits')), account)),
    exemptions: v.optional(
      v.array(
        v.strictObject({
          control: v.picklist(['*', ...controls.map(({ id }) => id)]),
          resource: v.pipe(v.string(), v.minLength(1)),
          owner: v.pipe(v.string(), v.minLength(1)),
          reason: v.pipe(v.string(), v.minLength(1)),
          until: day,
        }),
      ),
    ),
    managedBy: v.optional(managedBySchema),
    claims: v.optional(claimsSchema),
    alerts: v.optional(alertsSchema(controls.map(({ id }) => id))),
    trail: v.optional(v.boolean()),
    dashboard: v.optional(v.boolean()),
  });
  const early = controls.flatMap(defaultTooEarly);
  if (early.length > 0) throw new ConfigError(`The config cannot be used:\n${early.map((one) => `  - ${one}`).join('\n')}`);
  const result = v.safeParse(schema, value);
  // the controls' entries are made of the controls at hand, so their types are known to no compiler
  if (result.success) return result.output as RedressConfig;
  throw new ConfigError(`The config cannot be used:\n${result.issues.map((issue) => `  - ${explain(issue)}`).join('\n')}`);
}

function controlSchema(control: AnyControl) {
  const allowed = control.maxMode ? modes.slice(0, modes.indexOf(control.maxMode) + 1) : modes;
  const blanks = blanksIn(control);
  const mode = v.pipe(
    v.picklist(allowed),
    v.check((one) => one === 'off' || blanks === undefined, `is not possible yet: ${blanks}`),
  );
  return v.strictObject({ mode: v.optional(mode), ...control.settings });
}

/** What stands against a control whose author gave it a mode before its blanks were filled in. */
function defaultTooEarly(control: AnyControl): string[] {
  const blanks = control.defaultMode === 'off' ? undefined : blanksIn(control);
  return blanks === undefined ? [] : [`${control.id}: its defaultMode must be off, is ${control.defaultMode}: ${blanks}`];
}

/** The blanks that are left in a control, and what to do; undefined if there are none. */
function blanksIn(control: AnyControl): string | undefined {
  const blanks = blanksOf(control).map(({ what, file }) => `"${what}" in ${file}`);
  if (blanks.length === 0) return undefined;
  return `${control.id} has blanks: ${blanks.join('; ')}. Fill them in and run npm run generate; until then it stays off.`;
}

function explain(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'the config';
  if (issue.type === 'strict_object' && issue.expected === 'never') return `${path}: there is no such key here`;
  if (issue.type === 'picklist') return `${path}: must be one of ${issue.expected}, is ${issue.received}`;
  return issue.message.startsWith('is not') ? `${path}: ${issue.message}` : `${path}: must be ${issue.expected}, is ${issue.received}`;
}

/** A control's mode and settings in one account and Region, defaults filled in; the most specific entry wins, key by key. */
export function resolveControl(
  config: RedressConfig,
  control: AnyControl,
  account: string,
  region: string,
): { mode: Mode; settings: Record<string, unknown> } {
  const there = config.accounts?.[account];
  const { mode, ...settings } = {
    ...config.controls?.[control.id],
    ...there?.controls?.[control.id],
    ...there?.regions?.[region]?.controls?.[control.id],
  };
  const schema = v.object({ ...control.settings, ...control.common });
  return { mode: mode ?? control.defaultMode, settings: v.parse(schema, { ...settings, ...commonIn(config, account, region) }) };
}

/** The settings that several controls share in one account and Region, as the config has them; the most specific entry wins. */
export function commonIn({ common, accounts }: Pick<RedressConfig, 'common' | 'accounts'>, account: string, region: string): object {
  const there = accounts?.[account];
  return { ...common, ...there?.common, ...there?.regions?.[region]?.common };
}

/** A control's settings everywhere that the config names a place, and where it names none. */
export function settingsEverywhere(config: RedressConfig, control: AnyControl): Record<string, unknown>[] {
  const places = Object.entries(config.accounts ?? {}).flatMap(([account, { regions = {} }]) =>
    ['', ...Object.keys(regions)].map((region) => [account, region] as const),
  );
  return [['', ''] as const, ...places].map(([account, region]) => resolveControl(config, control, account, region).settings);
}

/** A config in which each control has a mode for everywhere: one kind's function knows the defaults of the others too. */
export function withDefaultModes(config: RedressConfig, controls: readonly AnyControl[]): RedressConfig {
  const entries = controls.map(({ id, defaultMode }) => [id, { mode: defaultMode, ...config.controls?.[id] }]);
  return { ...config, controls: Object.fromEntries(entries) };
}

/** The mode of a control of any kind, in a config that `withDefaultModes` completed; `off` if it says nothing. */
export function modeIn({ controls, accounts }: RedressConfig, id: string, account: string, region: string): Mode {
  const there = accounts?.[account];
  return there?.regions?.[region]?.controls?.[id]?.mode ?? there?.controls?.[id]?.mode ?? controls?.[id]?.mode ?? 'off';
}

/** Every mode that a control can have somewhere under this config. */
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
  const scopes: (Scope | undefined)[] = [config];
  for (const account of Object.values(config.accounts ?? {})) scopes.push(account, ...Object.values(account.regions ?? {}));
  return scopes.map((scope) => scope?.controls?.[id]).filter((entry) => entry !== undefined);
}

/** When an exemption ends, in milliseconds since the epoch. */
export function endOf(until: string): number {
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(until) ? 86_400_000 : 0;
  return Date.parse(until) + midnight;
}

/** The config's exemption for a resource that is in force, and of several the one that ends last. */
export function exemptionFor(config: RedressConfig, control: string, resource: string, now: Date): Exemption | undefined {
  return config.exemptions
    ?.filter(
      (one) =>
        (one.control === '*' || one.control === control) &&
        (one.resource.endsWith('*') ? resource.startsWith(one.resource.slice(0, -1)) : one.resource === resource) &&
        endOf(one.until) > now.getTime(),
    )
    .toSorted((a, b) => endOf(b.until) - endOf(a.until))[0];
}
