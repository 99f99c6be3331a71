import { describe, expect, test } from 'vitest';
import type { SlackConfig } from '#shared/finding/alerts-config.ts';
import type { SlackActions } from '#shared/finding/slack-actions.ts';
import { readClick } from '../../functions/slack-actions/click.ts';
import { isGenuine, signedRequest } from '../../functions/slack-actions/signature.ts';
import type { HttpRequest } from '../../local/http.ts';
import type { LocalSlack } from '../../local/slack/click.ts';
import { answerSlack } from '../../local/slack/routes.ts';
import { LOCAL_SIGNING_SECRET, LOCAL_TOKEN } from '../../local/slack/secrets.ts';
import { SlackSink } from '../../local/slack/sink.ts';
import { messageOf } from '../support/slack.ts';

const parameter = '/redress/slack/signing-secret';
const actions = {
  signingSecretParameter: parameter,
  botTokenParameter: '/redress/slack/token',
  workspaces: ['T0HOME', 'T0OTHER'],
  allow: [
    { account: '999988887777', users: ['U0ELSEWHERE'] },
    { account: '*', users: ['U0DANA'] },
    { account: '*', groups: ['S0OPS'] },
  ],
};
const channels = { ops: { tokenParameter: '/redress/slack/token', channel: 'C0123456789' } };
const host = '127.0.0.1:4566';
const finding = 'f-20270131-0123456789ab';

/** A local Slack with one message that has buttons, before a function that only notes what it is called with. */
async function world({
  slack = { channels, actions, owners: { dana: 'U0DANA' } },
  ...changes
}: Partial<LocalSlack> & { slack?: SlackConfig } = {}) {
  let now = Date.parse('2027-01-31T12:00:00.000Z');
  const sink = new SlackSink({ now: () => now });
  const secrets = sink.open({ slack });
  const calls: HttpRequest[] = [];
  const local: LocalSlack = {
    sink,
    base: `http://${host}/_local/slack`,
    secretOf: async (name) => secrets.get(name),
    call: async (request) => {
      calls.push(request);
      return { status: 200, headers: {}, body: Buffer.alloc(0) };
    },
    ...changes,
  };
  const send = async (method: string, path: string, body = '', headers: object = {}) => {
    const answer = await answerSlack(
      { method, path: `/_local/slack${path}`, headers: { host, ...headers }, body: Buffer.from(body) },
      local,
    );
    return { status: answer?.status, headers: answer?.headers ?? {}, text: answer?.body.toString('utf8') ?? '' };
  };
  const { text, blocks } = messageOf(finding);
  const bot = { authorization: `Bearer ${LOCAL_TOKEN}` };
  await send('POST', '/api/chat.postMessage', JSON.stringify({ channel: 'C0123456789', text, blocks }), bot);
  const ts = sink.posts()[0]?.ts ?? '';
  return {
    sink,
    calls,
    secrets,
    send,
    bot,
    ts,
    click: (changed: object = {}, headers: object = {}) =>
      send(
        'POST',
        '/click',
        `${new URLSearchParams({ as: 'U0DANA', channel: 'C0123456789', ts, action: 'redress_fix', ...changed })}`,
        headers,
      ),
    /** Posts to the response URL of the last click. */
    respond: (body: object) => send('POST', urlOf(calls.at(-1)), JSON.stringify(body)),
    pass: (ms: number): void => {
      now += ms;
    },
  };
}

function payloadOf(call: HttpRequest | undefined) {
  return JSON.parse(new URLSearchParams(call?.body.toString('utf8')).get('payload') ?? '{}');
}

function urlOf(call: HttpRequest | undefined): string {
  return payloadOf(call).response_url.replace(`http://${host}/_local/slack`, '');
}

