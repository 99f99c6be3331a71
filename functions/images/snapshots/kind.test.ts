import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { recordTypes } from '#shared/control/detail-types.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import type { Json } from '#shared/control/types.ts';
import { parseMessage } from '#shared/finding/message.ts';
import { matches } from '#shared/replay/matcher.ts';
import { controlsOf, discoverFunctions } from '../../../infra/catalog.ts';
import { patternOf } from '../../../infra/patterns.ts';
import { isOn } from '../../../infra/permissions.ts';
import { callEvent, messageFor } from '../../../test/fixtures/events.ts';
import {
  copySnapshot,
  createSnapshot,
  createSnapshots,
  shareSnapshot,
  startSnapshot,
  usedSnapshot,
} from '../../../test/fixtures/snapshot-events.ts';
import type { Answers } from '../../../test/support/answers.ts';
import { place } from '../../../test/support/harness.ts';
import { readerOver } from '../../../test/support/reading.ts';
import { snapshots } from './kind.ts';

const all = controlsOf(await discoverFunctions()).filter(({ kind }) => kind === snapshots);
const roles = [`arn:aws:iam::${place.account}:role/redress-images-eu-west-1`];
const json = (event: object): { readonly [key: string]: Json } => JSON.parse(JSON.stringify(event));
const seenBy = (event: object) =>
  all
    .filter((control) => matches(patternOf(control, roles), json(event)))
    .map(({ id }) => id.slice('snapshot-'.length))
    .sort();
const targets = (event: { detail: object }) => snapshots.targets(event.detail as CloudTrailRecord, place).map(({ id }) => id);
const tags = ['owner-tag', 'required-tags', 'sensitive-tags'];

describe('an event starts', () => {
  test.each<[string, object, string[]]>([
    ['a snapshot without encryption, tags or description', createSnapshot('snap-1'), ['encrypted', 'owner-tag', 'required-tags']],
    ['a snapshot with a description', createSnapshot('snap-1', { description: 'x' }), ['encrypted', ...tags]],
    ['an encrypted one with tags', createSnapshot('snap-1', { encrypted: true, tags: { team: 'a' } }), tags],
    ['several in one call', createSnapshots('snap-1', 'snap-2'), ['encrypted', ...tags]],
    ['a copy', copySnapshot('snap-0', 'snap-1'), ['encrypted', ...tags]],
    ['one that is written block by block', startSnapshot('snap-1'), ['encrypted', ...tags]],
    ['the same, encrypted', startSnapshot('snap-1', true), tags],
    [
      'one that comes back from the recycle bin',
      callEvent('RestoreSnapshotFromRecycleBin'),
      ['encrypted', 'private', 'required-tags', 'sensitive-tags', 'shared-known'],
    ],
    ['one that is made public', shareSnapshot('snap-1', 'add', [{ group: 'all' }]), ['private']],
    ['one that is made private', shareSnapshot('snap-1', 'remove', [{ group: 'all' }]), ['private']],
    ['a share with an account', shareSnapshot('snap-1', 'add', [{ userId: '444455556666' }]), ['shared-known']],
    ['a share that ends', shareSnapshot('snap-1', 'remove', [{ userId: '444455556666' }]), []],
    ['both at once', shareSnapshot('snap-1', 'add', [{ userId: '444455556666' }, { group: 'all' }]), ['private', 'shared-known']],
    ['a use by a stranger', usedSnapshot('snap-1'), ['private', 'use-known']],
    ['a copy by a stranger', usedSnapshot('snap-1', 'SharedSnapshotCopyInitiated'), ['private', 'use-known']],
    ['block public access that is lifted', callEvent('DisableSnapshotBlockPublicAccess'), ['private']],
    [
      'a publication that AWS refused',
      shareSnapshot('snap-1', 'add', [{ group: 'all' }], { errorCode: 'Client.OperationNotPermitted' }),
      [],
    ],
    ['a dry run', createSnapshot('snap-1', { errorCode: 'Client.DryRunOperation' }), []],
  ])('of %s: these controls and no others', (_name, event, ids) => {
    expect(seenBy(event)).toEqual(ids);
  });

  test('no rule for a share with a named account, while no account is trusted', () => {
    const known = all.find(({ id }) => id === 'snapshot-shared-known');
    if (!known) throw new Error('no such control');
    expect(isOn({}, known)).toBe(false);
    expect(isOn({ common: { trustedAccounts: ['444455556666'] } }, known)).toBe(true);
  });
});

