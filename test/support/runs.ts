import { CopyVolumesCommand, CreateTagsCommand } from '@aws-sdk/client-ec2';
import type { AnyControl, CaseContext, Json, Plan, Verdict } from '#shared/control/control.ts';
import type { CaseDeps, Job, Run } from '#shared/engine/types.ts';
import type { Order, Waits } from '#shared/finding/message.ts';
import type { CaseState, FindingRow } from '#shared/ledger/ledger.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { createVolume } from '../fixtures/events.ts';
import { place } from './harness.ts';
import { fresh, now } from './states.ts';

export const copyCommand = () => new CopyVolumesCommand({ SourceVolumeId: 'vol-1' });
export const copy: Plan = { changes: [{ command: copyCommand(), says: 'Copy it.' }] };
export const tagging: Plan = {
  changes: [{ command: new CreateTagsCommand({ Resources: ['vol-1'], Tags: [{ Key: 'k', Value: 'v' }] }), says: 'Tag it.' }],
};
export const wrong: Verdict & { is: 'violation' } = { is: 'violation', says: 'It is not encrypted.' };

/** A control that judges and plans as a test says. */
export function controlWith({
  verdict = wrong,
  plan = copy,
  ...more
}: Partial<Omit<AnyControl, 'plan'>> & { verdict?: Verdict; plan?: Plan } = {}) {
  const control: AnyControl = {
    ...volumeEncrypted,
    judge: () => verdict,
    before: (facts) => facts,
    undo: () => plan,
    ...more,
    plan: () => plan,
  };
  return control;
}

/** A message about a call, which has waited so much. */
export function callJob(waits: Waits = {}, eventID = 'e-1', receiveCount = 1): Job {
  const event = createVolume('vol-1', { eventID });
  const message = { control: volumeEncrypted.id, event, waits };
  const delivery = { id: `m-${eventID}`, body: '', receiveCount };
  return { delivery, message, occasion: { is: 'call', event, record: event.detail } };
}

/** An order's message. */
export function orderJob(kind: Order['kind'], more: Partial<Order> = {}): Job {
  const order: Order = { kind, id: 'o-1', finding: 'f-1', by: 'dana', at: '2026-11-21T08:30:00.000Z', ...more };
  const delivery = { id: 'm-order', body: '', receiveCount: 1, senderId: 'AIDAEXAMPLE' };
  return { delivery, message: { control: volumeEncrypted.id, order, waits: {} }, occasion: { is: 'order', order } };
}

/** A case at work, on which the resource has facts and nobody manages it; a test says what else. */
export function runOf(more: Partial<Omit<Run, 'state'>> & { readonly state?: Partial<CaseState> } = {}): Run {
  const { state, jobs = [callJob()], ...rest } = more;
  const order = jobs.map(({ occasion }) => (occasion.is === 'order' ? occasion.order : undefined)).find((one) => one !== undefined);
  return {
    place,
    control: controlWith(),
    target: { type: 'AWS::EC2::Volume', id: 'vol-1', hint: { via: 'AWS CLI' } },
    jobs,
    ...(order && { order, sender: 'AIDAEXAMPLE' }),
    mode: 'fix',
    settings: {},
    facts: { encrypted: false },
    live: { tags: [] },
    state: { ...fresh, ...state },
    waits: {},
    ...rest,
  };
}

/** What an undo in progress has at hand: its order, and the finding of the fix that it takes back. */
export function undoing(before: Json = { encrypted: false }, after: Json = { encrypted: true }): Pick<Run, 'jobs' | 'row'> {
  const row = { finding: { status: 'fixed', changes: [{ api: 'ec2:CopyVolumes', says: 'Copy it.' }], found: 'wrong' }, before, after };
  return { jobs: [orderJob('undo')], row: row as unknown as FindingRow };
}

/** Where and when a test judges. */
export const context: CaseContext = { ...place, id: 'vol-1', now, settings: {}, modeOf: () => 'fix' };

/** The dependencies that a test brings; whatever else is asked for is a failure. */
export function depsOf(some: { readonly [name in keyof CaseDeps]?: unknown }): CaseDeps {
  const telemetry = { log: () => undefined, count: () => undefined, secondsToFixed: () => undefined };
  return { now: () => now, owner: 'me', telemetry, isSecret: () => false, config: {}, ...some } as unknown as CaseDeps;
}
