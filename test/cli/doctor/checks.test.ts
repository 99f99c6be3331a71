import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Answer, Patient } from '../../../cli/doctor/check.ts';
import { checks } from '../../../cli/doctor/checks/all.ts';
import { looked } from '../../../cli/doctor/doctor.ts';
import { discoverFunctions } from '../../../infra/catalog.ts';
import { resolvedResources } from '../../../infra/resolve.ts';
import { templateOf } from '../../../infra/synth.ts';
import { NOW } from '../world.ts';
import { of } from './break.ts';
import { breaksOfFunctions } from './breaks-functions.ts';
import { breaksOfPeople } from './breaks-people.ts';
import { breaksOfWay } from './breaks-way.ts';
import { type Cloud, sound } from './sound.ts';
import { answerFor, patientNow } from './world.ts';

const HOUR = 3_600_000;
const config = {
  alerts: {
    emails: ['ops@example.com'],
    slack: {
      channels: {
        ops: { tokenParameter: '/redress/slack/token', channel: 'C0000000001' },
        web: { webhookParameter: '/redress/slack/webhook' },
      },
    },
  },
};
const place = {
  account: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  stackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Redress/0f00',
};

let made: Pick<Patient, 'resources' | 'config' | 'functions'>;
let cloud: Cloud;
let mocks: ReturnType<typeof answerFor>;

beforeAll(async () => {
  const functions = await discoverFunctions();
  made = { functions, config, resources: resolvedResources(await templateOf(config, functions), place) };
});
beforeEach(() => {
  cloud = sound(made);
  mocks = answerFor(cloud);
});
afterEach(() => mocks.restore());

async function answerOf(id: string, changes: Partial<Patient> = {}): Promise<Answer> {
  const check = checks.find((one) => one.id === id) ?? expect.fail(`there is no check ${id}`);
  return await looked(check, { ...(await patientNow(made)), ...changes });
}

test.each(checks.flatMap(({ id }) => (id === 'members' ? [] : [id])))('%s is ok where everything is as it should be', async (id) => {
  expect(await answerOf(id)).toMatchObject({ is: 'ok', problems: [] });
});

describe('the members of a hub', () => {
  const hub: Patient['config'] = {
    organization: { id: 'o-a1b2c3d4e5', hub: true, regions: ['eu-west-1', 'us-east-1'], accounts: ['111122223333', '444455556666'] },
  };
  const said = (...places: readonly string[]) => {
    const items = places.map((one) => ({ pk: { S: `FINDINGS#${one}#redress-account#RULES` }, sk: { S: 'SERVED' } }));
    mocks.dynamo.on(BatchGetItemCommand).resolves({ Responses: { 'redress-ledger': items } });
  };

  test('are none where a stack is alone', async () => {
    expect(await answerOf('members')).toMatchObject({ is: 'none' });
  });

  test('have all said that their rules are there, but the hub’s own place, which has none', async () => {
    said('111122223333#us-east-1', '444455556666#eu-west-1', '444455556666#us-east-1');
    expect(await answerOf('members', { config: hub })).toMatchObject({ is: 'ok', says: expect.stringContaining('All 3') });
  });

  test('are named where they have not, with what is to be done', async () => {
    said('111122223333#us-east-1', '444455556666#eu-west-1');
    const { is, problems } = await answerOf('members', { config: hub });
    expect(is).toBe('wrong');
    expect(problems).toEqual([
      { says: expect.stringMatching(/^1 of 3 .*: 444455556666\/us-east-1\.$/), next: expect.stringContaining('redress org adopt') },
    ]);
  });
});

test.each([...breaksOfWay, ...breaksOfFunctions, ...breaksOfPeople])(
  '%s: the check %s names it with its next step',
  async (_name, id, breaking, says, next) => {
    breaking(cloud);
    const { is, problems } = await answerOf(id);
    expect(is).toBe('wrong');
    expect(problems).toContainEqual({ says: expect.stringMatching(says), next: expect.stringMatching(next) });
  },
);

