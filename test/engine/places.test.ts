import type { Volume } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { AnyControl, Place } from '#shared/control/control.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { createVolume, messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import { controlsOfFunction } from '../support/controls.ts';
import { ec2World, volume } from '../support/ec2-world.ts';
import { Harness, place as here } from '../support/harness.ts';

const there: Place = { account: '444455556666', region: 'us-gov-west-1', partition: 'aws-us-gov' };
const control = 'volume-owner-tag';
const ownerTag = controlsOfFunction('volumes').find(({ id }) => id === control) ?? expect.fail('no such control');

/** One engine that serves two places, with the volumes of each; `sent` is what each was sent. */
function two(
  ids: { readonly here: readonly string[]; readonly there: readonly string[] },
  options: { controls?: readonly AnyControl[]; config?: RedressConfig } = {},
) {
  const sent: { readonly [place: string]: string[] } = { here: [], there: [] };
  const worldOf = (name: 'here' | 'there') => {
    const world = ec2World({ volumes: ids[name].map((id): Volume => volume(id)) });
    return {
      send: (command: Parameters<typeof world.send>[0]) => {
        const names: unknown = Reflect.get(command.input, 'Resources') ?? Reflect.get(command.input, 'Filters')?.[0]?.Values;
        sent[name]?.push(`${actionOf(command)} ${String(names)}`);
        return world.send(command);
      },
    };
  };
  const harness = new Harness({
    controls: options.controls ?? [ownerTag],
    ...(options.config && { config: options.config }),
    world: worldOf('here'),
    others: [{ place: there, world: worldOf('there') }],
  });
  const say = async () =>
    [await harness.findings(here), await harness.findings(there)].map((all) =>
      all.map(({ resource, status }) => `${resource.id} ${status}`).sort(),
    );
  return { harness, sent, say };
}

/** The same event, as another place has it. */
const at = <Event extends object>({ account, region }: Place, event: Event): Event => ({ ...event, account, region });

/** One event of the same id in both places: nothing may rest on ids being different. */
function inBoth(harness: Harness, id: string): void {
  const event = createVolume(id, { eventID: `event-${id}` });
  harness.put(messageFor(control, event));
  harness.put(messageFor(control, at(there, event)));
}

