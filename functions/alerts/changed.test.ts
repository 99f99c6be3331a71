import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';
import { by, later, nth } from '../../test/support/alerts/many.ts';
import { AlertWorld } from '../../test/support/alerts/world.ts';
import { textAlert } from './render/email.ts';
import { changeMessage, slackMessage } from './render/slack.ts';
import { alertView } from './view.ts';

afterEach(() => vi.unstubAllGlobals());

/** The same finding, which means something else by now. */
const changed = (finding: Finding, ...parts: NonNullable<Finding['changed']>): Finding => ({
  ...later(finding, finding.status, '2026-11-21T10:00:00.000Z'),
  found: 'It is worse.',
  changed: parts,
});
const textOf = (post: object | undefined) => JSON.stringify(post);

describe('a finding that means something else', () => {
  test('changes its message, and says so below it, where it shows in the channel too', async () => {
    const world = new AlertWorld({ slack: { owners: { 'deploy/ci': 'U0123456789' } } });
    const one = nth(1);
    await world.arrive('bot', one);
    await world.pass(world.now + 60_000);
    await world.arrive('bot', changed(one, 'risk'));
    const [first, reply] = world.posts;
    expect(world.posts).toHaveLength(2);
    expect(textOf(first)).toContain('It is worse.');
    expect(reply).toMatchObject({ thread_ts: first?.ts, reply_broadcast: true });
    expect(textOf(reply)).toMatch(/<@U0123456789> \*Changed: what is at risk\*\\nIt is worse\./);
    // what comes of it changes the first message, where it is looked for
    await world.arrive('bot', later(changed(one, 'risk'), 'fixed', '2026-11-21T11:00:00.000Z'));
    expect(textOf(world.posts[0])).toContain('Fixed');
    expect(world.posts).toHaveLength(2);
  });

  test('only changes its message where nobody has to act, or another channel gets it by now', async () => {
    const calm = new AlertWorld();
    await calm.arrive('bot', nth(1, 'skipped'));
    await calm.arrive('bot', changed(nth(1, 'skipped'), 'reason'));
    expect(calm.posts).toHaveLength(1);
    const routed = new AlertWorld({ routes: [{ atLeast: 'critical', to: ['slack:bot'] }] });
    await routed.arrive('bot', { ...nth(1), severity: 'critical' });
    await routed.arrive('bot', { ...changed(nth(1), 'severity'), severity: 'low' });
    expect(routed.posts).toHaveLength(1);
    const quiet = new AlertWorld({ quiet: ['open'] });
    await quiet.arrive('bot', { ...nth(1, 'open'), status: 'awaiting-approval' });
    await quiet.arrive('bot', changed(nth(1, 'open'), 'risk'));
    expect(quiet.posts).toHaveLength(1);
  });

  test('says so in no flood of messages', async () => {
    const world = new AlertWorld();
    const all = Array.from({ length: 12 }, (_, n) => nth(n, 'open', by(`actor-${n}`)));
    for (const one of all) {
      await world.arrive('bot', one);
      await world.pass(world.now + 60_000);
    }
    await world.arrive('bot', ...all.map((one) => changed(one, 'risk')));
    expect(world.posts.filter(({ thread_ts }) => thread_ts)).toHaveLength(8);
    expect(world.posts.filter((post) => textOf(post).includes('It is worse.')).length).toBeGreaterThanOrEqual(12);
  });

  test('has a message of its own by a webhook', async () => {
    const world = new AlertWorld();
    await world.arrive('hook', nth(1));
    await world.pass(world.now + 60_000);
    await world.arrive('hook', changed(nth(1), 'risk'));
    expect(world.posts).toHaveLength(2);
  });
});

test('people read what changed, in words', () => {
  const view = alertView(changed(nth(1), 'severity', 'reason', 'risk'));
  const says = 'the severity, why it stands as it does, what is at risk';
  expect(textAlert(view).text).toContain(`Changed:   ${says}`);
  expect(textOf(slackMessage(view, { hasActions: false }))).toContain(says);
  expect(changeMessage(view, undefined).text).toContain(says);
  expect(changeMessage(alertView(nth(1)), undefined).text).toMatch(/\. Changed in /);
});

describe('a step', () => {
  const long = (says: string) => ({ ...nth(1), advice: [{ says }] });
  test('is shown whole or not at all, for a part of a command is another command', () => {
    const says = `Do it: \`aws ec2 delete-volume --volume-id ${'x'.repeat(1300)}\``;
    const slack = textOf(slackMessage(alertView(long(says)), { hasActions: false }));
    expect(slack).not.toContain('delete-volume');
    expect(slack).toContain(`A step that is too long for here: see it with \`redress show ${nth(1).id}\`.`);
  });
  test('is shown where it fits as it is drawn', () => {
    const says = `Do it: \`aws ec2 delete-volume --volume-id ${'x'.repeat(900)}\``;
    expect(textOf(slackMessage(alertView(long(says)), { hasActions: false }))).toContain(says);
  });
  test('of words alone is cut', () =>
    expect(textOf(slackMessage(alertView(long('x'.repeat(1300))), { hasActions: false }))).toContain(`${'x'.repeat(1000)}`));
});