describe('a click on the page', () => {
  test('reaches the function as one of Slack would: signed, by whoever clicked, on the message as it is', async () => {
    const { calls, click, ts } = await world();
    const { status, headers } = await click();
    expect([status, headers['location']]).toEqual([303, `/_local/slack?as=U0DANA&clicked=${ts}#m-${ts}`]);
    const [call] = calls;
    const request = { headers: call?.headers as { [name: string]: string }, body: call?.body.toString('utf8') };
    const signed = signedRequest(request, new Date());
    expect(signed && isGenuine(signed, LOCAL_SIGNING_SECRET)).toBe(true);
    expect(readClick(call?.body ?? Buffer.alloc(0))).toMatchObject({
      order: 'fix',
      finding,
      user: { id: 'U0DANA', name: 'dana', workspace: 'T0HOME' },
      blockId: 'redress_actions',
      message: { blocks: messageOf(finding).blocks },
    });
    expect(payloadOf(call)).toMatchObject({
      team: { id: 'T0HOME' },
      channel: { id: 'C0123456789', name: 'ops' },
      container: { message_ts: ts },
      trigger_id: expect.any(String),
    });
  });

  test.each<[string, object]>([
    ['another site’s page', { origin: 'https://example.com' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['a frame without an origin', { origin: 'null' }],
    ['a name that leads here', { host: 'rebound.example.com:4566', origin: 'http://rebound.example.com:4566' }],
    ['no name', { host: undefined }],
  ])('from %s is refused', async (_name, headers) => {
    const { calls, click } = await world();
    expect((await click({}, headers)).status).toBe(403);
    expect(calls).toEqual([]);
  });

  test('from the page itself, by either of its names, is taken; what others may not click they may not read', async () => {
    const { click, send } = await world();
    for (const name of [host, 'localhost:4566']) expect((await click({}, { host: name, origin: `http://${name}` })).status).toBe(303);
    for (const path of ['', '/messages', '/notes']) expect((await send('GET', path, '', { host: 'rebound.example.com' })).status).toBe(403);
  });

  test.each<[string, Parameters<typeof world>[0], object, RegExp]>([
    ['clicks are not configured', { slack: { channels } }, {}, /no alerts\.slack\.actions/],
    ['the signing secret is not there', { secretOf: async () => undefined }, {}, new RegExp(`The parameter ${parameter} is not there`)],
    ['the stack has no function for it', { call: async () => undefined }, {}, /no function URL/],
    ['the function fails', { call: async () => ({ status: 502, headers: {}, body: Buffer.alloc(0) }) }, {}, /The function answered 502/],
    ['nobody has the id', {}, { as: '<b>' }, /There is no user &lt;b&gt; here/],
    ['the message is gone', {}, { ts: '1.2' }, /no such button any more/],
    ['it has no such button', {}, { action: 'redress_pay' }, /no such button any more/],
  ])('says so if %s', async (_name, changes, clicked, says) => {
    const { click } = await world(changes);
    const { status, text } = await click(clicked);
    expect(status).toBe(409);
    expect(/<p class="trouble"[^>]*>(.*?)<\/p>/.exec(text)?.[1]).toMatch(says);
  });
});

describe('a response URL', () => {
  test('replaces the message that was clicked', async () => {
    const { sink, click, respond, ts } = await world();
    await click();
    expect(await respond({ replace_original: true, text: 'done' })).toMatchObject({ status: 200, text: 'ok' });
    expect(sink.posts()).toEqual([expect.objectContaining({ ts, text: 'done', blocks: [], updates: 1 })]);
  });

  test('tells the clicker alone, and the page shows it to nobody else', async () => {
    const { sink, click, respond, send, ts } = await world();
    await click({ as: 'U0STRANGER' });
    await respond({ response_type: 'ephemeral', replace_original: false, text: 'No, <b>stranger</b>' });
    await respond({ text: 'by default too' });
    expect(sink.notes()).toMatchObject([
      { about: ts, to: 'U0STRANGER', text: 'No, <b>stranger</b>' },
      { about: ts, to: 'U0STRANGER', text: 'by default too' },
    ]);
    expect(sink.posts()).toHaveLength(1);
    expect((await send('GET', '?as=U0STRANGER')).text).toMatch(/Only visible to you.*No, &lt;b&gt;stranger&lt;\/b&gt;/);
    expect((await send('GET', '')).text).not.toContain('Only visible to you');
  });

  test('can tell all, or take the message away', async () => {
    const { sink, click, respond, ts } = await world();
    await click();
    await respond({ response_type: 'in_channel', text: 'hear', thread_ts: ts });
    expect(sink.posts().at(-1)).toMatchObject({ text: 'hear', thread_ts: ts, by: 'bot' });
    expect((await respond({ delete_original: true })).status).toBe(200);
    expect(sink.posts().map(({ text }) => text)).toEqual(['hear']);
    expect(await respond({ replace_original: true, text: 'late' })).toMatchObject({
      status: 404,
      text: expect.stringContaining('message_not_found'),
    });
  });

  test('is good for five answers, within thirty minutes', async () => {
    const { click, respond, pass } = await world();
    await click();
    const statuses: (number | undefined)[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await respond({ text: 'x' })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect((await respond({ text: 'x' })).text).toContain('used_url');
    await click();
    pass(30 * 60_000);
    expect((await respond({ text: 'x' })).status).toBe(200);
    pass(1);
    expect(await respond({ text: 'x' })).toMatchObject({ status: 404, text: expect.stringContaining('expired_url') });
  });

  test('that no click has made is not there; blocks that Slack refuses are refused', async () => {
    const { sink, click, respond, send } = await world();
    expect((await send('POST', '/response/none', '{"text":"x"}')).status).toBe(404);
    await click();
    expect(await respond({ blocks: [{ type: 'marquee' }] })).toMatchObject({
      status: 400,
      text: expect.stringContaining('invalid_blocks'),
    });
    expect((await respond({ response_type: 'shout', text: 'x' })).status).toBe(400);
    expect(sink.log().filter(({ method }) => method === 'response')).toMatchObject([{ status: 404 }, { status: 400 }, { status: 400 }]);
  });
});

describe('the people of a config', () => {
  const clickersOf = (allow: SlackActions['allow']) => {
    const sink = new SlackSink();
    sink.open({ slack: { actions: { ...actions, allow } } });
    return sink.people.clickers.map(({ id, mayAct }) => [id, mayAct]);
  };

  test('are whom the first grant for this account allows, and a stranger', () => {
    expect(clickersOf(actions.allow)).toEqual([
      ['U0DANA', true],
      ['U0STRANGER', false],
    ]);
    expect(clickersOf([{ account: '123456789012', groups: ['S0OPS'] }])[0]).toEqual(['U0MEMBER', true]);
    expect(clickersOf([])).toEqual([['U0STRANGER', false]]);
  });

  test('are members of their groups, which only a bot may ask for', async () => {
    const { send, bot } = await world({ slack: { actions: { ...actions, allow: [{ account: '*', groups: ['S0OPS', 'S0MORE'] }] } } });
    const members = async (group: string, headers: object = bot) =>
      JSON.parse((await send('GET', `/api/usergroups.users.list?usergroup=${group}`, '', headers)).text);
    expect(await members('S0OPS')).toEqual({ ok: true, users: ['U0MEMBER'] });
    expect(await members('S0MORE')).toEqual({ ok: true, users: [] });
    expect(await members('S0NONE')).toEqual({ ok: false, error: 'no_such_subteam' });
    expect(await members('S0OPS', {})).toEqual({ ok: false, error: 'invalid_auth' });
  });
});
