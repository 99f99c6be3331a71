import { describe, expect, test } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import type { Harness } from '../support/harness.ts';
import { ofVolume, start, turnedOff, volume } from '../support/setting.ts';

const control = 'volume-encrypted';
const HOUR = 3_600_000;

/** What `approve` gives, so that a volume waits for somebody. */
const approving: RedressConfig = { controls: { [control]: { mode: 'approve', settleSeconds: 0 } } };
const waivedByConfig = (until: string): RedressConfig => ({
  ...approving,
  exemptions: [{ control, resource: 'vol-*', owner: 'data team', reason: 'being migrated', until }],
});

/** Sweeps once a day, at the hour of the start, up to and including a day. */
async function sweepUntil(harness: Harness, day: string, of = control): Promise<void> {
  while (harness.now.toISOString().slice(0, 10) < day) {
    harness.now = new Date(harness.now.getTime() + 24 * HOUR);
    await sweep(harness, of);
  }
}

async function sweep(harness: Harness, of = control): Promise<void> {
  harness.put(messageFor(of, { ...scheduled(), time: harness.now.toISOString() }));
  await harness.settle();
}

/** Every announcement since the last call, as its day, status and whether it is a reminder. */
function newsOf(harness: Harness): string[] {
  return harness.announced
    .splice(0)
    .map(
      ({ status, exemption, timings }) =>
        `${timings.decidedAt?.slice(0, 10)} ${status}${exemption?.isEnding ? ` ending ${exemption.until}` : ''}`,
    );
}

async function exemptUntil(until: string) {
  const world = start({ volumes: [volume('vol-1')] }, approving);
  world.harness.put(ofVolume('vol-1'));
  await world.harness.settle();
  const id = (await world.harness.findings())[0]?.id ?? '';
  world.harness.put(orderFor(control, 'exempt', id, { until, reason: 'scratch data' }));
  await world.harness.settle();
  return { ...world, id };
}

describe('the end of an exemption', () => {
  test('is announced a week before, once, and the resource is looked at again when it has come', async () => {
    const { harness, id } = await exemptUntil('2026-12-20');
    expect(newsOf(harness)).toEqual(['2026-11-21 awaiting-approval', '2026-11-21 exempt']);
    await sweepUntil(harness, '2026-12-13');
    expect(newsOf(harness)).toEqual([]);
    await sweepUntil(harness, '2026-12-14');
    expect(harness.announced[0]).toMatchObject({
      id,
      says: expect.stringContaining('The exemption ends on 2026-12-20'),
      exemption: { until: '2026-12-20', owner: 'arn:aws:iam::111122223333:user/dana', reason: 'scratch data', isEnding: true },
    });
    expect(newsOf(harness)).toEqual(['2026-12-14 exempt ending 2026-12-20']);
    await sweepUntil(harness, '2026-12-20');
    expect(newsOf(harness)).toEqual([]);
    await sweepUntil(harness, '2026-12-25');
    expect(newsOf(harness)).toEqual(['2026-12-21 awaiting-approval']);
    const [after] = await harness.findings();
    expect(after).toMatchObject({ id, says: expect.stringContaining('The exemption until 2026-12-20 has ended.') });
    expect(after).not.toHaveProperty('exemption');
  });

  test('of the config is announced in the same way', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, waivedByConfig('2026-12-20'));
    await sweepUntil(harness, '2026-12-25');
    expect(newsOf(harness)).toEqual(['2026-11-22 exempt', '2026-12-14 exempt ending 2026-12-20', '2026-12-21 awaiting-approval']);
  });

  test('in less than eight days is announced at least a day before', async () => {
    const { harness } = await exemptUntil('2026-11-28T09:00:00.000Z');
    newsOf(harness);
    await sweepUntil(harness, '2026-12-01');
    expect(newsOf(harness)).toEqual(['2026-11-26 exempt ending 2026-11-28T09:00:00.000Z', '2026-11-28 awaiting-approval']);
  });

  test('takes the resource off the list of what sweeps look at whether or not the control lists it', async () => {
    const { harness } = await exemptUntil('2026-11-22');
    expect(await harness.ledger.exempt(control)).toEqual([{ type: 'AWS::EC2::Volume', id: 'vol-1' }]);
    await sweepUntil(harness, '2026-11-22');
    expect(await harness.ledger.exempt(control)).toHaveLength(1);
    await sweepUntil(harness, '2026-11-23');
    expect(await harness.ledger.exempt(control)).toEqual([]);
  });

  test('tomorrow was told when it began', async () => {
    const { harness } = await exemptUntil('2026-11-22');
    newsOf(harness);
    await sweepUntil(harness, '2026-11-25');
    expect(newsOf(harness)).toEqual(['2026-11-23 awaiting-approval']);
  });

  test('that is put off has a reminder of its own', async () => {
    const { harness, id } = await exemptUntil('2026-12-20');
    await sweepUntil(harness, '2026-12-14');
    newsOf(harness);
    harness.put(orderFor(control, 'exempt', id, { until: '2027-01-20', reason: 'takes longer' }));
    await harness.settle();
    await sweepUntil(harness, '2027-01-15');
    expect(newsOf(harness)).toEqual(['2027-01-14 exempt ending 2027-01-20']);
  });

  test('is the later one of the config’s and a person’s, and of several of the config', async () => {
    const config = waivedByConfig('2026-12-20');
    const { harness } = start(
      { volumes: [volume('vol-1')] },
      { ...config, exemptions: [...(config.exemptions ?? []), ...(waivedByConfig('2027-01-10').exemptions ?? [])] },
    );
    await sweepUntil(harness, '2026-11-23');
    harness.put(orderFor(control, 'exempt', (await harness.findings())[0]?.id ?? '', { until: '2027-02-20', reason: 'takes longer' }));
    await harness.settle();
    newsOf(harness);
    await sweepUntil(harness, '2027-02-21');
    expect(newsOf(harness)).toEqual(['2027-02-14 exempt ending 2027-02-20', '2027-02-21 awaiting-approval']);
  });

  test('that the config brings nearer than a reminder is announced at once', async () => {
    const config: { -readonly [key in keyof RedressConfig]: RedressConfig[key] } = waivedByConfig('2027-12-20');
    const { harness } = start({ volumes: [volume('vol-1')] }, config);
    await sweepUntil(harness, '2026-12-01');
    newsOf(harness);
    config.exemptions = waivedByConfig('2026-12-03').exemptions;
    await sweepUntil(harness, '2026-12-06');
    expect(newsOf(harness)).toEqual(['2026-12-02 exempt ending 2026-12-03', '2026-12-04 awaiting-approval']);
  });

  test('at a time of another zone is named by its day in UTC', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, waivedByConfig('2026-12-20T23:30:00-05:00'));
    await sweepUntil(harness, '2026-12-15');
    expect(harness.announced.at(-1)?.says).toContain('The exemption ends on 2026-12-21;');
  });

  test('of an undo is announced too, and then the resource is fixed as before', async () => {
    const { harness } = start({}, {});
    harness.put(turnedOff());
    await harness.settle();
    harness.put(orderFor('ebs-default-encryption', 'undo', (await harness.findings())[0]?.id ?? ''));
    await harness.settle();
    newsOf(harness);
    await sweepUntil(harness, '2026-12-01', 'ebs-default-encryption');
    const until = '2026-11-28T09:00:05.000Z';
    expect(newsOf(harness)).toEqual(['2026-11-22 exempt', `2026-11-26 exempt ending ${until}`, '2026-11-28 fixed']);
    const reason = { code: 'exemption-ended', says: `The exemption until ${until} has ended.` };
    expect((await harness.ledger.findingsOf('2026-11-22'))[0]?.finding).toMatchObject({ status: 'fixed', reason });
  });
});

