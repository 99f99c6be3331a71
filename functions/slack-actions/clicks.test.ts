import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Finding, statuses } from '#shared/finding/finding.ts';
import { parseMessage } from '#shared/finding/message.ts';
import type { SlackActions } from '#shared/finding/slack-actions.ts';
import { finding } from '../../test/cli/world.ts';
import { botToken } from '../../test/fixtures/secrets.ts';
import { messageOf, type SlackStandIn, startSlack } from '../../test/support/slack.ts';
import { account, type Clicking, clicksOn, id } from '../../test/support/slack-actions/world.ts';
import { slackMessage } from '../alerts/render/slack.ts';
import { alertView } from '../alerts/view.ts';
import { slackHosts } from './slack.ts';

let slack: SlackStandIn;
beforeAll(async () => {
  slack = await startSlack();
});
afterAll(() => slack.stop());
beforeEach(() => {
  slack.posted.splice(0);
  slack.script.splice(0);
  slack.apiStatus = 200;
});

describe('an order', () => {
  test.each([
    ['fix', {}],
    ['exempt', { until: '2027-02-07T12:00:00.000Z', reason: 'exempted in Slack by slack:U0DANA (dana)' }],
  ])('to %s goes to the queue of the kind, in a form that the engine takes', async (kind, more) => {
    const { click, put, sent } = clicksOn(slack);
    await put();
    expect(await click({ action: `redress_${kind}` })).toBe(200);
    expect(sent).toMatchObject([{ kind: 'volumes', body: { control: 'volume-encrypted', order: { kind, finding: id, ...more } } }]);
    const { occasion } = parseMessage(JSON.stringify(sent[0]?.body));
    expect(occasion).toMatchObject({ is: 'order', order: { by: 'slack:U0DANA (dana)', isAnnounced: true } });
  });

  test.each([
    ['fix', `${id} p-1`, 'p-1'],
    ['fix', id, undefined],
    ['exempt', `${id} p-1`, undefined],
  ])('to %s from a button that holds %s is of the plan %s', async (kind, value, plan) => {
    const { click, put, sent } = clicksOn(slack);
    await put({ plan: 'p-2' });
    expect(await click({ action: `redress_${kind}`, finding: value })).toBe(200);
    expect(sent[0]?.body.order).toMatchObject({ finding: id });
    expect(sent[0]?.body.order?.plan).toBe(plan);
  });

  test('on a finding of a member goes to the hub’s queue, if the clicker may give it in that account', async () => {
    const member = '444455556666';
    const allow = [{ account: member, users: ['U0DANA'] }];
    const { click, put, sent, told } = clicksOn(slack, { allow });
    await put({ account: member });
    await click({}, { isHub: true });
    expect(sent).toMatchObject([{ body: { order: { finding: id, place: { account: member } } } }]);
    told();
    await put({ account: '777788889999' });
    // another request, by its time
    await click({ skew: 1 }, { isHub: true });
    expect([sent.length, told()]).toEqual([1, [expect.stringContaining('Nothing was done.')]]);
  });

  test('of a fix is of the plan that the message shows', () => {
    const { blocks } = slackMessage(alertView(finding({ status: 'awaiting-approval', plan: 'p-1' })), { hasActions: true });
    const held = blocks
      .flatMap((block) => (block.type === 'actions' ? block.elements : []))
      .map((one) => ('value' in one ? one.value : undefined));
    expect(held).toEqual([`${id} p-1`, id]);
  });

  test('is told to the clicker, and in the message, where it takes the place of the buttons', async () => {
    const { click, put } = clicksOn(slack);
    await put();
    await click({ payload: { message: { ...messageOf(id), thread_ts: '1800000000.000001' } } });
    const message = slack.posted.find((one) => one.replace_original);
    expect(message).toMatchObject({ text: messageOf(id).text, thread_ts: '1800000000.000001' });
    expect(message?.blocks?.[0]).toEqual(messageOf(id).blocks[0]);
    expect(message?.blocks?.slice(1)).toEqual([
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: expect.stringMatching(/^<@U0DANA> ordered a fix, <!date\^1801396800\^.+\|2027-01-31T12:00:00.000Z>$/) },
        ],
      },
    ]);
    expect(slack.posted.find((one) => one.response_type === 'ephemeral')).toMatchObject({
      replace_original: false,
      text: expect.stringContaining('vol-1'),
    });
  });

  test('keeps what else a message holds, attachments too', async () => {
    const { click, put } = clicksOn(slack);
    await put();
    const { blocks, ...message } = messageOf(id);
    await click({ payload: { message: { ...message, attachments: [{ color: '#c00', blocks }] } } });
    const [attachment] = slack.posted.find((one) => one.replace_original)?.attachments ?? [];
    expect(attachment).toMatchObject({ color: '#c00', blocks: [blocks[0], { type: 'context' }] });
  });

  test('names nobody whom the clicker or the resource could call', async () => {
    const { click, put, sent } = clicksOn(slack);
    await put({ resource: { type: 'AWS::EC2::Volume', id: '<!channel> & <script>alert(1)</script>\n*x*', arn: 'arn:x' } });
    await click({ payload: { user: { id: 'U0DANA', username: '<!channel> (root) dana/x', team_id: 'T0HOME' } } });
    expect(sent[0]?.body.order?.by).toBe('slack:U0DANA (channel root danax)');
    const text = JSON.stringify(slack.posted);
    expect(text).not.toMatch(/<!channel|<script/);
    expect(text).toContain('&lt;!channel&gt; &amp; &lt;script&gt;');
  });

  test('cuts what is too long for a message', async () => {
    const { click, put, told } = clicksOn(slack);
    await put({ resource: { type: 'AWS::EC2::Volume', id: 'x'.repeat(10_000), arn: 'arn:x' } });
    await click();
    expect(told()[0]?.length).toBeLessThan(400);
  });
});

