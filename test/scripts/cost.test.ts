import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { memberRoles, memberRules } from '../../infra/member.ts';
import { aMillionInHub, hubBill, standaloneBill } from '../../scripts/cost/organization.ts';
import { others } from '../../scripts/cost/others.ts';
import { costOf, prices, total } from '../../scripts/cost/prices.ts';
import { type Shape, STACK, shapeOf, sweepsOf } from '../../scripts/cost/shape.ts';
import { aMillion, idle } from '../../scripts/cost/stack.ts';
import { costOfSweeps, organizations } from '../../scripts/cost/sweeps.ts';
import { usd } from '../../scripts/cost/units.ts';
import { completeFunctions } from '../support/complete.ts';

const page = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'cost.md'), 'utf8');
const functions = await completeFunctions();
/** The stack with all functions, whose template test/infra/idle.test.ts compares. */
const stack: Shape = { ...STACK, limited: functions.length + 1, ...sweepsOf(functions) };

/** The rows of the page's tables under a heading, as texts. */
function rowsUnder(heading: string): string[][] {
  const part = page.split(/^##+ /m).find((one) => one.startsWith(heading)) ?? expect.fail(`no part ${heading}`);
  const lines = part.split('\n').filter((line) => line.startsWith('| '));
  return lines.map((line) =>
    line
      .replaceAll('*', '')
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** A number as the page shows it. */
const numberOf = (cell: string | undefined) => Number(cell?.replaceAll(',', ''));

test('with all functions and controls an idle month costs at most 4.50 USD', () => {
  expect(total(idle(stack))).toBeLessThanOrEqual(4.5);
  expect(total(idle({ ...stack, limited: stack.limited + 1 }))).toBeGreaterThan(4.55);
});

test('idle cost does not grow with the controls', () => {
  const [few, many] = [60, 120].map((daily) => total(idle({ ...stack, daily })));
  expect((many ?? 0) - (few ?? 0)).toBeLessThan(0.03);
});

test('the items of the page add up to its sum', () => {
  const items = rowsUnder('While nothing happens').slice(2);
  const sum = items.slice(0, -1).reduce((all, [, , usd]) => all + Number(usd), 0);
  const [name, , together] = items.at(-1) ?? [];
  expect(name).toBe('Together');
  // each is rounded to a cent, or to a hundredth of one
  expect(Math.abs(sum - Number(together))).toBeLessThan(0.02);
  expect(page).toContain(`a month of 30 days costs **${together} USD**`);
});

test('the items of the dearest million add up to its sum', () => {
  const rows = rowsUnder('For a million creations');
  const sum = rows.find(([name]) => name === 'fixed by a copy, and reported')?.at(-1);
  const items = rows.slice(rows.findIndex(([name]) => name === 'For') + 2);
  expect(items.reduce((all, [, , usd]) => all + Number(usd), 0)).toBeCloseTo(Number(sum), 1);
});

test('every item is a number of units at a price, and what is reported costs more than what is right', () => {
  const sums = aMillion(1).map(({ items }) => {
    for (const item of items) expect(costOf(item)).toBeGreaterThan(0);
    return total(items);
  });
  expect(sums).toEqual([...sums].sort((a, b) => a - b));
});

test('every price says when and where it was looked up, first at AWS', () => {
  for (const { read, pages } of Object.values(prices)) {
    expect(read).toMatch(/^2026-\d\d-\d\d$/);
    expect(pages[0]).toMatch(/^https:\/\/(?:docs\.)?aws\.amazon\.com\//);
    for (const one of pages) expect(page).toContain(`<${one}>`);
  }
});

describe('a template', () => {
  const resource = (Type: string, Properties = {}) => ({ Resources: { one: { Type, Properties } } });

  test.each([
    ['a mapping with a highest concurrency', resource('AWS::Lambda::EventSourceMapping', { ScalingConfig: {} }), { limited: 1 }],
    ['a mapping without one', resource('AWS::Lambda::EventSourceMapping'), { unlimited: 1 }],
    ['an alarm on two metrics', resource('AWS::CloudWatch::Alarm', { Metrics: [{}, {}] }), { alarms: 2 }],
    ['a filter whose metric has values by default', filter({ DefaultValue: 0 }), { metrics: 1 }],
    ['a filter whose metric has none', filter({}), {}],
    ['a key', resource('AWS::KMS::Key'), { keys: 1 }],
    ['a rule', resource('AWS::Events::Rule'), {}],
  ])('with %s is counted', (_title, template, counted) => {
    const nothing = { limited: 0, unlimited: 0, alarms: 0, keys: 0, metrics: 0, tables: 0, dashboards: 0, ...sweepsOf([]) };
    expect(shapeOf(template, [])).toEqual({ ...nothing, ...counted });
  });

  test('with a type that nobody has priced is refused', () => {
    expect(() => shapeOf(resource('AWS::EC2::NatGateway'), [])).toThrow('AWS::EC2::NatGateway');
  });

  function filter(transformation: object) {
    return resource('AWS::Logs::MetricFilter', { MetricTransformations: [transformation] });
  }
});

test('a queue that is polled without a highest concurrency costs less than half', () => {
  const polling = (shape: Partial<Shape>) => costOf(idle({ ...stack, limited: 0, ...shape })[0] ?? expect.fail('nothing is polled'));
  expect(polling({ limited: 1 })).toBeCloseTo(0.26, 2);
  expect(polling({ unlimited: 1 })).toBeCloseTo(0.1, 2);
});

describe('in an organization of 1,000 accounts and 20,000 Regions', () => {
  const [, , largest] = organizations;
  if (!largest) throw new Error('three sizes are shown');

  test('a member costs nothing while nothing happens', () => {
    for (const template of [memberRoles(functions, {}), memberRules(functions, {})]) {
      const member = shapeOf(template, []);
      expect(Object.values(member).every((count) => count === 0)).toBe(true);
      expect(total(idle(member))).toBe(0);
    }
  });

  test('a hub and its members cost less than 10 USD while nothing happens', () => {
    expect(largest).toMatchObject({ accounts: 1000, regions: 20 });
    expect(hubBill(stack, largest, 'sparing').idle).toBeLessThan(10);
    expect(hubBill(stack, largest, 'everywhere').idle).toBe(hubBill(stack, largest, 'sparing').idle);
  });

  test('sparing sweeps cost the hub less than 100 USD, and more with GuardDuty, and the page says so', () => {
    const { sweeps, guardDuty } = hubBill(stack, largest, 'sparing');
    expect(sweeps).toBeLessThan(100);
    expect(sweeps + guardDuty).toBeGreaterThan(100);
    expect(page).toContain(
      `It is met by the hub's own bill, and missed with GuardDuty: the hub pays ${usd(sweeps)}, and GuardDuty takes ${usd(guardDuty)}`,
    );
  });

  test('sparing sweeps put a fifth as many messages on the queue as sweeps of every place, and their notes cost less than the messages would', () => {
    const [sparing, everywhere] = (['sparing', 'everywhere'] as const).map((schedule) => costOfSweeps(schedule, largest).hub);
    const unitsOf = (what: string, items = sparing) => items?.find((one) => one.what === what)?.units ?? expect.fail(`no ${what}`);
    expect(unitsOf('Runs of functions', everywhere) / unitsOf('Runs of functions')).toBeGreaterThan(5);
    // 103 notes a day and 2 an hour of 19 Regions, 106 and 3 of the one that judges for all, and one for each message; a part each asks who joined
    const places = 1000 * (30 * (19 * 103 + 106) + 720 * (19 * 2 + 3)) * 0.5;
    const messages = 4 * (unitsOf('Runs of functions') - 35_400);
    expect(unitsOf('Notes of where there is nothing, read')).toBeCloseTo(places + messages * 0.5 + 35_400, 0);
    const notes = sparing?.filter(({ what }) => /^Note|^Their continuous/.test(what)) ?? [];
    expect(total(notes)).toBeGreaterThan(9);
    expect(total(everywhere ?? []) - total(sparing ?? [])).toBeGreaterThan(total(notes));
  });

  test('a second copy of the trail takes five times what GuardDuty takes', () => {
    const { guardDuty, copy } = costOfSweeps('sparing', largest);
    expect(total(copy) / total(guardDuty)).toBeCloseTo(5, 6);
  });

  test('a hub costs less than a five-hundredth of a stack everywhere', () => {
    const sum = ({ idle: resting, sweeps }: ReturnType<typeof hubBill>) => resting + sweeps;
    expect(sum(standaloneBill(stack, largest)) / sum(hubBill(stack, largest, 'sparing'))).toBeGreaterThan(500);
  });

  test('the rows of the page add up', () => {
    const rows = rowsUnder('A month in which nothing is wrong').filter(([accounts]) => /^[\d,]+$/.test(accounts ?? ''));
    expect(rows).toHaveLength(9);
    for (const [, , resting, sweeps, guardDuty, together] of rows)
      expect(Math.abs(numberOf(resting) + numberOf(sweeps) + numberOf(guardDuty) - numberOf(together))).toBeLessThan(0.03);
  });

  test('others cost as much in each account, and are shown', () => {
    for (const { name, month, fixes } of others) {
      const [small, large] = organizations.flatMap((one) =>
        one.accounts === 100 ? [] : [total(month(one, { all: 110, ofSettings: 21 }))],
      );
      expect((large ?? 0) / (small ?? 1)).toBeCloseTo(1000, 6);
      for (const one of fixes()) expect(costOf(one), one.what).toBeGreaterThan(0);
      expect(rowsUnder('Beside others').map(([first]) => first)).toContain(name);
    }
  });
});

test('an event that is forwarded costs a dollar a million', () => {
  for (const [at, { items }] of aMillionInHub().entries()) expect(total(items) - total(aMillion(10)[at]?.items ?? [])).toBeCloseTo(1, 6);
});
