import type { Volume } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, test } from 'vitest';
import type { AnyControl, Plan, Severity, Verdict } from '#shared/control/control.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { scheduled } from '../fixtures/events.ts';
import { Harness } from '../support/harness.ts';
import { copy } from '../support/runs.ts';
import { ofVolume, volume } from '../support/setting.ts';
import { MemoryTable } from '../support/table.ts';
import { volumesWorld } from '../support/volumes/world.ts';

let restore: (() => void) | undefined;
afterEach(() => restore?.());

/** A control that judges as a test says, over one volume. */
function setting(mode: 'observe' | 'fix' = 'observe') {
  const world = volumesWorld({ volumes: [volume('vol-1')] });
  restore = world.restore;
  const table = new MemoryTable();
  const now: { verdict: Verdict; plan: Plan; severity: Severity } = {
    verdict: { is: 'violation', says: 'It is wrong.' },
    plan: { changes: [] },
    severity: 'medium',
  };
  /** The harness after a deployment of the control as it is now. */
  const deploy = () => {
    const control: AnyControl = { ...volumeEncrypted, severity: now.severity, judge: () => now.verdict, plan: () => now.plan };
    return new Harness({ controls: [control], config: { controls: { 'volume-encrypted': { mode } } }, world, table });
  };
  let harness = deploy();
  let sweeps = 0;
  return {
    now,
    volume: world.volumes[0] as Volume,
    deploy: () => {
      harness = deploy();
    },
    /** The announcements of one look. */
    async look(change: { verdict?: Verdict; plan?: Plan } = {}) {
      Object.assign(now, change);
      const before = harness.announced.length;
      sweeps += 1;
      harness.put(sweeps === 1 ? ofVolume('vol-1') : { control: 'volume-encrypted', event: { ...scheduled(), id: `sweep-${sweeps}` } });
      await harness.settle();
      return harness.announced.slice(before).map(({ status, changed, announcement }) => [status, changed, announcement.split('-').at(3)]);
    },
    finding: async () => (await harness.findings())[0] ?? expect.fail('no finding'),
    table,
  };
}

const says = (text: string, risk?: string): { verdict: Verdict } => ({
  verdict: { is: 'violation', says: text, ...(risk !== undefined && { risk }) },
});

describe('a finding of the same status is announced again', () => {
  test('when something else is at risk, once', async () => {
    const { look, finding } = setting();
    expect(await look()).toEqual([['open', undefined, '1']]);
    expect(await look()).toEqual([]);
    expect(await look(says('It is worse.'))).toEqual([['open', ['risk'], '2']]);
    expect(await finding()).toMatchObject({ found: 'It is worse.', announcement: expect.stringMatching(/-2-open$/) });
    expect(await look()).toEqual([]);
    expect(await look(says('It is wrong.'))).toEqual([['open', ['risk'], '3']]);
  });

  test('when it is more severe by now', async () => {
    const { look, now, deploy, finding } = setting();
    await look();
    now.severity = 'critical';
    deploy();
    expect(await look()).toEqual([['open', ['severity'], '2']]);
    expect((await finding()).severity).toBe('critical');
    expect(await look()).toEqual([]);
  });

  test('when this very one is less severe by now, and when it is as for most again', async () => {
    const { look, finding } = setting();
    expect(await look()).toEqual([['open', undefined, '1']]);
    const hidden = { verdict: { is: 'violation', says: 'It is wrong.', severity: 'low' } } as const;
    expect(await look(hidden)).toEqual([['open', ['severity'], '2']]);
    expect((await finding()).severity).toBe('low');
    expect(await look(hidden)).toEqual([]);
    expect(await look(says('It is wrong.'))).toEqual([['open', ['severity'], '3']]);
    expect((await finding()).severity).toBe('medium');
  });

  test('when a person is asked for another reason', async () => {
    const { look } = setting('fix');
    const asking = (needsApproval: string) => ({ plan: { ...copy, needsApproval } });
    expect(await look(asking('Readers may break.'))).toEqual([['awaiting-approval', undefined, '1']]);
    expect(await look(asking('Readers may break.'))).toEqual([]);
    expect(await look(asking('A service made it.'))).toEqual([['awaiting-approval', ['reason'], '2']]);
  });

  test('when it claims to be managed by now', async () => {
    const { look, volume: live } = setting('fix');
    expect(await look()).toEqual([['open', undefined, '1']]);
    live.Tags = [{ Key: 'ManagedBy', Value: 'Terraform' }];
    expect(await look()).toEqual([['open', ['reason'], '2']]);
  });
});

describe('it stays quiet', () => {
  test('when only the words differ, which the ledger has all the same', async () => {
    const { look, finding } = setting();
    await look(says('Version 1 is wrong.', 'the version'));
    expect(await look(says('Version 2 is wrong.', 'the version'))).toEqual([]);
    expect((await finding()).found).toBe('Version 2 is wrong.');
    expect(await look(says('Version 2 is wrong, and public.', 'the version, public'))).toEqual([['open', ['risk'], '2']]);
  });

  test('when a version before announced it, and says what changes after that', async () => {
    const { look, table } = setting();
    await look();
    forget(table);
    expect(await look(says('It is worse.'))).toEqual([]);
    expect(await look(says('It is worst.'))).toEqual([['open', ['risk'], '2']]);
  });

  test('when a reason passes', async () => {
    const { look } = setting('fix');
    const waiting: Plan = { changes: [], again: { afterSeconds: 900, why: 'another fix comes first' } };
    await look();
    expect(await look({ plan: waiting })).toEqual([]);
    expect(await look({ plan: { changes: [] } })).toEqual([]);
  });
});

/** Takes out of the cases what a version before did not write. */
function forget(table: MemoryTable): void {
  for (const item of table.items.values()) {
    const body = item['body']?.S;
    if (!body?.includes('"announced"')) continue;
    const state = JSON.parse(body);
    delete state.finding?.announced?.meaning;
    delete state.finding?.risk;
    item['body'] = { S: JSON.stringify(state) };
  }
}