describe('a record names', () => {
  test.each<[string, { detail: object }, string[]]>([
    ['one snapshot', createSnapshot('snap-1'), ['snap-1']],
    ['the only one of a call for several', createSnapshots('snap-1'), ['snap-1']],
    ['each of several', createSnapshots('snap-1', 'snap-2'), ['snap-1', 'snap-2']],
    ['the copy, and not its source', copySnapshot('snap-0', 'snap-1'), ['snap-1']],
    ['what EBS began', startSnapshot('snap-1'), ['snap-1']],
    ['what is shared', shareSnapshot('snap-1', 'add', []), ['snap-1']],
    [
      'what came back',
      callEvent('RestoreSnapshotFromRecycleBin', { requestParameters: { RestoreSnapshotFromRecycleBinRequest: { SnapshotId: 'snap-1' } } }),
      ['snap-1'],
    ],
    ['what a stranger used', usedSnapshot('snap-1'), ['snap-1']],
    ['nothing, where it is of something else', callEvent('DisableSnapshotBlockPublicAccess'), []],
  ])('%s', (_name, event, ids) => {
    expect(targets(event)).toEqual(ids);
  });

  test('its maker only where it is of a creation', () => {
    const isByMaker = (event: { detail: object }) => snapshots.isByMaker?.(event.detail as CloudTrailRecord);
    for (const made of [createSnapshot('s'), createSnapshots('s'), copySnapshot('r', 's'), startSnapshot('s')])
      expect(isByMaker(made)).toBe(true);
    for (const other of [shareSnapshot('s', 'add', []), callEvent('RestoreSnapshotFromRecycleBin')]) expect(isByMaker(other)).toBe(false);
  });
});

// whoever published a record may have taken these out
const published: object = { eventID: 'e', eventTime: '2026-11-21T09:00:00Z' };
/** Every recorded event that is about snapshots, where the records stand beside the checkout. */
const recorded = ['records', 'relatives', 'more']
  .map((name) => `../shared/cloudtrail/${name}`)
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`))
  .filter((path) => /Snapshot|_service-event/.test(path) && !path.includes('DeleteSnapshot'))
  .map((path) => ({ name: path.split('/').slice(-2).join('/'), record: JSON.parse(readFileSync(path, 'utf8')) }));

describe.runIf(recorded.length > 0)('of recorded events', () => {
  const eventOf = (record: CloudTrailRecord & { eventType?: string }) => {
    const [type = ''] = Object.entries(recordTypes).find(([, { eventType }]) => eventType === record.eventType) ?? [];
    const detail = { ...published, ...record };
    return { ...createSnapshot('snap-1'), source: `aws.${record.eventSource.split('.')[0]}`, 'detail-type': type, detail };
  };
  test.each(recorded)('$name: the right snapshot, and nothing for a call that failed', ({ record }) => {
    const event = eventOf(record);
    const { occasion } = parseMessage(JSON.stringify(messageFor('any', event)));
    if (occasion.is !== 'call') throw new Error('it is no call');
    const id = record.responseElements?.snapshotId ?? record.requestParameters?.snapshotId ?? record.serviceEventDetails?.snapshotId;
    expect(snapshots.targets(occasion.record, place)).toEqual([{ type: 'AWS::EC2::Snapshot', id }]);
    expect(id).toMatch(/^snap-/);
    if (record.errorCode) expect(seenBy(event)).toEqual([]);
    else if (record.eventName === 'CreateSnapshot') expect(seenBy(event)).toEqual(['encrypted', ...tags]);
    else if (record.eventName === 'SharedSnapshotVolumeCreated') expect(seenBy(event)).toEqual(['private', 'use-known']);
    else if (record.eventName === 'StartSnapshot') expect(seenBy(event)).toEqual(tags);
    else {
      const { add, remove } = record.requestParameters.createVolumePermission;
      const [item] = (add ?? remove).items;
      const expected = item.group ? ['private'] : add ? ['shared-known'] : [];
      expect(seenBy(event)).toEqual(expected);
    }
  });
});

test('a snapshot that failed is left unchanged, and no other', async () => {
  const states = ['pending', 'completed', 'error', 'recoverable'] as const;
  const answers: Answers = {
    'ec2:DescribeSnapshots': () => ({ Snapshots: states.map((State) => ({ SnapshotId: `snap-${State}`, State })) }),
  };
  const live = await snapshots.live(
    states.map((state) => `snap-${state}`),
    readerOver(answers).read,
  );
  expect([...live].filter(([, { leave }]) => leave !== undefined)).toEqual([
    ['snap-error', { tags: [], leave: 'The snapshot failed, so nothing can be made from it.', operator: undefined }],
  ]);
});

test('only snapshots of the account are listed, by the page; a description is text, and the day that of its start', async () => {
  const { read, sent } = readerOver({ 'ec2:DescribeSnapshots': () => ({ Snapshots: [{ SnapshotId: 'snap-1' }, {}], NextToken: 'more' }) });
  expect(await snapshots.list(read, place)).toEqual({ items: ['snap-1'], next: 'more' });
  expect(sent.map(([, input]) => input)).toEqual([{ OwnerIds: ['self'], MaxResults: 500 }]);
  const StartTime = new Date('2026-11-20T08:00:00Z');
  expect(snapshots.tags?.madeAt?.({ StartTime })).toBe(StartTime);
  expect(await snapshots.tags?.fields?.({ Description: 'x' }, 'snap-1', read)).toEqual([{ name: 'description', value: 'x' }]);
  expect(await snapshots.tags?.fields?.({}, 'snap-1', read)).toEqual([{ name: 'description', value: '' }]);
});