describe('a reminder', () => {
  test('that the bus refuses is sent again', async () => {
    const { harness } = await exemptUntil('2026-12-20');
    await sweepUntil(harness, '2026-12-13');
    newsOf(harness);
    harness.busRefuses = [Object.assign(new Error('slow'), { code: 'ThrottlingException' })];
    await sweepUntil(harness, '2026-12-14');
    expect(newsOf(harness)).toEqual(['2026-12-14 exempt ending 2026-12-20']);
  });

  test('is the same, and said once more at the most, wherever the invocation dies', async () => {
    for (let at = 1; ; at += 1) {
      const { harness } = await exemptUntil('2026-12-20');
      await sweepUntil(harness, '2026-12-13');
      newsOf(harness);
      harness.now = new Date(harness.now.getTime() + 24 * HOUR);
      harness.put(messageFor(control, { ...scheduled(), time: harness.now.toISOString() }));
      await harness.invoke({ at, when: 'after' });
      const isThrough = harness.calls.length < at;
      await harness.settle();
      expect(new Set(harness.announced.map(({ announcement }) => announcement)).size).toBe(1);
      expect(harness.announced.every(({ exemption }) => exemption?.isEnding)).toBe(true);
      if (isThrough) return;
    }
  });

  test('is not sent for what was set right meanwhile, though no list names it and no event told', async () => {
    const { harness, volumes } = await exemptUntil('2026-12-20');
    if (volumes[0]) volumes[0].Encrypted = true;
    newsOf(harness);
    await sweepUntil(harness, '2026-12-25');
    expect(newsOf(harness)).toEqual(['2026-11-22 fixed']);
    expect((await harness.findings())[0]).toMatchObject({
      found: expect.stringMatching(/not encrypted/),
      reason: { code: 'fixed-elsewhere' },
    });
    expect(await harness.ledger.exempt(control)).toEqual([]);
  });

  test('is not sent for what is gone', async () => {
    const { harness, volumes } = await exemptUntil('2026-12-20');
    volumes.splice(0);
    newsOf(harness);
    await sweepUntil(harness, '2026-12-25');
    expect(newsOf(harness)).toEqual(['2026-11-22 skipped']);
  });
});