describe('who may not', () => {
  const mallory = { user: { id: 'U0MALLORY', username: 'mallory', team_id: 'T0HOME' } };
  const other = '999988887777';
  const grouped: Partial<SlackActions> = { botTokenParameter: '/redress/slack/bot-token', allow: [{ account, groups: ['S0OPS'] }] };

  test.each<[string, Partial<SlackActions>, Clicking]>([
    ['is nobody of the list', {}, { payload: mallory }],
    ['is on the list of another account', { allow: [{ account: other, users: ['U0DANA'] }] }, {}],
    ['has another order', { allow: [{ account, users: ['U0DANA'], orders: ['exempt'] }] }, {}],
    ['is of another workspace', {}, { payload: { user: { id: 'U0DANA', team_id: 'T0GUEST' } } }],
    ['is of an unknown workspace', {}, { payload: { user: { id: 'U0DANA' } } }],
    ['meets an empty list', { allow: [] }, {}],
  ])('%s, is told so, and nothing is sent', async (_name, changes, clicking) => {
    const { click, put, sent, told } = clicksOn(slack, changes);
    await put();
    expect(await click(clicking)).toBe(200);
    expect(sent).toEqual([]);
    expect(told()).toEqual([expect.stringMatching(/^Nothing was done\. You (may not fix|are not of)/)]);
  });

  test('a member of a group may, and is asked for once a minute', async () => {
    slack.groups['S0OPS'] = ['U0DANA'];
    slack.tokens.splice(0);
    const { click, put, sent } = clicksOn(slack, grouped);
    await put();
    await click();
    await click({ payload: { trigger_id: 'another' } });
    expect(sent).toHaveLength(2);
    expect(slack.tokens).toEqual([`Bearer ${botToken}`]);
  });

  test.each([
    ['Slack does not know it', 200],
    ['Slack fails', 500],
    ['Slack has had enough', 429],
  ])('a group that cannot be read grants nothing, and the clicker is told: %s', async (_name, status) => {
    slack.apiStatus = status;
    const { click, put, sent, told, logs } = clicksOn(slack, { ...grouped, allow: [{ account, groups: ['S0GONE'] }] });
    await put();
    expect(await click()).toBe(200);
    expect(sent).toEqual([]);
    expect(told()).toEqual([expect.stringContaining('Slack did not say who is in the user group S0GONE')]);
    expect(logs).toContainEqual(expect.objectContaining({ level: 'warn', group: 'S0GONE', error: expect.stringMatching(/^Slack /) }));
  });
});

