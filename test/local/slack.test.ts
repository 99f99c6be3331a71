import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { markup, slackPage } from '../../local/slack/page.ts';
import { readMessage } from '../../local/slack/rules.ts';
import { LOCAL_TOKEN } from '../../local/slack/secrets.ts';
import { SlackSink } from '../../local/slack/sink.ts';
import { terminalLines } from '../../local/slack/terminal.ts';

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const plain = (text: string) => ({ type: 'plain_text', text });
const button = (text: string, value = 'v') => ({ type: 'button', text: plain(text), value });

describe('what Slack would refuse is refused', () => {
  test.each<[string, object[], string]>([
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' })), 'invalid_blocks'],
    ['a section of 3,001 characters', [section('x'.repeat(3001))], 'invalid_blocks'],
    ['an empty section', [{ type: 'section' }], 'invalid_blocks'],
    ['a header of 151 characters', [{ type: 'header', text: plain('x'.repeat(151)) }], 'invalid_blocks'],
    ['a header in mrkdwn', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], 'invalid_blocks'],
    ['11 fields', [{ type: 'section', fields: Array.from({ length: 11 }, () => plain('x')) }], 'invalid_blocks'],
    ['a field of 2,001 characters', [{ type: 'section', fields: [plain('x'.repeat(2001))] }], 'invalid_blocks'],
    ['a button of 76 characters', [{ type: 'actions', elements: [button('x'.repeat(76))] }], 'invalid_blocks'],
    ['a value of 2,001 characters', [{ type: 'actions', elements: [button('x', 'x'.repeat(2001))] }], 'invalid_blocks'],
    ['11 elements of a context', [{ type: 'context', elements: Array.from({ length: 11 }, () => plain('x')) }], 'invalid_blocks'],
    ['a block that there is not', [{ type: 'marquee' }], 'invalid_blocks'],
    ['more text than a message holds', Array.from({ length: 6 }, () => section('x'.repeat(2900))), 'msg_blocks_too_long'],
    ['nothing', [], 'no_text'],
  ])('%s', (_name, blocks, error) => {
    expect(readMessage({ blocks })).toMatchObject({ error });
  });
});

test('a channel takes a short burst, then one message a second, and says how long to wait', () => {
  let now = 0;
  const sink = new SlackSink({ now: () => now });
  sink.open({ slack: { channels: { one: { tokenParameter: '/t', channel: 'C0123456789' } } } });
  const post = (token = LOCAL_TOKEN, channel = 'C0123456789') =>
    sink.answer({
      method: 'POST',
      path: '/api/chat.postMessage',
      headers: { authorization: `Bearer ${token}` },
      body: Buffer.from(JSON.stringify({ channel, text: 'hello' })),
    });
  const statuses = Array.from({ length: 4 }, () => post()?.status);
  expect(statuses).toEqual([200, 200, 429, 429]);
  expect(post()?.headers['retry-after']).toBe('1');
  now = 1000;
  expect(post()?.status).toBe(200);
  expect(post('xoxb-other')?.body.toString()).toContain('invalid_auth');
  expect(post(LOCAL_TOKEN, 'C9999999999')?.body.toString()).toContain('channel_not_found');
  expect(sink.posts()).toHaveLength(3);
});

test('the page knows the forms of Slack, and draws everything else as text', () => {
  expect(markup('*bold* _it_ `a<b` <https://example.com/?a=1&amp;b=2|here> <@U0123456789> &lt;b&gt;')).toBe(
    '<b>bold</b> <i>it</i> <code>a&lt;b</code> <a href="https://example.com/?a=1&amp;b=2" rel="noreferrer">here</a> ' +
      '<span class="mention">@U0123456789</span> &lt;b&gt;',
  );
  // a channel is really called by this form: it must show
  expect(markup('<!channel>')).toContain('loud');
  expect(markup('<javascript:alert(1)|x> <img src=x onerror=alert(1)> "q"')).not.toMatch(/<(a|img)/);
});

test('a date is shown as Slack would, and by its other text where its format is not known', () => {
  const seconds = Date.parse('2027-01-31T12:00:05') / 1000;
  expect(markup(`<!date^${seconds}^{date_short_pretty} at {time_secs}|x>`)).toMatch(/^Jan 31, 2027 at 12:00:05.PM$/);
  expect(markup(`<!date^${Math.floor(Date.now() / 1000)}^{date_short_pretty}|x>`)).toBe('today');
  expect(markup(`<!date^${seconds}^{ago}|2027-01-31>`)).toBe('2027-01-31');
});

test('a terminal and the page show the same, and nothing from outside steers them', () => {
  const hostile = 'x\u202e\u{e0041}y \u0430dmin *\u200bz*';
  const sink = new SlackSink();
  sink.open({ slack: { channels: { team: { webhookParameter: '/redress/slack' } } } } as never);
  const body = Buffer.from(JSON.stringify({ text: 'x', blocks: [section(hostile)] }));
  expect(sink.answer({ method: 'POST', path: '/services/T/B/team', headers: {}, body } as never)?.status).toBe(200);
  expect(slackPage(sink, null).body.toString()).toContain('<p>x y \\u0430dmin *z*</p>');
  expect(terminalLines({ blocks: [section(hostile)] as never }, pc.createColors(false), 80)[0]).toBe('│ x y \\u0430dmin *z*');
});

test('a terminal shows the same, and nothing steers it', () => {
  const blocks = [{ type: 'header', text: plain('Fixed: x\u001b[2J') }, section('*Made by*\n`dana` &lt;b&gt;')] as const;
  const lines = terminalLines({ blocks: blocks as never }, pc.createColors(false), 80);
  expect(lines.map((line) => line.trimEnd())).toEqual(['│ Fixed: x [2J', '│ Made by', '│ dana <b>', '│']);
});