describe('what is no fault', () => {
  test.each<[string, string, (cloud: Cloud) => void, RegExp]>([
    [
      'a pause',
      'pause',
      (one) => void Object.assign(one, { pause: JSON.stringify({ by: 'dana', at: '2027-01-31', reason: 'release' }) }),
      /dana has paused .*: release/,
    ],
    ['no match for weeks', 'matches', ({ sent }) => sent.clear(), /No rule matched a call in the last 14 days/],
    [
      'a trail that cannot deliver its files',
      'trail',
      ({ trails }) => void Object.assign(of(trails, 'all'), { error: 'NoSuchBucket' }),
      /cannot deliver its files: all \(NoSuchBucket\)/,
    ],
  ])('%s is a note, and not green', async (_name, id, change, says) => {
    change(cloud);
    expect(await answerOf(id)).toMatchObject({
      is: 'note',
      says: expect.stringMatching(says),
      problems: [{ next: expect.stringMatching(/\w/) }],
    });
  });

  test('nobody but machines is subscribed to a topic without addresses in the config', async () => {
    cloud.subscriptions.pop();
    expect(await answerOf('subscriptions', { config: {} })).toMatchObject({
      is: 'note',
      says: expect.stringContaining('Nobody is subscribed'),
    });
    expect(await answerOf('slack', { config: {} })).toMatchObject({ is: 'none' });
  });

  test('where no control fixes, that is said', async () => {
    const controls = Object.fromEntries(made.functions.flatMap((fn) => fn.controls.map(({ id }) => [id, { mode: 'observe' as const }])));
    expect(await answerOf('modes', { config: { ...config, controls } })).toMatchObject({
      is: 'note',
      says: expect.stringMatching(/^No control fixes anything here: 0 fix, 0 approve/),
    });
  });

  test('a deployment of an hour ago has neither run everything nor swept', async () => {
    cloud.stack.since = new Date(NOW.getTime() - HOUR);
    cloud.sent.clear();
    cloud.idle.add('redress-alerts');
    expect(await answerOf('sweeps')).toMatchObject({ is: 'ok', says: 'No sweep is due yet.' });
    expect(await answerOf('errors')).toMatchObject({ is: 'ok' });
  });

  test('another trail that logs makes up for one that is stopped', async () => {
    of(cloud.trails, 'all').isLogging = false;
    const FieldSelectors = [
      { Field: 'eventCategory', Equals: ['Management'] },
      { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] },
    ];
    cloud.trails.set('org', { isLogging: true, selectors: { AdvancedEventSelectors: [{ FieldSelectors }] } });
    expect(await answerOf('trail')).toMatchObject({ is: 'ok', says: expect.stringMatching(/^org logs/) });
  });

  test('the order of a policy, and a list around one value, are no change', async () => {
    const queue = of(cloud.queues, 'redress-volumes');
    const policy = JSON.parse(queue.Policy ?? '');
    queue.Policy = JSON.stringify({
      Statement: policy.Statement.toReversed().map((one: object) => ({ ...one, Action: [Reflect.get(one, 'Action')].flat() })),
    });
    expect(await answerOf('queues')).toMatchObject({ is: 'ok' });
  });
});

describe('what could not be checked says why, and is never ok', () => {
  const denied = Object.assign(new Error('not authorized to perform it'), { name: 'AccessDenied' });

  test.each<[string, () => void]>([
    ['permissions', () => void mocks.iam.on(SimulatePrincipalPolicyCommand).rejects(denied)],
    ['rules', () => void mocks.events.on(ListRulesCommand).rejects(denied)],
    ['slack', () => void mocks.ssm.on(GetParameterCommand).rejects(denied)],
  ])('%s, where AWS denies it', async (id, deny) => {
    deny();
    expect(await answerOf(id)).toMatchObject({
      is: 'unknown',
      says: expect.stringMatching(/^Could not .*AWS does not allow it \(not authorized/),
      problems: [{ says: '', next: expect.stringMatching(/Ask for that permission/) }],
    });
  });

  test('a config that a stack of a version before does not name', async () => {
    cloud.stack.outputs.delete('ConfigDigest');
    expect(await answerOf('config')).toMatchObject({ is: 'unknown', problems: [{ next: expect.stringMatching(/npx cdk deploy/) }] });
  });

  test('code of a stack of a version before', async () => {
    cloud.stack.outputs.delete('CodeDigest');
    expect(await answerOf('code')).toMatchObject({ is: 'unknown', problems: [{ next: expect.stringMatching(/npx cdk deploy/) }] });
  });

  test('a trail of the organization that AWS does not show', async () => {
    of(cloud.trails, 'all').isHidden = true;
    expect(await answerOf('trail')).toMatchObject({ is: 'unknown', says: expect.stringMatching(/does not show one of them/) });
  });

  test('a bot whose token may not ask about channels', async () => {
    cloud.slack.set('/api/conversations.info', { ok: false, error: 'missing_scope' });
    expect(await answerOf('slack')).toMatchObject({ is: 'unknown', problems: [{ next: expect.stringMatching(/channels|scope/) }] });
  });

  test('Slack that is not reached, and no secret is in what is said of it', async () => {
    cloud.slack.clear();
    const answer = await answerOf('slack');
    expect(answer).toMatchObject({ is: 'unknown', says: expect.stringMatching(/^Slack was not reached/) });
    expect(JSON.stringify(answer)).not.toMatch(/xoxb-1|services\/T0/);
  });

  test('Slack that has too much to do', async () => {
    cloud.slack.set('/api/auth.test', 503);
    expect(await answerOf('slack')).toMatchObject({ is: 'unknown', says: expect.stringMatching(/it answered 503/) });
  });

  test('a log that may not be read, of a function that fails', async () => {
    cloud.lambdaErrors.set('redress-volumes', { count: 1, log: [] });
    expect(await answerOf('errors')).toMatchObject({ problems: [{ says: expect.stringMatching(/Its log has no error/) }] });
    mocks.logs.on(FilterLogEventsCommand).rejects(denied);
    expect(await answerOf('errors')).toMatchObject({
      problems: [{ says: expect.stringMatching(/Could not read the log of redress-volumes/) }],
    });
  });

  test('a defect of a check itself', async () => {
    const answer = await looked(
      { id: 'x', asks: 'x', needs: [], look: () => Promise.reject(new TypeError('undefined is no function')) },
      await patientNow(made),
    );
    expect(answer).toMatchObject({ is: 'unknown', says: expect.stringContaining('undefined is no function') });
  });
});
