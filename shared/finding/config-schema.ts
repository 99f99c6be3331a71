import * as v from 'valibot';
import { blanksOf } from '#shared/control/blank.ts';
import type { AnyControl } from '#shared/control/control.ts';
import { claimsSchema, managedBySchema } from '#shared/control/manager.ts';
import { alertsSchema, unknownOus } from './alerts-config.ts';
import { modes, type RedressConfig } from './config.ts';
import { contradictionsIn, ORGANIZATION_ID, OU_ID } from './organization.ts';

const day = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text)), 'is not a date such as 2027-01-31'),
);

/** An account, as AWS names it. */
export const accountId = v.pipe(v.string(), v.regex(/^\d{12}$/, 'is not an account id of 12 digits'));

/** A Region, as AWS names it. */
export const regionName = v.pipe(v.string(), v.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not a Region such as eu-west-1'));

const ouName = v.pipe(
  v.string(),
  // a path has slashes between the names of its OUs
  v.regex(/^[^/\p{C}]{1,128}$/u, 'is not a name for an OU: 1 to 128 characters without a slash; the OUs within one stand under its `ous`'),
);

/** Names that a record of valibot leaves out without a word, as they reach into every object. */
const lost = ['__proto__', 'prototype', 'constructor'];
const noneLost = v.custom<object>(
  (value) => typeof value !== 'object' || value === null || !Object.keys(value).some((name) => lost.includes(name)),
  `is not possible: no OU can have the name ${lost.join(' or ')} here; name it by its id`,
);

/** A config that cannot be used; the message names every wrong key or value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Checks a config against the controls there are; throws `ConfigError`. */
export function parseConfig(value: unknown, controls: readonly AnyControl[]): RedressConfig {
  const entries = Object.fromEntries(controls.map((control) => [control.id, v.optional(controlSchema(control))]));
  const common = Object.assign({}, ...controls.map((control) => control.common));
  const scope = { controls: v.optional(v.strictObject(entries)), common: v.optional(v.strictObject(asGiven(common))) };
  const account = v.strictObject({ ...scope, regions: v.optional(v.record(regionName, v.strictObject(scope))) });
  const schema = v.strictObject({
    ...scope,
    organization: v.optional(organizationSchema(scope)),
    accounts: v.optional(v.record(accountId, account)),
    exemptions: v.optional(
      v.array(
        v.strictObject({
          control: v.picklist(['*', ...controls.map(({ id }) => id)]),
          resource: v.pipe(v.string(), v.minLength(1)),
          account: v.optional(accountId),
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
  if (result.success) {
    // the controls' entries are made of the controls at hand, so their types are known to no compiler
    const config = result.output as RedressConfig;
    const unknown = unknownOus(config.alerts ?? {}, config.organization);
    if (unknown.length === 0) return config;
    const lines = unknown.map(([at, ou]) => `  - alerts.routes.${at}.ous: the organization has no OU ${ou}`);
    throw new ConfigError(`The config cannot be used:\n${lines.join('\n')}`);
  }
  throw new ConfigError(`The config cannot be used:\n${result.issues.map((issue) => `  - ${explain(issue)}`).join('\n')}`);
}

/** OUs, and the accounts in each; what an OU sets is checked as the config's top is. */
function organizationSchema(scope: v.ObjectEntries) {
  const members = (): v.ObjectEntries => ({
    accounts: v.optional(v.array(accountId)),
    ous: v.optional(v.pipe(noneLost, v.record(ouName, ou))),
  });
  const ou: v.GenericSchema<object> = v.lazy(() =>
    v.strictObject({
      ...scope,
      ...members(),
      id: v.optional(v.pipe(v.string(), v.regex(OU_ID, 'is not the id of an OU such as ou-ab12-11112222'))),
      regions: v.optional(v.array(regionName)),
    }),
  );
  return v.pipe(
    v.strictObject({
      ...members(),
      id: v.optional(v.pipe(v.string(), v.regex(ORGANIZATION_ID, 'is not the id of an organization such as o-a1b2c3d4e5'))),
      hub: v.optional(v.boolean()),
      join: v.optional(v.literal('automatic')),
      regions: v.optional(v.array(regionName)),
    }),
    v.rawCheck(({ dataset, addIssue }) => {
      if (dataset.typed) for (const one of contradictionsIn(dataset.value)) addIssue({ message: `is not possible: ${one}` });
    }),
  );
}

function controlSchema(control: AnyControl) {
  const allowed = control.maxMode ? modes.slice(0, modes.indexOf(control.maxMode) + 1) : modes;
  const blanks = blanksIn(control);
  const mode = v.pipe(
    v.picklist(allowed),
    v.check((one) => one === 'off' || blanks === undefined, `is not possible yet: ${blanks}`),
  );
  return v.strictObject({ mode: v.optional(mode), ...asGiven(control.settings) });
}

/** Settings without their defaults: filled in at one level of the config, these would hide what the level around it sets. */
function asGiven(settings: v.ObjectEntries = {}): v.ObjectEntries {
  return Object.fromEntries(Object.entries(settings).map(([name, schema]) => [name, v.optional(schema)]));
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
