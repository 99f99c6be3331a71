import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';
import { keysOf } from '#shared/ledger/items.ts';
import { slackHeaders } from '../../local/slack/payload.ts';
import { LOCAL_SIGNING_SECRET as secret } from '../../local/slack/secrets.ts';
import { patience } from '../support/patience.ts';
import { clickBody } from '../support/slack.ts';
import { VolumesWorld } from './volumes-world.ts';

const control = 'volume-encrypted';
/** Whom the local Slack has put into the group. */
const member = 'U0MEMBER';
let world: VolumesWorld;

beforeAll(async () => {
  world = await VolumesWorld.start({
    config: {
      controls: {
        [control]: { mode: 'approve', settleSeconds: 0 },
        'ebs-default-encryption': { mode: 'fix' },
        'volume-owner-tag': { mode: 'off' },
      },
      alerts: {
        slack: {
          channels: { ops: { tokenParameter: '/redress/slack/bot-token', channel: 'C0123456789' } },
          actions: {
            signingSecretParameter: '/redress/slack/signing-secret',
            botTokenParameter: '/redress/slack/bot-token',
            workspaces: ['T0HOME'],
            allow: [
              { account: '*', groups: ['S0OPS'] },
              { account: '*', users: ['U0DANA'] },
            ],
          },
        },
      },
    },
  });
});
afterAll(() => world?.stop());

const slack = () => world.cloud.slack;
const page = async (as: string) => await (await fetch(`${world.cloud.endpoint}/_local/slack?as=${as}`)).text();
/** The message about a finding, as it is now. */
const postOf = ({ id }: Finding) =>
  slack()
    .posts()
    .find(({ blocks }) => JSON.stringify(blocks).includes(id));
/** What only one person sees about a message. */
const toldTo = (user: string, about: string | undefined) =>
  slack()
    .notes()
    .flatMap((note) => (note.to === user && note.about === about ? note.text : []));

/** Clicks a button under the message about a finding through the page's form; answers the message. */
async function click(action: string, finding: Finding, as = member) {
  const form = await vi.waitFor(async () => {
    const forms = (await page(as)).match(/<form.*?<\/form>/gs) ?? [];
    const ours = forms.filter((one) => one.includes(`value="${postOf(finding)?.ts}"`) && one.includes(`value="${action}"`));
    return ours[0] ?? expect.fail(`there is no button ${action} for ${finding.id}`);
  }, patience);
  const fields = [...form.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']): [string, string] => [
    name,
    value,
  ]);
  const body = new URLSearchParams([...fields, ['action', action]]);
  const { status } = await fetch(`${world.cloud.endpoint}/_local/slack/click`, { method: 'POST', body, redirect: 'manual' });
  expect(status).toBe(303);
  return postOf(finding);
}

/** What Slack posts to the function URL when Dana clicks; the answers are about a message of this name. */
function bodyOf(action: string, finding: string, message: string): string {
  const path = slack().openResponse({ channel: 'C0123456789', ts: message }, 'U0DANA');
  return clickBody(action, finding, `${world.cloud.endpoint}/_local/slack${path}`);
}

async function post(body: string, headers = slackHeaders(body, secret, new Date())): Promise<number> {
  return (await fetch(`${world.cloud.endpoint}/_local/slack/actions`, { method: 'POST', body, headers })).status;
}

/** Lets the day come on which people are reminded of the end of a volume's exemption. */
async function bringReminder(volume: string): Promise<void> {
  const Key = keysOf(world.cloud, world.function).case(control, { type: 'AWS::EC2::Volume', id: volume });
  const item = { TableName: world.output('LedgerTable'), Key };
  const body = (await world.behind.dynamo.send(new GetItemCommand(item))).Item?.['body']?.S ?? expect.fail('no case');
  const changed = body.replace(/(?<="remindAt":")[^"]+/, new Date().toISOString());
  expect(changed).not.toBe(body);
  const set = { UpdateExpression: 'SET body = :body', ExpressionAttributeValues: { ':body': { S: changed } } };
  await world.behind.dynamo.send(new UpdateItemCommand({ ...item, ...set }));
}

const orderOf = (finding: Finding) => ({ kind: finding.order?.kind, by: finding.order?.by });
const by = `slack:${member} (member)`;

