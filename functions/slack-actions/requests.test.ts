import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { slackHeaders } from '../../local/slack/payload.ts';
import { signingSecret as secret } from '../../test/fixtures/secrets.ts';
import { type SlackStandIn, startSlack } from '../../test/support/slack.ts';
import { type Clicking, clicksOn, id, NOW } from '../../test/support/slack-actions/world.ts';

let slack: SlackStandIn;
beforeAll(async () => {
  slack = await startSlack();
});
afterAll(() => slack.stop());
beforeEach(() => void slack.posted.splice(0));

const withHeaders = (headers: { [name: string]: string | undefined }): Clicking => ({
  change: (request) => ({ ...request, headers: { ...request.headers, ...headers } }),
});

describe('a request', () => {
  test.each<[string, Clicking]>([
    ['signed with another secret', { secret: 'of somebody else' }],
    ['without a signature', withHeaders({ 'x-slack-signature': undefined })],
    ['without a time', withHeaders({ 'x-slack-request-timestamp': undefined })],
    ['with a signature of another version', { change: (one) => withVersion(one, 'v1') }],
    ['with half a signature', withHeaders({ 'x-slack-signature': 'v0=00' })],
    ['with a signature that is no hex', withHeaders({ 'x-slack-signature': `v0=${'z'.repeat(64)}` })],
    ['with a time that is none', withHeaders({ 'x-slack-request-timestamp': 'now' })],
    ['with another time than was signed', withHeaders({ 'x-slack-request-timestamp': String(NOW.getTime() / 1000 + 1) })],
    ['that comes 301 s late', { skew: -301 }],
    ['that comes 301 s from the future', { skew: 301 }],
    ['whose body was changed', { change: (one) => ({ ...one, body: `${one.body}&payload=more` }) }],
    ['whose body was removed', { change: ({ body: _, ...one }) => one }],
    ['whose body claims to be base64', { change: (one) => ({ ...one, isBase64Encoded: true }) }],
  ])('%s is refused, and nobody is told', async (_name, clicking) => {
    const { click, put, sent } = clicksOn(slack);
    await put();
    expect(await click(clicking)).toBe(401);
    expect([sent, slack.posted]).toEqual([[], []]);
  });

  test.each([-300, 300])('%i s off is taken', async (skew) => {
    const { click, put, sent } = clicksOn(slack);
    await put();
    expect(await click({ skew })).toBe(200);
    expect(sent).toHaveLength(1);
  });

  test('that comes again is refused, in whatever spelling', async () => {
    const { click, put, sent } = clicksOn(slack);
    await put();
    expect(await click()).toBe(200);
    expect(await click()).toBe(401);
    const upper = (text = '') => `v0=${text.slice(3).toUpperCase()}`;
    const spelled: Clicking = {
      change: (one) => ({ ...one, headers: { ...one.headers, 'x-slack-signature': upper(one.headers['x-slack-signature']) } }),
    };
    expect(await click(spelled)).toBe(401);
    expect(sent).toHaveLength(1);
  });

  test('is verified over its bytes, which may come as base64', async () => {
    const { click, put, sent, requestOf } = clicksOn(slack);
    await put();
    const asBase64: Clicking = {
      change: (one) => ({ ...one, body: Buffer.from(one.body ?? '', 'utf8').toString('base64'), isBase64Encoded: true }),
    };
    expect(requestOf(asBase64).body).not.toContain('payload');
    expect(await click(asBase64)).toBe(200);
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['no form', '{"payload":{}}'],
    ['no payload', 'token=x'],
    ['two payloads', 'payload=%7B%7D&payload=%7B%7D'],
    ['a payload that is no JSON', 'payload=%7B'],
    ['a payload of no type', 'payload=%7B%7D'],
    ['a click of nobody', new URLSearchParams({ payload: JSON.stringify({ type: 'block_actions', actions: [] }) }).toString()],
    ['bytes in another encoding', Buffer.from('payload=%FF%FE').toString('latin1')],
  ])('rightly signed, with %s, is a bad one, and its body is in no log', async (_name, body) => {
    const { click, sent, logs } = clicksOn(slack);
    expect(await click({ body })).toBe(400);
    expect([sent, slack.posted, logs]).toEqual([[], [], []]);
  });

  test.each<[string, Clicking]>([
    ['a click on a link', { action: 'redress_console' }],
    ['the name of a built-in', { action: 'constructor' }],
    ['a shortcut', { payload: { type: 'shortcut' } }],
  ])('with %s is taken note of, and no more', async (_name, clicking) => {
    const { click, put, sent } = clicksOn(slack);
    await put();
    expect(await click(clicking)).toBe(200);
    expect([sent, slack.posted]).toEqual([[], []]);
  });

  test.each([
    'https://hooks.slack.com.example.com/x',
    'https://hooks.slack.com@169.254.169.254/',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'not a URL',
  ])('that names the response URL %s has its order sent, and nothing posted there', async (responseUrl) => {
    const { click, put, sent, logs } = clicksOn(slack);
    await put();
    expect(await click({ responseUrl })).toBe(200);
    expect(sent).toHaveLength(1);
    expect(slack.posted).toEqual([]);
    expect(logs).toContainEqual(expect.objectContaining({ error: 'the response URL is not one of Slack' }));
  });

  test('is refused with an error, so that an alarm tells, if the secret cannot be read', async () => {
    const { click, sent } = clicksOn(slack);
    const secretOf = () => Promise.reject(new Error('AccessDenied'));
    await expect(click({}, { secretOf })).rejects.toThrow('AccessDenied');
    expect(sent).toEqual([]);
  });

  test('leaves neither signature, secret nor body in a log', async () => {
    const { click, put, logs } = clicksOn(slack);
    await put();
    await click();
    await click({ secret: 'wrong' });
    const text = JSON.stringify(logs);
    for (const part of [secret, 'v0=', 'response', 'trigger']) expect(text).not.toContain(part);
    expect(text).toContain(id);
  });
});

function withVersion<Request extends { headers: object }>(request: Request, version: string): Request {
  const signature = slackHeaders('', secret, NOW)['x-slack-signature'] ?? '';
  return { ...request, headers: { ...request.headers, 'x-slack-signature': signature.replace('v0', version) } };
}
