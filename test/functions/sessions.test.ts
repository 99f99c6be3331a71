import { describe, expect, test } from 'vitest';
import { isDeclared, isReadVerb } from '#shared/aws/actions.ts';
import type { AnyControl, Permission, Place } from '#shared/control/control.ts';
import { fill, writesUnder } from '#shared/control/statements.ts';
import { managedPolicies, readPolicies, writePolicies } from '#shared/engine/hub/policies.ts';
import { resolveControl } from '#shared/finding/config.ts';
import { functionOf } from '#shared/finding/names.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { type Json, listAt } from '../../local/json.ts';
import { everythingIn } from '../support/everything.ts';
import { type Asked, refusalOf, sayRefusal } from '../support/iam.ts';

const functions = await discoverFunctions();
const controls = controlsOf(functions);
const config = everythingIn(controls, 'fix');
const place: Place = { account: '444455556666', region: 'ap-northeast-1', partition: 'aws', isMember: true };
const elsewhere = 'us-west-2';

// what the tags of a place must be, without which there is nothing to write
const tags = { tags: [{ key: 'Environment', aliases: ['env'] }, { key: 'Team' }], remove: ['tmp'] };
const settingsOf = (control: AnyControl): Record<string, unknown> => ({
  ...resolveControl(config, control, place.account, place.region).settings,
  ...('tags' in { ...control.settings } && tags),
});
const writing = functions.flatMap(({ id, controls: own }) =>
  own.filter(({ permissions }) => permissions.writes.length > 0).map((control) => ({ control, name: functionOf(id) })),
);
const sessionOf = ({ control, name }: (typeof writing)[number]) =>
  statementsIn(writePolicies(name, control, settingsOf(control), place)[0]);

function statementsIn(policy: { readonly inline?: string; readonly managed?: string } | undefined): Json[] {
  expect(policy).toEqual({ inline: expect.any(String) });
  expect(policy?.inline?.length).toBeLessThanOrEqual(2048);
  const document: Json = JSON.parse(policy?.inline ?? '{}');
  return listAt(document, 'Statement');
}

/** What AWS asks for a call that a permission is for, in a Region. */
function askedFor({ action, resource = '*', conditions = {} }: Permission, region: string): Asked {
  const keys: Record<string, string[]> = {};
  for (const [operator, wanted] of Object.entries({ Null: conditions['Null'] ?? {}, ...conditions }))
    for (const [key, values] of Object.entries(wanted)) keys[key] = given(operator, [values].flat());
  const one = (text: string) => text.replaceAll('*', 'x');
  const id = resource === '*' ? '*' : one(resource);
  return { action: one(action), resource: id, keys: { ...keys, 'aws:RequestedRegion': [region] } };
}

function given(operator: string, wanted: readonly string[]): string[] {
  if (operator === 'Null') return wanted.includes('false') ? ['anything'] : [];
  return operator.includes('Not') ? ['Nothing-else'] : [(wanted[0] ?? '').replaceAll('*', 'x')];
}

const callsOf = (control: AnyControl) => {
  const settings = settingsOf(control);
  return fill(
    writesUnder(control, [settings], (setting) => settings[setting] === true),
    place,
  );
};

describe.each(writing)('a session that writes for $control.id', (one) => {
  const { control } = one;
  const session = sessionOf(one);

  test('does what the control declares, in its Region alone', () => {
    const calls = callsOf(control);
    expect(calls.length).toBeGreaterThan(0);
    for (const permission of calls) {
      const asked = askedFor(permission, place.region);
      const refusal = refusalOf(asked, session);
      expect(refusal && sayRefusal(asked, refusal)).toBeUndefined();
      // IAM is one for all Regions, and so is a kind that says so
      const isRefused = refusalOf(askedFor(permission, elsewhere), session) !== undefined;
      expect([permission.action, isRefused]).toEqual([permission.action, !control.kind.isGlobal && !permission.action.startsWith('iam:')]);
    }
  });

  test('does nothing that only other controls declare', () => {
    const others = controls.filter((other) => other !== control).flatMap(callsOf);
    const foreign = others.map((permission) => askedFor(permission, place.region)).filter(({ action }) => !declares(control, action));
    expect(foreign.length).toBeGreaterThan(100);
    expect(foreign.filter((asked) => refusalOf(asked, session) === undefined)).toEqual([]);
  });
});

/** Whether a control's writes name an action, or AWS reads it for one of them. */
function declares({ permissions: { reads, writes } }: AnyControl, action: string): boolean {
  return isDeclared(action, [...writes, ...reads.filter(({ impliedBy }) => impliedBy !== undefined)]);
}

describe.each(functions)('the session that reads for $id', ({ id, controls: own }) => {
  const session = statementsIn(readPolicies(functionOf(id), own, place)[0]);
  const reads = own.flatMap(({ permissions }) => permissions.reads);

  test('reads what the controls declare, in every Region', () => {
    for (const region of [place.region, elsewhere]) {
      for (const permission of fill(reads, { ...place, region })) expect(refusalOf(askedFor(permission, region), session)).toBeUndefined();
    }
  });

  test('makes none of all writes that there are', () => {
    const calls = controls.flatMap(callsOf).filter(({ action }) => !isReadVerb(action) && !isDeclared(action, reads));
    expect(calls.length).toBeGreaterThan(100);
    const asked = calls.map((permission) => askedFor(permission, place.region));
    expect(asked.filter((one) => refusalOf(one, session) === undefined)).toEqual([]);
  });
});

test.each(functions)('no policy for sessions of $id has to stand in a member, with these settings', ({ id, controls: own }) => {
  expect(managedPolicies(functionOf(id), own, config)).toEqual([]);
});

test('all controls that write are among them', () => {
  expect(writing.length).toBeGreaterThan(60);
});