describe('a click', () => {
  test('on Fix fixes what waits for approval; the finding says by whom, and the message who ordered what', async () => {
    const volume = await world.openVolume();
    const waiting = await world.finding(control, volume, 'awaiting-approval');
    const clicked = await click('redress_fix', waiting);
    expect(clicked?.blocks.flatMap((block) => (block.type === 'context' ? block.elements.map(({ text }) => text) : []))).toContainEqual(
      expect.stringMatching(new RegExp(`^<@${member}> ordered a fix, <!date\\^\\d+\\^`)),
    );
    expect(clicked?.blocks.some(({ type }) => type === 'actions')).toBe(false);
    expect(toldTo(member, clicked?.ts)).toEqual([expect.stringContaining(volume)]);
    const fixed = await world.finding(control, volume, 'superseded');
    expect(fixed.id).toBe(waiting.id);
    expect(orderOf(fixed)).toEqual({ kind: 'fix', by });
    expect(fixed.order?.sender).toMatch(/^AROA\w+:redress-slack-actions$/);
    expect(await world.copiesOf(volume)).toHaveLength(1);
    await vi.waitFor(() => expect(postOf(waiting)?.text).toMatch(/^Replaced/), patience);
  });

  test('on Undo puts the state before back, and the finding says undone and by whom', async () => {
    const { account } = world.cloud;
    const fixed = await world.finding('ebs-default-encryption', account, 'fixed');
    await click('redress_undo', fixed);
    const undone = await world.finding('ebs-default-encryption', account, 'undone');
    expect(undone.id).toBe(fixed.id);
    expect(undone.says).toContain(by);
    expect(orderOf(undone)).toEqual({ kind: 'undo', by });
    expect(await post(bodyOf('redress_undo', fixed.id, 'of yesterday'))).toBe(200);
    expect(toldTo('U0DANA', 'of yesterday')).toEqual(['Nothing was done. It is undone already.']);
  });

  test('on Exempt leaves it as it is for 7 days, and says who wanted that', async () => {
    const volume = await world.openVolume();
    await click('redress_exempt', await world.finding(control, volume, 'awaiting-approval'));
    const exempt = await world.finding(control, volume, 'exempt');
    expect(exempt.exemption).toMatchObject({ owner: by, reason: `exempted in Slack by ${by}` });
    const days = (Date.parse(exempt.exemption?.until ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
  });
});

describe('what is not a click of somebody who may', () => {
  test('is refused without a right signature, and when it is sent again', async () => {
    await world.calm();
    const body = bodyOf('redress_fix', 'f-20270131-0123456789ab', 'unknown');
    const headers = slackHeaders(body, secret, new Date());
    expect(await post(body, slackHeaders(body, 'another secret', new Date()))).toBe(401);
    expect(await post(`${body}&more=1`, headers)).toBe(401);
    expect(await post(body, {})).toBe(401);
    expect(toldTo('U0DANA', 'unknown')).toEqual([]);
    expect(await post(body, headers)).toBe(200);
    expect(await post(body, headers)).toBe(401);
    expect(toldTo('U0DANA', 'unknown')).toEqual([expect.stringContaining('does not know this finding')]);
    expect(await world.depth()).toBe(0);
  });

  test('is told so, and nobody else, where the clicker has no right; the buttons stay', async () => {
    const stranger = 'U0STRANGER';
    const volume = await world.openVolume();
    const waiting = await world.finding(control, volume, 'awaiting-approval');
    const clicked = await click('redress_fix', waiting, stranger);
    expect(clicked).toMatchObject({ updates: 0, blocks: expect.arrayContaining([expect.objectContaining({ type: 'actions' })]) });
    expect(toldTo(stranger, clicked?.ts)).toEqual([expect.stringContaining('You may not fix findings')]);
    expect(await page(stranger)).toContain('You may not fix findings');
    expect(await page(member)).not.toContain('You may not fix findings');
    expect(world.told(control, volume)).toHaveLength(1);
  });
});

describe('an exemption that ends', () => {
  test('has the resource looked at again by the next sweep', async () => {
    const volume = await world.openVolume();
    const { id } = await world.finding(control, volume, 'awaiting-approval');
    const until = new Date(Date.now() + 8000).toISOString();
    expect((await world.redress('exempt', id, '--until', until, '--reason', 'for a moment', '--yes')).code).toBe(0);
    await world.finding(control, volume, 'exempt');
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(Date.parse(until)), patience);
    await world.cloud.sweep();
    const again = await world.finding(control, volume, 'awaiting-approval');
    expect(again).toMatchObject({ id, says: expect.stringContaining(`The exemption until ${until} has ended.`) });
    await world.calm();
    expect(world.told(control, volume).map(({ status }) => status)).toEqual(['awaiting-approval', 'exempt', 'awaiting-approval']);
  });

  test('reminds people once, when the day of that has come', async () => {
    const volume = await world.openVolume();
    const { id } = await world.finding(control, volume, 'awaiting-approval');
    expect((await world.redress('exempt', id, '--until', '30d', '--reason', 'being migrated', '--yes')).code).toBe(0);
    await world.finding(control, volume, 'exempt');
    await world.calm();
    await bringReminder(volume);
    for (let sweep = 0; sweep < 2; sweep += 1) {
      await world.cloud.sweep();
      await vi.waitFor(() => expect(world.told(control, volume).at(-1)?.exemption?.isEnding).toBe(true), patience);
      await world.calm();
    }
    expect(world.told(control, volume).filter(({ exemption }) => exemption?.isEnding)).toHaveLength(1);
  });
});
