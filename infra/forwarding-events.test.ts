import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnyControl, Json, Trigger } from '#shared/control/control.ts';
import { API_CALL, isNotice, recordTypes } from '#shared/control/detail-types.ts';
import { hearsItself } from '#shared/control/own.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { isThing } from '#shared/replay/filters.ts';
import { branchesOf, isMatch, type Thing } from '#shared/replay/matcher.ts';
import { controlsOf, discoverFunctions } from './catalog.ts';
import { forwardingOf, memberRolesOf } from './forwarding.ts';
import { MAX_PATTERN, patternOf } from './patterns.ts';
import { isOn } from './permissions.ts';
import { triggersUnder } from './triggers.ts';

const functions = await discoverFunctions();
const controls = controlsOf(functions);
const account = '111122223333';
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const session = (arn: string): Json => ({ type: 'AssumedRole', sessionContext: { sessionIssuer: { type: 'Role', arn } } });
const ours = functions.map(({ id }) => session(roleArn(`redress/redress-${id}`)));

/** Who may have made a call; undefined leaves whoever did. */
const callers: readonly (Json | undefined)[] = [
  undefined,
  { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/ada` },
  { type: 'IAMUser', sessionContext: { attributes: { mfaAuthenticated: 'false' } } },
  { type: 'Root', arn: `arn:aws:iam::${account}:root` },
  { type: 'Root', invokedBy: 'ssm.amazonaws.com' },
  session(roleArn('admin')),
  session(roleArn('redress-volumes')),
  session(roleArn('redress/redress-volumes-too')),
  ...ours,
];
const manyCalls = { iam: Array.from({ length: 20 }, (_, n) => `CreateUserOfManyNames${n}`), ec2: ['RunInstances', 'StopInstances'] };
const FIPS = 'FIPS endpoints only';
/** What settings have to say so that no control is idle. */
const settings: { readonly [name: string]: Json } = {
  calls: manyCalls,
  require: true,
  vpcs: ['vpc-1'],
  ports: ['443'],
  names: ['/shop/*'],
  key: 'arn:aws:kms:eu-west-1:111122223333:key/0d',
  remove: ['tmp'],
};
const configs: readonly (readonly [string, RedressConfig])[] = [
  ['the default config', {}],
  // a wildcard that would come into the rules of every service
  [FIPS, { controls: { 'call-transport': { mode: 'observe', fips: true } } }],
  [
    'everything on',
    {
      common: { trustedAccounts: ['222233334444'] },
      controls: Object.fromEntries(
        controls.map((one) => [
          one.id,
          { mode: one.maxMode ?? 'fix', ...Object.fromEntries(Object.entries(settings).filter(([name]) => name in (one.settings ?? {}))) },
        ]),
      ),
    },
  ],
];

/** How many rules forward an event, and whether the rule of some control wants it. */
function judge(rules: readonly { readonly pattern: Thing }[], wanted: readonly Pick<AnyControl, 'id' | 'triggers'>[]) {
  const forwards = rules.map(({ pattern }) => branchesOf(pattern));
  const wants = wanted.map((control) => branchesOf(patternOf(control, memberRolesOf(functions))));
  return (event: Thing) => ({
    forwarded: forwards.filter((branches) => isMatch(branches, event)).length,
    isWanted: wants.some((branches) => isMatch(branches, event)),
  });
}

function judgeUnder(config: RedressConfig) {
  // what Redress hears of itself is about the hub
  const on = controls.filter((control) => isOn(config, control) && !hearsItself(control));
  const wanted = on.map((control) => ({ id: control.id, triggers: triggersUnder(config, control) }));
  const rules = forwardingOf(functions, config);
  return { rules, wanted, on: judge(rules, wanted) };
}

const typesByEvent = new Map<string, string>(Object.entries(recordTypes).map(([type, { eventType }]) => [eventType, type]));

/** A record as EventBridge delivers it. */
function delivered(detail: Thing): Thing {
  const source = `aws.${String(detail['eventSource']).replace(/\.amazonaws\.com$/, '')}`;
  const type = String(detail['eventType']);
  // one that EventBridge has no detail type for is no call
  return { source, 'detail-type': typesByEvent.get(type) ?? type, account, region: 'eu-west-1', detail };
}

/** Published records, where the checkout stands beside them. */
const folders = ['records', 'relatives', 'more'].map((name) => `../shared/cloudtrail/${name}`).filter((folder) => existsSync(folder));
const records = folders.flatMap((folder) =>
  readdirSync(folder).map((file): Thing => ({ eventType: 'AwsApiCall', ...JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) })),
);

/** What is changed of each record. */
const variants: readonly object[] = [
  {},
  { errorCode: undefined, userIdentity: callers[1] },
  { errorCode: 'Client.DryRunOperation' },
  { errorCode: undefined, userIdentity: callers[3], tlsDetails: { tlsVersion: 'TLSv1' } },
  { errorCode: undefined, userIdentity: ours[0] },
  { errorCode: undefined, requestParameters: { omitted: true }, responseElements: { omitted: true } },
];

/** A value that passes a filter. */
function passing(filter: Json): Json | undefined {
  if (!isThing(filter)) return filter;
  const { prefix, suffix, wildcard, exists } = filter;
  if (exists === false) return undefined;
  if (typeof wildcard === 'string') return wildcard.replaceAll('*', 'x');
  return typeof prefix === 'string' ? `${prefix}x` : typeof suffix === 'string' ? `x${suffix}` : 'something else';
}

/** What passes a filter on a part of an event, by the nth value at each place. */
function partsFor(where: Thing, nth: number): Thing {
  return Object.fromEntries(
    Object.entries(where).flatMap(([key, one]): [string, Json][] => {
      if (isThing(one)) return [[key, partsFor(one, nth)]];
      const value = Array.isArray(one) ? passing(one[nth % one.length] ?? null) : one;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function merged(one: Json | undefined, other: Json | undefined): Json | undefined {
  if (!isThing(one) || !isThing(other)) return other ?? one;
  return Object.fromEntries(
    [...Object.keys(one), ...Object.keys(other)].flatMap((key): [string, Json][] => {
      const value = merged(one[key], other[key]);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** An event of what one trigger names, which has what another's filter asks for too. */
function eventOf(
  { eventSource, eventNames, detailType = API_CALL, where = {} }: Trigger,
  nth: number,
  other: Trigger,
  caller?: Json,
): Thing {
  const source = eventSource === '*' ? (other.eventSource === '*' ? 'route53.amazonaws.com' : other.eventSource) : eventSource;
  const parts = merged(partsFor(where, nth), nth % 2 === 0 ? undefined : partsFor(other.where ?? {}, nth));
  if (isNotice(detailType))
    return { source: delivered({ eventSource: source })['source'] ?? '', 'detail-type': detailType, detail: parts ?? {} };
  const names = eventNames.length > 0 ? eventNames : [...other.eventNames, 'CreateVolumeOfAnotherKind', 'Anything'];
  return delivered({
    eventType: recordTypes[detailType].eventType,
    eventSource: source,
    eventName: names[nth % names.length] ?? '',
    ...(isThing(parts) && parts),
    ...(caller !== undefined && { userIdentity: caller }),
  });
}

test('everything on is every control', () => {
  const [, config = {}] = configs.at(-1) ?? [];
  expect(controls.filter((control) => !isOn(config, control)).map(({ id }) => id)).toEqual([]);
});

describe.each(configs)('under %s', (name, config) => {
  const { rules, wanted, on } = judgeUnder(config);
  const triggers = wanted.flatMap((one) => one.triggers);
  /** What is wrong with how often an event is forwarded. */
  const wrong = (event: Thing) => {
    const { forwarded, isWanted } = on(event);
    // a call to a FIPS endpoint is forwarded for nothing
    const isRight = isWanted ? forwarded === 1 : forwarded === 0 || (name === FIPS && forwarded === 1);
    return isRight ? undefined : `${forwarded} rules forward what is ${isWanted ? '' : 'not '}wanted: ${JSON.stringify(event)}`;
  };

  test('each pattern is one that EventBridge takes, and no two rules have one name', () => {
    expect(new Set(rules.map((one) => one.name)).size).toBe(rules.length);
    for (const { name: rule, pattern } of rules) {
      expect(rule.length).toBeLessThanOrEqual(64);
      expect(JSON.stringify(pattern).length, rule).toBeLessThanOrEqual(MAX_PATTERN);
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html: at most 1,000 combinations of `$or`
      expect(branchesOf(pattern).length).toBeLessThanOrEqual(1000);
    }
    // a bus has at most 30 such rules, and others want some too
    expect(rules.filter(({ pattern }) => JSON.stringify(pattern).includes('"wildcard"')).length).toBeLessThanOrEqual(4);
  });

  test('a published record is forwarded once if a control wants it, and else not at all', () => {
    for (const record of records) {
      for (const changes of variants) {
        const detail: Thing = JSON.parse(JSON.stringify({ ...record, ...changes }));
        expect(wrong(delivered(detail))).toBeUndefined();
      }
    }
  });

  test('so is an event made of any two triggers, whoever calls', () => {
    const trigger = fc.constantFrom(...triggers);
    fc.assert(
      fc.property(trigger, fc.nat(60), trigger, fc.constantFrom(...callers), (one, nth, other, caller) => {
        expect(wrong(eventOf(one, nth, other, caller))).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test('each trigger is forwarded for each call that it names', () => {
    for (const one of triggers) {
      const { eventNames } = one;
      for (const eventName of eventNames.length > 0 ? eventNames : ['CreateVolumeOfAnotherKind']) {
        const event = eventOf({ ...one, ...(!isNotice(one.detailType ?? API_CALL) && { eventNames: [eventName] }) }, 0, one);
        expect(on(event).forwarded, JSON.stringify(event)).toBe(1);
      }
    }
  });
});
