import { expect, test } from 'vitest';
import { scheduled } from '../../test/fixtures/events.ts';
import { goingBack, split } from './split.ts';

const event = scheduled();
const delivery = (body: object, id = 'm-1') => ({ id, body: JSON.stringify(body), receiveCount: 1 });

test('a message of one control stays what it is, as a version before sent it', async () => {
  const one = delivery({ control: 'volume-encrypted', event });
  expect(await split(one)).toEqual([one]);
  expect(await split({ ...one, body: 'not JSON' })).toEqual([{ ...one, body: 'not JSON' }]);
});

test('a message of several controls is a part for each, once', async () => {
  const parts = await split(delivery({ controls: ['a', 'b', 'a'], event }));
  expect(parts.map(({ id, body }) => [id, JSON.parse(body)])).toEqual([
    ['m-1 a', { control: 'a', event, waits: {} }],
    ['m-1 b', { control: 'b', event, waits: {} }],
  ]);
});

test.each([
  ['of members', { controls: ['a'], event, isOfMembers: true }, 'which only a hub has'],
  ['of no control', { controls: [], event }, 'the message.controls: expected'],
  ['without an event', { controls: ['a'] }, 'the message.event: expected'],
])('a message %s is refused where there is no hub', async (_name, body, text) => {
  await expect(split(delivery(body))).rejects.toThrow(text);
});

test('beside what succeeded a control that failed goes on alone; else all go back', async () => {
  const [first, second, third] = [
    delivery({ controls: ['a', 'b', 'c'], event }),
    delivery({ controls: ['a', 'b'], event }, 'm-2'),
    delivery({}, 'm-3'),
  ];
  const messages = (await Promise.all([first, second, third].map((one) => split(one)))).flat();
  const { ids, alone } = goingBack(messages, new Set(['m-1 b', 'm-2 a', 'm-2 b', 'm-3']));
  expect([...ids]).toEqual(['m-2', 'm-3']);
  expect(alone).toEqual([{ id: 'm-1', body: { control: 'b', event, waits: {} } }]);
  expect(goingBack(messages, new Set())).toEqual({ ids: new Set(), alone: [] });
});
