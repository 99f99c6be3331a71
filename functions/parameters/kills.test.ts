import { describe, expect, test } from 'vitest';
import { token } from '../../test/fixtures/secrets.ts';
import {
  approve,
  ended,
  holds,
  kept,
  name,
  newest,
  purging,
  settings,
  staged,
  start,
  step,
} from '../../test/support/parameters/conversion.ts';

describe('killed at every call of a conversion in place', () => {
  test('the same value once, with its settings, and one announcement', async () => {
    const calm = start();
    await calm.harness.invoke();
    const { calls } = calm.harness;
    expect(calls).toContain('ssm:PutParameter');
    for (let at = 1; at <= calls.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const started = start();
        await started.harness.invoke({ at, when });
        const finding = await ended(started);
        const where = `killed ${when} call ${at}, ${calls[at - 1]}`;
        expect(finding.status, where).toBe('fixed');
        expect(newest(started.world), where).toMatchObject({ ...kept, Value: token, Version: 2 });
        expect(started.world.parameters.get(name), where).toMatchObject({
          tags: settings.Tags,
          policies: [expect.stringContaining('NoChange')],
        });
        expect(started.harness.dead, where).toEqual([]);
        expect(new Set(started.harness.announced.map(({ announcement }) => announcement)).size, where).toBe(1);
      }
    }
  });
});

describe('killed at every call of the staged way', () => {
  test('the value exists at every moment, is back once with tags, labels and policies, and no copy stays', async () => {
    const calm = start({}, purging);
    await approve(calm);
    const invocations: string[][] = [];
    while (!calm.harness.isIdle) {
      await step(calm.harness);
      invocations.push(calm.harness.calls);
    }
    expect(invocations.length).toBeGreaterThan(1);
    expect((await ended(calm)).status).toBe('fixed');
    for (const [n, calls] of invocations.entries()) {
      for (let at = 1; at <= calls.length; at += 1) {
        for (const when of ['before', 'after'] as const) {
          const started = start({}, purging);
          const where = `killed ${when} call ${at} of invocation ${n + 1}, ${calls[at - 1]}`;
          started.world.meanwhile = () => expect(holds(started.world, token), where).toBe(true);
          await approve(started);
          for (let done = 0; done < n; done += 1) await step(started.harness);
          await step(started.harness, { at, when });
          const finding = await ended(started);
          expect(finding.status, `${where}: ${finding.says}`).toBe('fixed');
          expect(staged(started.world), where).toEqual([]);
          expect(started.harness.dead, where).toEqual([]);
          expect(newest(started.world), where).toMatchObject({ ...kept, Value: token, Version: 1, Labels: ['live'] });
          const { tags, policies } = started.world.parameters.get(name) ?? {};
          expect(tags, where).toEqual([...settings.Tags, { Key: 'redress:recreated', Value: 'version 1' }]);
          expect(policies, where).toEqual([expect.stringContaining('NoChangeNotification')]);
        }
      }
    }
  }, 120_000);
});