describe('an order that makes no sense', () => {
  const of = (control: string, status: Finding['status']): Partial<Finding> => ({ control, status });
  const long = { until: '2027-06-30', owner: 'data team', reason: 'being migrated', isEnding: false };

  test.each<[string, Partial<Finding>, string, RegExp]>([
    ['fix', of('volume-encrypted', 'fixed'), 'of what is fixed', /fixed already/],
    ['fix', of('volume-encrypted', 'superseded'), 'of what is replaced', /replaced already/],
    ['fix', of('volume-encrypted', 'would-fix'), 'where the control observes', /only observes/],
    ['fix', of('volume-encrypted', 'skipped'), 'of what is left unchanged', /skips it/],
    ['fix', of('volume-retired', 'open'), 'of a control that is gone', /no control volume-retired/],
    ['fix', { account: '999988887777' }, 'of another account', /of the account 999988887777, and this is 111122223333/],
    ['undo', { ...of('volume-encrypted', 'fixed'), canUndo: false }, 'without an undo', /no undo/],
    ['undo', of('ebs-default-encryption', 'open'), 'of what is not fixed', /not fixed/],
    ['undo', of('ebs-default-encryption', 'undone'), 'of what is undone', /undone already/],
    ['exempt', of('volume-encrypted', 'fixed'), 'of what is fixed', /fixed already/],
    ['exempt', { status: 'exempt', exemption: long }, 'for less than it is exempt', /exempt until 2027-06-30 already/],
  ])('%s, %o, %s, is answered, and not sent', async (kind, finding, _why, says) => {
    const { click, put, sent, told } = clicksOn(slack);
    await put(finding);
    expect(await click({ action: `redress_${kind}` })).toBe(200);
    expect(sent).toEqual([]);
    expect(told()).toEqual([expect.stringMatching(says)]);
    expect(slack.posted.some((one) => one.replace_original)).toBe(false);
  });

  test.each(statuses)('is never what the message of a finding that is %s offers', async (status) => {
    for (const control of ['volume-encrypted', 'ebs-default-encryption']) {
      const exemption = { ...long, until: '2027-02-02', isEnding: true };
      const offered = finding({
        control,
        status,
        ...(status === 'exempt' && { exemption }),
        ...(control === 'volume-encrypted' && { canUndo: false as const }),
      });
      for (const action of alertView(offered).next.flatMap(({ order }) => order ?? [])) {
        const { click, put, sent } = clicksOn(slack);
        await put(offered);
        await click({ action: `redress_${action}` });
        expect(sent.map(({ body }) => body.order?.kind)).toEqual([action]);
      }
    }
  });

  test.each(['f-20270131-ffffffffffff', 'no id', '', '<!channel>'])('about the unknown finding “%s” is answered', async (finding) => {
    const { click, sent, told } = clicksOn(slack);
    expect(await click({ finding })).toBe(200);
    expect([sent, told()]).toEqual([[], [expect.stringContaining('does not know this finding')]]);
  });

  test('an undo that failed may be ordered again, an exemption that ends sooner be prolonged', async () => {
    const { click, put, sent } = clicksOn(slack);
    await put({ ...of('ebs-default-encryption', 'failed'), isFailedUndo: true });
    await click({ action: 'redress_undo' });
    await put({ status: 'exempt', exemption: { ...long, until: '2027-02-02' } });
    await click({ action: 'redress_exempt' });
    expect(sent.map(({ body }) => body.order?.kind)).toEqual(['undo', 'exempt']);
    // seven days more, and not seven days from now
    expect(sent[1]?.body.order?.until).toBe('2027-02-10T00:00:00.000Z');
  });
});

describe('Slack', () => {
  test.each<[string, SlackStandIn['script'], number]>([
    ['answers 500 once', [{ status: 500 }, { status: 200 }, { status: 200 }], 3],
    ['answers 429 for now', [{ status: 429, retryAfter: 1 }, { status: 200 }, { status: 200 }], 3],
    ['answers 429 for long', [{ status: 429, retryAfter: 30 }, { status: 200 }], 2],
    ['answers 500 on and on', Array.from({ length: 4 }, () => ({ status: 500 })), 4],
    ['knows the URL no more', [{ status: 404 }, { status: 404 }], 2],
    ['does not answer', ['hang', 'hang'], 2],
  ])('that %s changes nothing about the order, nor keeps the clicker waiting', async (_name, script, posts) => {
    slack.script.push(...script);
    const { click, put, sent } = clicksOn(slack);
    await put();
    const started = Date.now();
    expect(await click()).toBe(200);
    expect(Date.now() - started).toBeLessThan(2500);
    expect(sent).toHaveLength(1);
    expect(slack.posted).toHaveLength(posts);
  });

  test('has its own hosts, unless a local run stands in for them', () => {
    const { api, isResponse } = slackHosts();
    expect(api).toBe('https://slack.com/api');
    expect(isResponse('https://hooks.slack.com/actions/T0/1/x')).toBe(true);
    for (const url of ['http://hooks.slack.com/x', 'https://hooks.slack.com:8443/x', 'https://x@hooks.slack.com/x', slack.base])
      expect(isResponse(url)).toBe(false);
  });
});

test('a ledger that does not answer is told to the clicker, and to whoever watches', async () => {
  const { click, put, told, ledger } = clicksOn(slack);
  await put();
  const broken = { ...ledger, claim: () => Promise.reject(new Error('no table')) };
  await expect(click({}, { ledger: broken })).rejects.toThrow('no table');
  expect(told()).toEqual([expect.stringContaining('could not pass on your order')]);
});

test('a queue that takes nothing is told to the clicker, and to whoever watches', async () => {
  const { click, put, told } = clicksOn(slack);
  await put();
  await expect(click({}, { send: () => Promise.reject(new Error('no queue')) })).rejects.toThrow('no queue');
  expect(told()).toEqual([expect.stringContaining('could not pass on your order')]);
});
