import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';
import { FINDING_DETAIL_TYPE, FINDING_SOURCE } from '#shared/finding/names.ts';
import { jsonAnswer } from '../../local/http.ts';
import { aVolumeFinding, hostile } from '../support/alerts/findings.ts';
import { digestCounts } from '../support/alerts/world.ts';
import { patience } from '../support/patience.ts';
import { VolumesWorld } from './volumes-world.ts';

const channels = {
  first: { tokenParameter: '/redress/slack/token', channel: 'C0000000001' },
  second: { tokenParameter: '/redress/slack/token', channel: 'C0000000002' },
  hook: { webhookParameter: '/redress/slack/hook' },
} as const;
/** Each test has a control of its own, and by it a channel. */
const to = (control: string, channel: string) => ({ controls: [control], to: [`slack:${channel}`] });

let world: VolumesWorld;
let events: EventBridgeClient;
beforeAll(async () => {
  const routes = [to('volume-encrypted', 'first'), to('ebs-default-encryption', 'second'), to('parameter-secure', 'hook')];
  world = await VolumesWorld.start({ config: { alerts: { slack: { channels }, securityHub: true, routes } }, concurrency: 2 });
  events = new EventBridgeClient(world.moto);
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.cloud.slack.fault = undefined;
});

/** Puts findings on the bus, as the engine does. */
async function announce(...findings: readonly Finding[]): Promise<void> {
  for (let start = 0; start < findings.length; start += 10) {
    const Entries = findings.slice(start, start + 10).map((finding) => ({
      EventBusName: world.output('BusName'),
      Source: FINDING_SOURCE,
      DetailType: FINDING_DETAIL_TYPE,
      Detail: JSON.stringify(finding),
    }));
    expect((await events.send(new PutEventsCommand({ Entries }))).FailedEntryCount).toBe(0);
  }
}

const postsIn = (channel: string) => world.cloud.slack.posts().filter((post) => world.cloud.slack.nameOf(post.channel) === channel);
const finding = (control: string, n: number, status: Finding['status'] = 'open', more: Partial<Finding> = {}) => {
  const id = `f-20261121-${n.toString(16).padStart(12, '0')}`;
  return aVolumeFinding(status, {
    id,
    announcement: `${id}-${status}`,
    control,
    account: world.cloud.account,
    region: 'us-east-1',
    ...more,
  });
};

test('a finding becomes a message, and its end an update of the same message and of the same finding of Security Hub', async () => {
  const open = finding('volume-encrypted', 1, 'open', { found: hostile });
  await announce(open);
  const [post] = await vi.waitFor(() => {
    expect(postsIn('first')).toHaveLength(1);
    return postsIn('first');
  }, patience);
  expect(post?.text).toContain('&lt;!channel&gt;');
  const timings = { ...open.timings, decidedAt: '2026-11-21T09:01:00.000Z', doneAt: '2026-11-21T09:01:00.000Z' };
  await announce({ ...open, status: 'superseded', announcement: `${open.id}-2`, timings });
  await vi.waitFor(() => expect(postsIn('first')).toEqual([expect.objectContaining({ ts: post?.ts, updates: 1 })]), patience);
  const hub = new SecurityHubClient(world.user);
  const { Findings = [] } = await hub.send(new GetFindingsCommand({}));
  const ours = Findings.filter(({ Id }) => Id?.endsWith(open.id));
  expect(ours).toEqual([expect.objectContaining({ RecordState: 'ARCHIVED', Compliance: { Status: 'PASSED' } })]);
});

test('the page draws the messages without what they would like to be', async () => {
  const page = await fetch(`${world.cloud.endpoint}/_local/slack`);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const html = await page.text();
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).not.toMatch(/<script|class="mention/);
  const messages: unknown = await (await fetch(`${world.cloud.endpoint}/_local/slack/messages`)).json();
  expect(messages).toEqual(world.cloud.slack.posts());
});

describe('Slack does not take it', () => {
  test('a webhook that answers 500, then 429, is told in the end, and once', async () => {
    let calls = 0;
    world.cloud.slack.fault = (method) => {
      if (method !== 'webhook') return undefined;
      calls += 1;
      if (calls === 1) return jsonAnswer({ ok: false, error: 'fatal_error' }, 500);
      return calls === 2 ? { ...jsonAnswer({}, 429), headers: { 'retry-after': '1' } } : undefined;
    };
    await announce(finding('parameter-secure', 2));
    await vi.waitFor(() => expect(postsIn('hook')).toHaveLength(1), patience);
    await world.quiet();
    expect(postsIn('hook')).toHaveLength(1);
    expect(calls).toBe(3);
  });
});

test('a thousand findings, through two environments at once: few calls, none refused, and the counts add up', async () => {
  const before = world.cloud.slack.log().length;
  const logged = world.logs.length;
  await announce(
    ...Array.from({ length: 1000 }, (_, n) =>
      finding('ebs-default-encryption', 1000 + n, 'awaiting-approval', {
        actor: { arn: null, name: `actor-${n % 25}`, via: 'console', sourceIp: null },
      }),
    ),
  );
  const told = (): number => {
    const posts = postsIn('second');
    const counts = digestCounts(posts);
    return counts.reduce((sum, count) => sum + count, 0) + posts.length - counts.length;
  };
  const since = () => world.logs.slice(logged).filter((line) => !line.includes('"level":"INFO"'));
  await vi.waitFor(() => expect(told(), since().join('\n')).toBe(1000), { timeout: 240_000, interval: 500 });
  const calls = world.cloud.slack.log().slice(before);
  expect(calls.length).toBeLessThanOrEqual(60);
  expect(calls.filter(({ error }) => error)).toEqual([]);
  expect(await world.depth(world.deadLetterUrl)).toBe(0);
  expect(world.logs.slice(logged).filter((line) => line.includes('"level":"ERROR"'))).toEqual([]);
});
