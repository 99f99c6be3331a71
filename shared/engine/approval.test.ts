import { CopyVolumesCommand, CreateTagsCommand, CreateVolumeCommand } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '#shared/control/control.ts';
import { Secret } from '#shared/control/secret.ts';
import type { FindingRow } from '#shared/ledger/ledger.ts';
import { orderJob, runOf } from '../../test/support/runs.ts';
import { changedSince, planDigest, planPartsOf } from './approval.ts';

const planOf = (...commands: Plan['changes'][number]['command'][]): Plan => ({
  changes: commands.map((command) => ({ command, says: 'x' })),
});
const copying = (more: object = {}) => planOf(new CopyVolumesCommand({ SourceVolumeId: 'vol-1', Iops: 3000, ...more }));
const tagging = (Value: string) => planOf(new CreateTagsCommand({ Resources: ['vol-1'], Tags: [{ Key: 'k', Value }] }));
const nameOf = (plan: Plan) => planDigest(planPartsOf(plan));

describe('the name of a plan', () => {
  test.each<[string, Plan, Plan]>([
    ['the order of members', copying(), planOf(new CopyVolumesCommand({ Iops: 3000, SourceVolumeId: 'vol-1' }))],
    ['a member that is not there', copying(), copying({ Throughput: undefined })],
    ['an idempotency token', copying({ ClientToken: 'a' }), copying({ ClientToken: 'b' })],
    ['a timestamp', tagging('at 2026-11-21T09:00:00.000Z'), tagging('at 2026-12-01T10:11:12Z')],
    ['a timestamp with an offset', tagging('2026-11-21T09:00:00+01:00'), tagging('2026-11-21T08:00:00Z')],
    ['milliseconds in a name', tagging('3-1795251600000'), tagging('3-1795251699999')],
    ['a secret', tagging(new Secret('one', 'version 1').reference()), tagging(new Secret('two', 'version 2').reference())],
    ['the words of a call', copying(), { changes: copying().changes.map((one) => ({ ...one, says: 'y' })) }],
    [
      'a member that only repeats the resource',
      { changes: copying({ Iops: 1 }).changes.map((one) => ({ ...one, repeats: ['Iops'] })) },
      { changes: copying({ Iops: 2 }).changes.map((one) => ({ ...one, repeats: ['Iops'] })) },
    ],
    ['how long it settles', copying(), { ...copying(), settleSeconds: 9 }],
  ])('does not depend on %s', (_name, one, other) => {
    expect(nameOf(one)).toBe(nameOf(other));
  });
  test.each<[string, Plan, Plan]>([
    ['a value', copying(), copying({ Iops: 4000 })],
    ['a member', copying(), copying({ Encrypted: true })],
    ['the API', copying(), planOf(new CreateVolumeCommand({ AvailabilityZone: 'a' }))],
    ['a number that is no time', tagging('3-279525160000'), tagging('4-279525160000')],
    ['a later call', copying(), { ...copying(), later: [{ api: 'ec2:CreateTags', says: 'x' }] }],
    [
      'the order of calls',
      { changes: [...copying().changes, ...tagging('v').changes] },
      { changes: [...tagging('v').changes, ...copying().changes] },
    ],
  ])('depends on %s', (_name, one, other) => {
    expect(nameOf(one)).not.toBe(nameOf(other));
  });
  test('has the members in the order of localeCompare, by which plans that wait for an approval were named', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,12}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(name, fc.constantFrom('DryRun', 'dryRun', 'KMSKeyId', 'KeyId', 'KmsKeyId')), { maxLength: 8 }),
        (names) => {
          const command = new CopyVolumesCommand({ SourceVolumeId: 'vol-1' });
          Object.assign(command, { input: Object.fromEntries(names.map((one) => [one, 1])) });
          const [part] = planPartsOf(planOf(command));
          expect(Object.keys(part?.members ?? {})).toEqual(names.toSorted((a, b) => a.localeCompare(b)));
        },
      ),
    );
  });
  test('is 32 digits, and its parts hold no value', () => {
    expect(nameOf(copying())).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(planPartsOf(copying()))).toMatch(
      /^\[{"api":"ec2:CopyVolumes","members":{"Iops":"[0-9a-f]{12}","SourceVolumeId":"[0-9a-f]{12}"}}\]$/,
    );
  });
});

describe('what changed since an order', () => {
  const seen = { ...copying(), later: [{ api: 'ec2:CreateTags', says: 'x' }] };
  const ordered = (plan: string | undefined, row?: FindingRow) =>
    runOf({ jobs: [orderJob('fix', plan === undefined ? {} : { plan })], ...(row && { row }) });
  const shown = (plan: string | undefined) => ({ finding: { plan }, plan: planPartsOf(seen) }) as unknown as FindingRow;
  const since = (now: Plan) => changedSince(ordered(nameOf(seen), shown(nameOf(seen))), now);
  const sentence = (what: string) => `The plan is not the one that was approved: ${what}. Look at it, and order the fix again.`;

  test('is nothing where the plan is the one that was seen, or none was', () => {
    expect(since(seen)).toBeUndefined();
    expect(changedSince(ordered(undefined), copying())).toBeUndefined();
    expect(changedSince(runOf(), copying())).toBeUndefined();
  });
  test.each<[string, Plan]>([
    ['ec2:CopyVolumes has another Iops', { ...copying({ Iops: 1 }), later: seen.later }],
    ['ec2:CopyVolumes has another Iops, Encrypted', { ...copying({ Iops: 1, Encrypted: true }), later: seen.later }],
    ['ec2:CreateTags is not needed any more', copying()],
    ['ec2:CopyVolumes is called 2 times, not 1', { changes: [...copying().changes, ...copying().changes], later: seen.later }],
    [
      'ec2:CreateVolume is new',
      { ...seen, changes: [...seen.changes, ...planOf(new CreateVolumeCommand({ AvailabilityZone: 'a' })).changes] },
    ],
    ['ec2:CopyVolumes is not needed any more; ec2:CreateTags has another Resources, Tags', tagging('v')],
  ])('is that %s', (what, now) => {
    expect(since(now)).toBe(sentence(what));
  });
  test.each([undefined, 'another'])('is not known where the finding shows another plan: %s', (plan) => {
    const unknown = sentence('its calls are not the ones that were shown');
    expect(changedSince(ordered(nameOf(seen), shown(plan)), copying())).toBe(unknown);
    expect(changedSince(ordered(nameOf(seen)), copying())).toBe(unknown);
  });
  test('is said without a name where calls only changed places', () => {
    const two = { changes: [...copying().changes, ...tagging('v').changes] };
    const turned = { changes: two.changes.toReversed() };
    const row = { finding: { plan: nameOf(two) }, plan: planPartsOf(two) } as unknown as FindingRow;
    expect(changedSince(ordered(nameOf(two), row), turned)).toBe(sentence('its calls are not the ones that were shown'));
  });
});