test('two places in one batch: each is read, written and told on its own, though ids are the same', async () => {
  const { harness, sent, say } = two({ here: ['vol-1', 'vol-2'], there: ['vol-1', 'vol-3'] });
  inBoth(harness, 'vol-1');
  harness.put(messageFor(control, createVolume('vol-2')));
  harness.put(messageFor(control, at(there, createVolume('vol-3'))));
  await harness.invoke();
  expect(await say()).toEqual([
    ['vol-1 fixed', 'vol-2 fixed'],
    ['vol-1 fixed', 'vol-3 fixed'],
  ]);
  // joined within a place
  expect(sent['here']?.filter((text) => text.startsWith('ec2:CreateTags'))).toEqual(['ec2:CreateTags vol-1,vol-2']);
  expect(sent['there']?.filter((text) => text.startsWith('ec2:CreateTags'))).toEqual(['ec2:CreateTags vol-1,vol-3']);
  expect(sent['here']?.join()).not.toContain('vol-3');
  expect(sent['there']?.join()).not.toContain('vol-2');
  const found = [...(await harness.findings(here)), ...(await harness.findings(there))];
  expect(new Set(found.map(({ id }) => id)).size).toBe(4);
  expect(new Set(found.map(({ announcement }) => announcement)).size).toBe(4);
  expect(found.map(({ account, region, resource }) => `${account} ${region} ${resource.arn}`)[2]).toBe(
    `444455556666 us-gov-west-1 arn:aws-us-gov:ec2:us-gov-west-1:444455556666:volume/${found[2]?.resource.id}`,
  );
  const ofPlace = /^(\w+|CASE#volume-owner-tag)#(111122223333#eu-west-1|444455556666#us-gov-west-1)#/;
  expect([...harness.table.items.keys()].filter((key) => !ofPlace.test(key))).toEqual([]);
});

test('a message that is done in one place is not done in another', async () => {
  const { harness, say } = two({ here: ['vol-1'], there: ['vol-1'] });
  const event = createVolume('vol-1', { eventID: 'event-1' });
  harness.put(messageFor(control, event));
  await harness.settle();
  expect(await say()).toEqual([['vol-1 fixed'], []]);
  harness.put(messageFor(control, at(there, event)));
  await harness.settle();
  expect(await say()).toEqual([['vol-1 fixed'], ['vol-1 fixed']]);
});

test('a case that is held in one place is free in another', async () => {
  const { harness, say } = two({ here: ['vol-1'], there: ['vol-1'] });
  await harness.ledger.lease(control, { type: 'AWS::EC2::Volume', id: 'vol-1' }, 'another', harness.now, 65);
  inBoth(harness, 'vol-1');
  await harness.invoke();
  expect(await say()).toEqual([[], ['vol-1 fixed']]);
});

test('a blast radius is of one place', async () => {
  const controls = [{ ...ownerTag, limit: { fixes: 1, minutes: 10 } }];
  const { harness, say } = two({ here: ['vol-1', 'vol-2'], there: ['vol-1'] }, { controls });
  inBoth(harness, 'vol-1');
  harness.put(messageFor(control, createVolume('vol-2')));
  await harness.invoke();
  const [inHere = [], inThere] = await say();
  expect(inHere.map((text) => text.slice('vol-1 '.length)).sort()).toEqual(['fixed', 'open']);
  expect(inThere).toEqual(['vol-1 fixed']);
});

test('mode, exemption, order and undo are of one place', async () => {
  const config: RedressConfig = {
    controls: { [control]: { mode: 'approve' } },
    accounts: { [there.account]: { regions: { [there.region]: { controls: { [control]: { mode: 'observe' } } } } } },
  };
  const { harness, say, sent } = two({ here: ['vol-1'], there: ['vol-1'] }, { config });
  inBoth(harness, 'vol-1');
  await harness.settle();
  expect(await say()).toEqual([['vol-1 awaiting-approval'], ['vol-1 would-fix']]);
  const [[mine], [theirs]] = [await harness.findings(here), await harness.findings(there)];
  harness.put(orderFor(control, 'exempt', theirs?.id ?? '', { place: there, until: '2026-12-20', reason: 'scratch' }));
  await harness.settle();
  expect(await say()).toEqual([['vol-1 awaiting-approval'], ['vol-1 exempt']]);
  expect([await harness.ledger.exempt(control), await harness.ledgerOf(there).exempt(control)]).toEqual([
    [],
    [{ type: 'AWS::EC2::Volume', id: 'vol-1' }],
  ]);
  // one without a place is of a version that served one
  harness.put(orderFor(control, 'fix', mine?.id ?? ''));
  await harness.settle();
  expect(await say()).toEqual([['vol-1 fixed'], ['vol-1 exempt']]);
  // a finding's id alone does not reach into another place
  harness.put(orderFor(control, 'undo', mine?.id ?? '', { place: there }));
  harness.put(orderFor(control, 'undo', mine?.id ?? '', { place: here }));
  await harness.settle();
  expect(await say()).toEqual([['vol-1 undone'], ['vol-1 exempt']]);
  expect(harness.dead).toHaveLength(1);
  expect(sent['there']?.filter((text) => !text.startsWith('ec2:Describe'))).toEqual([]);
});

test('the mode of a place is that of its OU', async () => {
  const ous = {
    careful: { accounts: [there.account], controls: { [control]: { mode: 'observe' } } },
    bold: { accounts: [here.account] },
  } as const;
  const config: RedressConfig = { controls: { [control]: { mode: 'fix' } }, organization: { ous } };
  const { harness, say, sent } = two({ here: ['vol-1'], there: ['vol-1'] }, { config });
  inBoth(harness, 'vol-1');
  await harness.settle();
  expect(await say()).toEqual([['vol-1 fixed'], ['vol-1 would-fix']]);
  expect(sent['there']?.filter((text) => !text.startsWith('ec2:Describe'))).toEqual([]);
});

test('a sweep is of the place that its event names', async () => {
  const { harness, sent } = two({ here: ['vol-1'], there: ['vol-1'] });
  harness.put(messageFor(control, at(there, scheduled())));
  await harness.settle();
  expect(sent['here']).toEqual([]);
  expect(sent['there']).not.toEqual([]);
});

test('what is of no place that is served, by event or by order, is refused and changes nothing', async () => {
  const { harness, sent } = two({ here: ['vol-1'], there: ['vol-1'] });
  const elsewhere = { ...here, region: there.region };
  harness.put(messageFor(control, at(elsewhere, createVolume('vol-1'))));
  harness.put(orderFor(control, 'fix', 'f-20261121-0123456789ab', { place: elsewhere }));
  await harness.settle();
  expect(harness.dead).toHaveLength(2);
  expect(sent).toEqual({ here: [], there: [] });
  expect(harness.logs[0]?.['error']).toBe('it is of 111122223333 in us-gov-west-1, which is not served here');
});
