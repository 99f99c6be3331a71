import { describe, expect, test } from 'vitest';
import { actionOf, isReadVerb } from '#shared/aws/actions.ts';
import { messageFor, runInstances, scheduled } from '../fixtures/events.ts';
import { awsError } from '../support/harness.ts';
import { copiesOf, fixing, ofVolume, pass, pause, start, statuses, turnedOff, volume } from '../support/setting.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ids = ['vol-1', 'vol-2', 'vol-3'];

describe('whatever is thrown at it', () => {
  test.each(Array.from({ length: 25 }, (_, n) => n + 1))(
    'kills, throttling, repeats and pauses (seed %i): every case ends, with one copy each',
    async (seed) => {
      const next = random(seed);
      let trouble = 0.15;
      let copied = 0;
      const { harness, volumes } = start({ volumes: ids.map((id) => volume(id)) }, fixing, async (command, call) => {
        // for a while reads lag, and go back in time
        if (actionOf(command) === 'ec2:CopyVolumes') copied = harness.now.getTime();
        const isOfCopies = JSON.stringify(command.input).includes('tag:redress:copy-of');
        if (isOfCopies && harness.now.getTime() - copied < 20_000 && next() < trouble) return { Volumes: [] };
        if (next() < trouble) throw awsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
        const answer = await call();
        // AWS did it, and its answer got lost
        if (next() < trouble / 3) throw awsError('TimeoutError', 'socket hang up', 500);
        return answer;
      });
      const messages = [
        ...ids.map(ofVolume),
        turnedOff(),
        messageFor('ebs-default-encryption', runInstances('i-1')),
        messageFor('volume-encrypted', scheduled()),
      ];
      for (let step = 0; step < 40; step += 1) {
        const message = messages[Math.floor(next() * messages.length)];
        if (step < 25 && next() < 0.7) harness.put(message);
        if (next() < 0.1) await harness.ledger.setPause(next() < 0.5 ? pause : undefined);
        const kill =
          next() < 0.3 ? { at: 1 + Math.floor(next() * 25), when: next() < 0.5 ? ('before' as const) : ('after' as const) } : undefined;
        await Promise.all(next() < 0.2 ? [harness.invoke(kill), harness.invoke()] : [harness.invoke(kill)]);
        pass(harness, Math.floor(next() * 120));
      }
      trouble = 0;
      await harness.ledger.setPause(undefined);
      for (const message of messages) harness.put(message);
      for (const dead of harness.dead.splice(0)) harness.put(dead);
      const before = harness.enqueued.length;
      await harness.settle(24);
      expect(harness.isIdle).toBe(true);
      expect(harness.dead).toEqual([]);
      expect(harness.enqueued.length - before, 'messages to come to rest').toBeLessThan(150);
      for (const id of ids) expect(copiesOf(volumes, id), id).toHaveLength(1);
      expect(harness.writes.every(({ api }) => !isReadVerb(api))).toBe(true);
      expect((await statuses(harness)).filter((text) => !/superseded|fixed/.test(text))).toEqual([]);
      const heard = new Map(harness.announced.map(({ id, status }) => [id, status]));
      for (const { id, status } of await harness.findings()) expect(heard.get(id), 'what people heard last').toBe(status);
    },
  );
});
