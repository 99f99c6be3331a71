import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEAD_LETTERS } from '#shared/finding/names.ts';
import { asMessage } from '../../cli/dead-letters.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { createVolume, messageFor } from '../fixtures/events.ts';
import { deployed, redress } from './world.ts';

const rule = (name: string) => `arn:aws:events:eu-west-1:111122223333:rule/${name}`;
const event = createVolume('vol-1');
const functions = await discoverFunctions();
const controls = (id: string, isMeant: (sweep: { every: string; atDeployment: boolean }) => boolean) =>
  functions.flatMap((fn) => (fn.id === id ? fn.controls.flatMap((one) => (isMeant(one.sweep) ? [one.id] : [])) : []));

test.each([
  ['the message of a rule', messageFor('volume-encrypted', event), rule('redress-volume-encrypted'), messageFor('volume-encrypted', event)],
  ['a bare event of a rule', event, rule('redress-volume-encrypted'), messageFor('volume-encrypted', event)],
  [
    'a bare event of a sweep',
    event,
    rule('redress-account-sweep-1-hour'),
    { controls: controls('account', ({ every }) => every === '1 hour'), event },
  ],
  [
    'a bare event of a deployment',
    event,
    rule('redress-account-deployed'),
    { controls: controls('account', ({ atDeployment }) => atDeployment), event },
  ],
  [
    'a bare event of a sweep of members',
    event,
    rule('redress-volumes-members-1-day'),
    { controls: controls('volumes', () => true), isOfMembers: true, event },
  ],
  [
    'a bare event of a member’s deployment',
    event,
    rule('redress-events/redress-volumes-deployed'),
    { controls: controls('volumes', () => true), event },
  ],
  ['a bare event of a member', event, rule('redress-events/redress-volume-encrypted'), messageFor('volume-encrypted', event)],
  ['a bare event of a sweep of a version before', event, rule('redress-volume-encrypted-sweep'), messageFor('volume-encrypted', event)],
  [
    'a bare event of a deployment of a version before',
    event,
    rule('redress-ebs-default-encryption-deployed'),
    messageFor('ebs-default-encryption', event),
  ],
  ['a bare event of a wake', event, rule('redress-volumes-wake'), { wake: true, event }],
  ['a bare event of the alerts rule, whose queue takes it as it is', event, rule('redress/redress-alerts'), event],
  ['a bare event of the wake of the alerts', event, rule('redress-alerts-wake'), { wake: true, event }],
  ['a dead letter that no rule put there', event, undefined, event],
])('%s goes back in the form that its queue takes', (_name, body, ruleArn, expected) => {
  expect(JSON.parse(asMessage(JSON.stringify(body), ruleArn, functions))).toEqual(expected);
});

test('a dead letter that is not JSON goes back untouched', () => {
  expect(asMessage('not JSON', rule('redress-volume-encrypted'), functions)).toBe('not JSON');
});

describe('what is in the dead-letter queue for all', () => {
  let cloud: ReturnType<typeof deployed>;
  beforeEach(() => {
    cloud = deployed();
  });
  afterEach(() => cloud.restore());

  const bodies = (name: string) => cloud.queues.get(name)?.map(({ body }) => body);
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const undelivered = (queue: string) => ({
    RULE_ARN: text(rule('redress-volume-encrypted')),
    TARGET_ARN: text(`arn:aws:sqs:eu-west-1:111122223333:${queue}`),
    ERROR_CODE: text('NO_PERMISSIONS'),
  });
  const letters = () => cloud.queues.get(DEAD_LETTERS);

  test('goes back to the queue that SQS or EventBridge names', async () => {
    const bare = JSON.stringify(event);
    letters()?.push(
      { body: 'a', source: 'redress-volumes' },
      { body: 'b', source: 'redress-alerts' },
      { body: bare, attributes: undelivered('redress-volumes') },
    );
    const { code, out } = await redress(['redrive']);
    expect(code).toBe(0);
    expect(out).toMatch(/volumes +2\nalerts +1$/);
    expect(bodies('redress-volumes')).toEqual(['a', JSON.stringify(messageFor('volume-encrypted', event))]);
    expect(bodies('redress-alerts')).toEqual(['b']);
    expect([letters()?.length, cloud.inHand.size]).toEqual([0, 0]);
  });

  test('is left where it is, and reported, if nothing says where it came from, or no such queue is there', async () => {
    letters()?.push(
      { body: 'a' },
      { body: 'b', source: 'redress-buckets' },
      { body: 'c', attributes: undelivered('someone-elses') },
      { body: 'd', source: 'redress-volumes' },
    );
    const { code, out, err } = await redress(['redrive']);
    expect(code).toBe(1);
    expect(out).toMatch(/volumes +1\nalerts +0$/);
    expect(err).toContain('3 left in redress-dead-letters');
    expect(bodies(DEAD_LETTERS)?.sort()).toEqual(['a', 'b', 'c']);
    const lines = (await redress(['redrive', '--json'])).out.split('\n').map((line) => JSON.parse(line));
    expect(lines).toContainEqual({ type: 'redrive', kind: null, moved: 0, left: 3 });
  });

  test('gives no order that SQS has not moved there: whoever can send to it would give it in the name of who redrives', async () => {
    const order = JSON.stringify({ control: 'volume-encrypted', order: { kind: 'fix', id: '1', finding: 'f', by: 'me', at: 'now' } });
    letters()?.push({ body: order, attributes: undelivered('redress-volumes') }, { body: order, source: 'redress-volumes' });
    expect((await redress(['redrive'])).code).toBe(1);
    expect(bodies('redress-volumes')).toEqual([order]);
    expect(letters()).toHaveLength(1);
  });

  test('of one kind goes back alone', async () => {
    letters()?.push(
      ...Array.from({ length: 25 }, (_, n) => ({ body: `${n}`, source: n % 5 === 0 ? 'redress-alerts' : 'redress-volumes' })),
    );
    expect(await redress(['redrive', 'alerts'])).toMatchObject({ code: 0, out: expect.stringMatching(/alerts +5$/) });
    expect(bodies('redress-alerts')).toHaveLength(5);
    expect(letters()).toHaveLength(20);
    expect(cloud.inHand.size).toBe(0);
  });

  test('of a version before goes back too', async () => {
    cloud.queues.get('redress-volumes-dlq')?.push({ body: 'a' }, { body: 'b', source: 'redress-volumes' });
    expect(await redress(['redrive', 'volumes'])).toMatchObject({ code: 0, out: expect.stringMatching(/volumes +2$/) });
    expect(bodies('redress-volumes')?.sort()).toEqual(['a', 'b']);
  });

  test('is still there if its queue does not take it', async () => {
    letters()?.push({ body: 'a', source: 'redress-volumes' });
    cloud.sqs.on(SendMessageCommand).rejects(new Error('no'));
    const { code, err } = await redress(['redrive']);
    expect(code).toBe(1);
    expect(err).toContain('what was not moved is still in its dead-letter queue');
    expect(bodies(DEAD_LETTERS)).toEqual(['a']);
  });

  test('of a kind that is not there is a wrong question', async () => {
    expect(await redress(['redrive', 'buckets'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('the stack Redress has volumes, alerts'),
    });
  });
});
