import { expect, test } from 'vitest';
import { exemptionLines } from '../../../cli/replay/exemptions.ts';
import { chosenControls } from '../../../cli/replay/rules.ts';
import { discoverFunctions } from '../../../infra/catalog.ts';

test('nobody is exempt with all others by the name that they chose', async () => {
  const [control] = chosenControls(['auto-scaling-group-encrypted'], await discoverFunctions(), {});
  if (!control) throw new Error('no control');
  const wrong = [{ control, ids: ['*', 'prod-*', 'a*b'] }];
  const now = new Date('2027-01-30T12:00:00Z');
  expect(exemptionLines(wrong, now, false)).toEqual([
    '{ control: "auto-scaling-group-encrypted", resource: "a*b", owner: "", reason: "", until: "2027-04-30" },',
  ]);
  expect(exemptionLines(wrong, now, true)).toHaveLength(1);
});

test('a caller is exempt on every day', async () => {
  const [control] = chosenControls(['root-unused'], await discoverFunctions(), {});
  if (!control) throw new Error('no control');
  const ids = ['29', '30'].map((day) => `arn:aws:iam::111122223333:root on 2027-01-${day}`);
  expect(exemptionLines([{ control, ids }], new Date('2027-01-30T12:00:00Z'), false)).toEqual([
    '{ control: "root-unused", resource: "arn:aws:iam::111122223333:root on *", owner: "", reason: "", until: "2027-04-30" },',
  ]);
});
