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
import { answerFor, type Cloud, patientNow, sound } from './world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
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

/** What a map holds under a name, to be changed. */
function of<Value>(map: ReadonlyMap<string, Value>, name: string): Value {
  return map.get(name) ?? expect.fail(`there is no ${name}`);
}

test.each(checks.map(({ id }) => id))('%s is ok where everything is as it should be', async (id) => {
  expect(await answerOf(id)).toMatchObject({ is: 'ok', problems: [] });
});

/** What is broken: the check that names it, how it is broken, what is said, and the next step. */
const broken: readonly (readonly [string, string, (cloud: Cloud) => void, RegExp, RegExp])[] = [
  [
    'a deployment failed',
    'stack',
    ({ stack }) => void Object.assign(stack, { status: 'UPDATE_ROLLBACK_COMPLETE' }),
    /is UPDATE_ROLLBACK_COMPLETE/,
    /describe-stack-events/,
  ],
  [
    'a deployment is not done',
    'stack',
    ({ stack }) => void Object.assign(stack, { status: 'UPDATE_IN_PROGRESS' }),
    /IN_PROGRESS/,
    /Wait until/,
  ],
  [
    'another config was deployed',
    'config',
    ({ stack }) => void stack.outputs.set('ConfigDigest', 'old'),
    /\(old\) is not the one here/,
    /npx cdk diff/,
  ],
  ['there is no trail', 'trail', ({ trails }) => trails.clear(), /There is no trail/, /`trail: true`/],
  [
    'the trail was stopped',
    'trail',
    ({ trails }) => void Object.assign(of(trails, 'all'), { isLogging: false }),
    /trail all is stopped/,
    /start-logging --name arn:trail\/all/,
  ],
  [
    'the trail logs reads alone',
    'trail',
    ({ trails }) =>
      void Object.assign(of(trails, 'all'), {
        selectors: { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'ReadOnly' }] },
      }),
    /does not log every management event/,
    /put-event-selectors/,
  ],
  [
    'the trail logs the calls of one service',
    'trail',
    ({ trails }) => {
      const FieldSelectors = [
        { Field: 'eventCategory', Equals: ['Management'] },
        { Field: 'eventSource', Equals: ['iam.amazonaws.com'] },
      ];
      of(trails, 'all').selectors = { AdvancedEventSelectors: [{ FieldSelectors }] };
    },
    /does not log every management event/,
    /put-event-selectors/,
  ],
  [
    'a rule was disabled',
    'rules',
    ({ rules }) => void Object.assign(of(rules, 'redress-volume-encrypted'), { State: 'DISABLED' }),
    /redress-volume-encrypted is disabled/,
    /enable-rule --name redress-volume-encrypted --region eu-west-1/,
  ],
  [
    'the rule of the alerts was disabled',
    'rules',
    ({ rules }) => void Object.assign(of(rules, 'redress-alerts'), { State: 'DISABLED' }),
    /redress-alerts is disabled/,
    /--event-bus-name redress /,
  ],
  [
    'a rule is gone',
    'rules',
    ({ rules }) => void rules.delete('redress-volume-encrypted'),
    /no rule redress-volume-encrypted/,
    /--revert-drift/,
  ],
  [
    'a pattern was changed',
    'rules',
    ({ rules }) => void Object.assign(of(rules, 'redress-volume-encrypted'), { EventPattern: '{"source":["aws.ec2"]}' }),
    /has not this version's pattern/,
    /npx cdk deploy/,
  ],
  [
    'a schedule was changed',
    'rules',
    ({ rules }) => void Object.assign(of(rules, 'redress-volume-encrypted-sweep'), { ScheduleExpression: 'rate(9 days)' }),
    /runs rate\(9 days\), not rate\(1 day\)/,
    /npx cdk deploy/,
  ],
  [
    'a rule lost its target',
    'targets',
    ({ rules }) => void rules.set('redress-volume-encrypted', { ...of(rules, 'redress-volume-encrypted'), to: '' }),
    /redress-volume-encrypted does not send to \S+:redress-volumes/,
    /--revert-drift/,
  ],
  [
    'a sweep is late',
    'sweeps',
    ({ sent }) => void sent.set('redress-volume-encrypted-sweep', 3 * DAY),
    /redress-volume-encrypted-sweep should run every day, and ran last 3d ago/,
    /check `rules`/,
  ],
  [
    'a sweep never ran',
    'sweeps',
    ({ sent }) => void sent.delete('redress-volume-encrypted-sweep'),
    /redress-volume-encrypted-sweep .*has not run/,
    /check `queues`/,
  ],
  [
    'the policy of a queue is gone',
    'queues',
    ({ queues }) => void delete of(queues, 'redress-volumes').Policy,
    /redress-volumes lacks the statement that allows sqs:SendMessage/,
    /--revert-drift/,
  ],
  [
    'the policy of a queue lets others in',
    'queues',
    ({ queues }) => {
      const queue = of(queues, 'redress-volumes');
      const policy = JSON.parse(queue.Policy ?? '');
      queue.Policy = JSON.stringify({
        ...policy,
        Statement: [...policy.Statement, { Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }],
      });
    },
    /redress-volumes has a statement of somebody else's, which allows sqs:\*/,
    /--revert-drift/,
  ],
  [
    'a queue gives up on nothing',
    'queues',
    ({ queues }) => void delete of(queues, 'redress-volumes').RedrivePolicy,
    /redress-volumes does not give up/,
    /--revert-drift/,
  ],
  ['a queue is gone', 'queues', ({ queues }) => void queues.delete('redress-volumes'), /no queue redress-volumes\./, /npx cdk deploy/],
  [
    'there are dead letters',
    'dead-letters',
    ({ queues }) => void Object.assign(of(queues, 'redress-dead-letters'), { waiting: 2 }),
    /redress-dead-letters holds 2 messages/,
    /redress redrive/,
  ],
  [
    'a mapping was disabled',
    'mappings',
    ({ mappings }) => void Object.assign(of(mappings, 'redress-volumes'), { State: 'Disabled' }),
    /redress-volumes is Disabled/,
    /--uuid id-redress-volumes --enabled/,
  ],
  ['a mapping is gone', 'mappings', ({ mappings }) => void mappings.delete('redress-volumes'), /mapping is gone/, /--revert-drift/],
  [
    'Lambda may not read a queue',
    'mappings',
    ({ mappings }) => void Object.assign(of(mappings, 'redress-volumes'), { LastProcessingResult: 'PROBLEM: denied' }),
    /PROBLEM: denied/,
    /check `roles`/,
  ],
  [
    'a mapping takes batches as a whole',
    'mappings',
    ({ mappings }) => void Object.assign(of(mappings, 'redress-volumes'), { FunctionResponseTypes: [] }),
    /reports of single messages/,
    /npx cdk deploy/,
  ],
  [
    'a function is stopped',
    'functions',
    ({ functions }) => void Object.assign(of(functions, 'redress-volumes'), { reserved: 0 }),
    /reserved concurrency is 0/,
    /delete-function-concurrency/,
  ],
  [
    'an update of a function failed',
    'functions',
    ({ functions }) => void Object.assign(of(functions, 'redress-volumes'), { LastUpdateStatus: 'Failed' }),
    /last update of redress-volumes failed/,
    /npx cdk deploy/,
  ],
  [
    'a function cannot run',
    'functions',
    ({ functions }) => void Object.assign(of(functions, 'redress-volumes'), { State: 'Failed' }),
    /redress-volumes cannot run/,
    /npx cdk deploy/,
  ],
  [
    'a function is gone',
    'functions',
    ({ functions }) => void functions.delete('redress-volumes'),
    /no function redress-volumes/,
    /npx cdk deploy/,
  ],
  [
    'a function fails at its start',
    'errors',
    ({ lambdaErrors }) => {
      const record = { status: 'error', errorType: 'Runtime.ImportModuleError' };
      lambdaErrors.set('redress-volumes', {
        count: 3,
        log: ['{"level":"ERROR","message":"before"}', JSON.stringify({ type: 'platform.report', record })],
      });
    },
    /redress-volumes failed 3 times .* The last: error, Runtime.ImportModuleError/,
    /\/aws\/lambda\/redress-volumes/,
  ],
  [
    'a function logs an error',
    'errors',
    ({ lambdaErrors }) =>
      void lambdaErrors.set('redress-volumes', {
        count: 1,
        log: ['{"level":"ERROR","message":"a case was interrupted","error":"Throttled"}'],
      }),
    /failed 1 time .* The last: a case was interrupted: Throttled/,
    /redress redrive/,
  ],
  ['a function does not run', 'errors', ({ idle }) => void idle.add('redress-alerts'), /redress-alerts has not run/, /`mappings`/],
  [
    'a statement of a role was removed',
    'roles',
    ({ roles }) => {
      const { policies } = of(roles, 'redress-volumes-eu-west-1');
      const policy = JSON.parse(of(policies, 'work'));
      policies.set('work', JSON.stringify({ ...policy, Statement: policy.Statement.slice(1) }));
    },
    /redress-volumes-eu-west-1 lacks the statement that allows logs:CreateLogStream, logs:PutLogEvents/,
    /--revert-drift/,
  ],
  [
    'the policy of a role was removed',
    'roles',
    ({ roles }) => of(roles, 'redress-volumes-eu-west-1').policies.clear(),
    /lacks the statement/,
    /--revert-drift/,
  ],
  [
    'a role may do more',
    'roles',
    ({ roles }) => {
      const { policies } = of(roles, 'redress-volumes-eu-west-1');
      const policy = JSON.parse(of(policies, 'work'));
      policies.set(
        'work',
        JSON.stringify({ ...policy, Statement: [...policy.Statement, { Effect: 'Allow', Action: '*', Resource: '*' }] }),
      );
    },
    /has a statement of somebody else's, which allows \*/,
    /--revert-drift/,
  ],
  [
    'a role has one policy more',
    'roles',
    ({ roles }) => void of(roles, 'redress-volumes-eu-west-1').attached.push('AdministratorAccess'),
    /has the policy AdministratorAccess/,
    /--revert-drift/,
  ],
  [
    'a role has one inline policy more',
    'roles',
    ({ roles }) => void of(roles, 'redress-volumes-eu-west-1').policies.set('more', '{}'),
    /has the policy more/,
    /--revert-drift/,
  ],
  [
    'a role trusts others',
    'roles',
    ({ roles }) => void Object.assign(of(roles, 'redress-volumes-eu-west-1'), { trust: '{}' }),
    /Whom the role redress-volumes-eu-west-1 trusts/,
    /--revert-drift/,
  ],
  [
    'a role is gone',
    'roles',
    ({ roles }) => void roles.delete('redress-volumes-eu-west-1'),
    /no role redress-volumes-eu-west-1/,
    /npx cdk deploy/,
  ],
  [
    'a boundary denies',
    'permissions',
    ({ denied }) => void denied.set('ec2:DescribeVolumes', 'boundary'),
    /boundary .*redress-volumes-eu-west-1 .*ec2:DescribeVolumes/,
    /Allow it in the boundary/,
  ],
  [
    'the organization denies',
    'permissions',
    ({ denied }) => void denied.set('ec2:DescribeVolumes', 'organization'),
    /organization .*ec2:DescribeVolumes/,
    /Ask those who manage/,
  ],
  [
    'nobody has confirmed',
    'subscriptions',
    ({ subscriptions }) =>
      void subscriptions.push({ Protocol: 'email', Endpoint: 'late@example.com', SubscriptionArn: 'PendingConfirmation' }),
    /late@example.com has not confirmed/,
    /aws sns subscribe --topic-arn \S+ --protocol email --notification-endpoint late@example.com/,
  ],
  [
    'somebody has left',
    'subscriptions',
    ({ subscriptions }) => void subscriptions.pop(),
    /ops@example.com is named .* not subscribed/,
    /If they did not leave on purpose/,
  ],
  [
    'the token is wrong',
    'slack',
    ({ slack }) => void slack.set('/api/auth.test', { ok: false, error: 'invalid_auth' }),
    /ops: Slack does not take the token \(invalid_auth\)/,
    /put-parameter --name \/redress\/slack\/token/,
  ],
  [
    'the bot was removed',
    'slack',
    ({ slack }) => void slack.set('/api/conversations.info', { ok: true, channel: { is_member: false } }),
    /ops: the bot is not in the channel C0000000001/,
    /Invite the bot/,
  ],
  [
    'the channel is archived',
    'slack',
    ({ slack }) => void slack.set('/api/conversations.info', { ok: true, channel: { is_archived: true } }),
    /is archived/,
    /name another/,
  ],
  [
    'there is no such channel',
    'slack',
    ({ slack }) => void slack.set('/api/conversations.info', { ok: false, error: 'channel_not_found' }),
    /channel_not_found/,
    /Invite the bot/,
  ],
  [
    'the webhook was removed',
    'slack',
    ({ slack }) => void slack.set('/services/T0/B0/x', 'no_service'),
    /web: Slack does not take the webhook \(no_service\)/,
    /put-parameter --name \/redress\/slack\/webhook/,
  ],
  [
    'the token is not there',
    'slack',
    ({ parameters }) => void parameters.delete('/redress/slack/token'),
    /ops: .*ParameterNotFound/,
    /put-parameter/,
  ],
  [
    'the token is plaintext',
    'slack',
    ({ parameters }) => void Object.assign(of(parameters, '/redress/slack/token'), { Type: 'String' }),
    /is not a SecureString/,
    /--type SecureString/,
  ],
];

test.each(broken)('%s: the check %s names it with its next step', async (_name, id, breaking, says, next) => {
  breaking(cloud);
  const { is, problems } = await answerOf(id);
  expect(is).toBe('wrong');
  expect(problems).toContainEqual({ says: expect.stringMatching(says), next: expect.stringMatching(next) });
});

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

  test('a defect of a check itself', async () => {
    const answer = await looked(
      { id: 'x', asks: 'x', needs: [], look: () => Promise.reject(new TypeError('undefined is no function')) },
      await patientNow(made),
    );
    expect(answer).toMatchObject({ is: 'unknown', says: expect.stringContaining('undefined is no function') });
  });
});
