import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Finding } from '../../shared/finding.ts';
import { botToken, signingSecret as secret } from '../fixtures/secrets.ts';
import { clickBody, type SlackStandIn, slackHeaders, startSlack } from '../slack.ts';
import { VolumesWorld } from './volumes-world.ts';
import { patience } from './world.ts';

const control = 'volume-encrypted';
let world: VolumesWorld;
let slack: SlackStandIn;

beforeAll(async () => {
  slack = await startSlack();
  slack.groups['S0OPS'] = ['U0DANA'];
  world = await VolumesWorld.start({
    slack: slack.base,
    config: {
      controls: {
        [control]: { mode: 'approve', settleSeconds: 0 },
        'ebs-default-encryption': { mode: 'fix' },
        'volume-owner-tag': { mode: 'off' },
      },
      alerts: {
        slack: {
          actions: {
            signingSecretParameter: '/redress/slack/signing-secret',
            botTokenParameter: '/redress/slack/bot-token',
            workspaces: ['T0HOME'],
            allow: [{ account: '*', groups: ['S0OPS'] }],
          },
        },
      },
    },
  });
  const ssm = new SSMClient(world.moto);
  await ssm.send(new PutParameterCommand({ Name: '/redress/slack/signing-secret', Type: 'SecureString', Value: secret }));
  await ssm.send(new PutParameterCommand({ Name: '/redress/slack/bot-token', Type: 'SecureString', Value: botToken }));
});
afterAll(async () => {
  await world?.stop();
  await slack?.stop();
});

/** Clicks a button as Slack tells of it; answers the HTTP status and the milliseconds it took. */
async function click(action: string, finding: string, more: object = {}) {
  const body = clickBody(action, finding, `${slack.base}/response/1`, more);
  return await post(body, slackHeaders(body, secret, new Date()));
}

async function post(body: string, headers: { [name: string]: string }) {
  const started = Date.now();
  const { status } = await fetch(`${world.cloud.endpoint}/_local/slack/actions`, { method: 'POST', body, headers });
  return { status, milliseconds: Date.now() - started };
}

/** Lets the day come on which people are reminded of the end of a volume's exemption. */
async function bringReminder(volume: string): Promise<void> {
  const Key = { pk: { S: `CASE#${control}#AWS::EC2::Volume#${volume}` }, sk: { S: 'CASE' } };
  const item = { TableName: world.output('LedgerTable'), Key };
  const body = (await world.behind.dynamo.send(new GetItemCommand(item))).Item?.['body']?.S ?? expect.fail('no case');
  const changed = body.replace(/(?<="remindAt":")[^"]+/, new Date().toISOString());
  expect(changed).not.toBe(body);
  const set = { UpdateExpression: 'SET body = :body', ExpressionAttributeValues: { ':body': { S: changed } } };
  await world.behind.dynamo.send(new UpdateItemCommand({ ...item, ...set }));
}

const posted = () => slack.posted.splice(0);
const orderOf = (finding: Finding) => ({ kind: finding.order?.kind, by: finding.order?.by });

describe('a click', () => {
  test('on Fix fixes what waits for approval; the finding says by whom, and the message who ordered what', async () => {
    const volume = await world.openVolume();
    const waiting = await world.finding(control, volume, 'awaiting-approval');
    const { status, milliseconds } = await click('redress_fix', waiting.id);
    expect(status).toBe(200);
    // a loaded machine takes longer than Lambda does, and still less than Slack waits
    expect(milliseconds).toBeLessThan(3000);
    const answers = posted();
    expect(answers.find((one) => one.replace_original)?.blocks?.at(-1)).toMatchObject({
      type: 'context',
      elements: [{ text: expect.stringMatching(/^<@U0DANA> ordered a fix on <!date\^\d+\^/) }],
    });
    expect(answers.find((one) => one.response_type === 'ephemeral')?.text).toContain(volume);
    const fixed = await world.finding(control, volume, 'superseded');
    expect(fixed.id).toBe(waiting.id);
    expect(orderOf(fixed)).toEqual({ kind: 'fix', by: 'slack:U0DANA (dana)' });
    expect(fixed.order?.sender).toMatch(/^AROA\w+:redress-slack-actions$/);
    expect(slack.tokens).toEqual([`Bearer ${botToken}`]);
    expect(await world.copiesOf(volume)).toHaveLength(1);
  });

  test('on Undo puts the state before back, and the finding says undone and by whom', async () => {
    const { account } = world.cloud;
    const fixed = await world.finding('ebs-default-encryption', account, 'fixed');
    expect((await click('redress_undo', fixed.id)).status).toBe(200);
    const undone = await world.finding('ebs-default-encryption', account, 'undone');
    expect(undone.id).toBe(fixed.id);
    expect(undone.says).toContain('slack:U0DANA (dana)');
    expect(orderOf(undone)).toEqual({ kind: 'undo', by: 'slack:U0DANA (dana)' });
    posted();
    await click('redress_undo', fixed.id);
    expect(posted()).toMatchObject([{ response_type: 'ephemeral', text: 'Nothing was done. It is undone already.' }]);
  });

  test('on Exempt leaves it as it is for 7 days, and says who wanted that', async () => {
    const volume = await world.openVolume();
    const waiting = await world.finding(control, volume, 'awaiting-approval');
    expect((await click('redress_exempt', waiting.id)).status).toBe(200);
    const exempt = await world.finding(control, volume, 'exempt');
    expect(exempt.exemption).toMatchObject({ owner: 'slack:U0DANA (dana)', reason: 'exempted in Slack by slack:U0DANA (dana)' });
    const days = (Date.parse(exempt.exemption?.until ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
  });
});

describe('what is not a click of somebody who may', () => {
  test('is refused without a right signature, and when it is sent again', async () => {
    await world.calm();
    const id = 'f-20270131-0123456789ab';
    const body = clickBody('redress_fix', id, `${slack.base}/response/1`);
    const headers = slackHeaders(body, secret, new Date());
    expect((await post(body, slackHeaders(body, 'another secret', new Date()))).status).toBe(401);
    expect((await post(`${body}&more=1`, headers)).status).toBe(401);
    expect((await post(body, {})).status).toBe(401);
    posted();
    expect((await post(body, headers)).status).toBe(200);
    expect(posted()).toMatchObject([{ text: expect.stringContaining('does not know this finding') }]);
    expect((await post(body, headers)).status).toBe(401);
    expect(posted()).toEqual([]);
    expect(await world.depth()).toBe(0);
  });

  test('is told so where the clicker has no right', async () => {
    await click('redress_fix', 'f-20270131-0123456789ab', { user: { id: 'U0MALLORY', username: 'mallory', team_id: 'T0HOME' } });
    expect(posted()).toMatchObject([{ response_type: 'ephemeral', text: expect.stringContaining('You may not fix findings') }]);
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
