import { expect, test } from 'vitest';
import { messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { licenceCode, password, privateKey, token } from '../../../test/fixtures/secrets.ts';
import {
  aboutAssociation,
  registerTask,
  sendCommand,
  sentInPlain,
  ssmCall,
  startExecution,
} from '../../../test/support/commands/events.ts';
import { type Account, runsWorld as account } from '../../../test/support/commands/world.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import { type InvalidCase, testControl } from '../../../test/support/tester.ts';
import control from './command-no-secrets.ts';

const world = (given: Parameters<typeof account>[0]) => () => account(given);
const running = (...commands: string[]) => world({ commands: { 'c-1': { DocumentName: 'AWS-RunShellScript', Parameters: { commands } } } });
const sent = sendCommand('c-1');
const found = { sends: [], status: 'open', secret: token } as const;
// as long as the AWS CLI wants them
const window = 'mw-0123456789abcdef0';
const task = '0a1b2c3d-0000-4000-8000-000000000001';
const leaking = [`export GITHUB_TOKEN=${token}`];

/** What no event told of. */
const onlySwept = Object.entries<Account>({
  'a command': { commands: { 'c-1': { Parameters: { commands: leaking } } } },
  'an association': { associations: { '0a1b2c3d': { Parameters: { commands: leaking } } } },
  'a task': { tasks: { [`${window}/${task}`]: { Description: token } } },
  'an execution': { executions: { 'e-1': { Parameters: { Token: [token] } } } },
}).map(
  ([what, given]): InvalidCase => ({
    ...found,
    name: `${what} that only the sweep sees`,
    event: scheduled(),
    world: world(given),
    says: /github-token/,
  }),
);

/** What people report of what they gave to Systems Manager. */
const reported: readonly InvalidCase[] = [
  {
    ...found,
    // https://github.com/aprin-labs/archimedes/issues/520
    name: 'a deployment that writes a file of secrets by a command (archimedes#520)',
    event: sent,
    world: running('cd /srv/app', `echo "LLM_AUTH_TOKEN=${token}" >> .env`, 'docker compose up -d'),
    says: /^It was given what looks like secrets: .*github-token.* in parameters\.commands\[1\]\.$/,
    advice: /have the script read it when it runs/,
  },
  {
    ...found,
    // https://github.com/ministryofjustice/modernisation-platform-environments/pull/4759
    name: 'a domain’s password that only its name gives away (modernisation-platform-environments#4759)',
    event: sent,
    world: world({
      commands: {
        'c-1': { DocumentName: 'windows-domain-join', Parameters: { domainJoinUsername: ['svc'], domainJoinPassword: [password] } },
      },
    }),
    secret: password,
    says: 'It was given what looks like secrets: name:password in parameters.domainJoinPassword[0].',
  },
];

testControl(control, {
  valid: [
    { name: 'a command without any', world: running('df -h'), event: sent },
    {
      // https://github.com/awsdocs/aws-systems-manager-user-guide/issues/104
      name: 'one that reads a SecureString when it runs (aws-systems-manager-user-guide#104)',
      world: running(
        'TOKEN=$(aws ssm get-parameter --name /shop/token --with-decryption --query Parameter.Value --output text)',
        'mysql -p{{ssm:/shop/db/password}}',
      ),
      event: sent,
    },
    { name: 'one that was given nothing', world: world({ commands: { 'c-1': { DocumentName: 'Deploy' } } }), event: sent },
    { name: 'a call whose record names nothing', world: world({}), event: ssmCall('SendCommand', null) },
  ],
  invalid: [
    ...reported,
    {
      ...found,
      name: 'a token that the record itself holds, as old ones do',
      event: sentInPlain('c-1', { commands: leaking }),
      world: running(...leaking),
      says: /in parameters\.commands\[0\]\.$/,
      advice: /AWS keeps this for 30 days, and no call removes it\.$/,
    },
    {
      ...found,
      name: 'a key over several lines of a script',
      event: sent,
      world: running(...privateKey.split('\n')),
      secret: privateKey.split('\n')[1] ?? '',
      says: /private-key in parameters\.commands/,
    },
    {
      ...found,
      name: 'one in the comment of a command',
      event: sent,
      world: world({ commands: { 'c-1': { Comment: `with ${token}` } } }),
      says: /github-token in comment\.$/,
    },
    {
      ...found,
      name: 'more places than a sentence holds',
      event: sent,
      world: running(...Array.from({ length: 8 }, () => `echo ${token}`)),
      says: /commands\[4\]; 3 more\.$/,
    },
    {
      ...found,
      name: 'an association, whose versions keep it',
      event: aboutAssociation('0a1b2c3d', 'UpdateAssociation'),
      world: world({ associations: { '0a1b2c3d': { Name: 'AWS-RunShellScript', Parameters: { commands: leaking } } } }),
      says: /in parameters\.commands\[0\]\.$/,
      advice: /`aws ssm delete-association --association-id 0a1b2c3d`\.$/,
    },
    {
      ...found,
      name: 'one of a batch, named by its answer alone',
      event: ssmCall('CreateAssociationBatch', { entries: [] }, { successful: [{ associationId: '0a1b2c3d' }], failed: [] }),
      world: world({ associations: { '0a1b2c3d': { TargetMaps: [{ token: [token] }] } } }),
      says: /in targetMaps\[0\]\.token\[0\]\.$/,
    },
    {
      ...found,
      name: 'a task of a maintenance window',
      event: registerTask(window, task),
      world: world({
        tasks: { [`${window}/${task}`]: { TaskInvocationParameters: { RunCommand: { Parameters: { commands: leaking } } } } },
      }),
      says: /in runCommand\.parameters\.commands\[0\]\.$/,
      advice:
        /`aws ssm update-maintenance-window-task --window-id mw-0123456789abcdef0 --window-task-id 0a1b2c3d-0000-4000-8000-000000000001`/,
    },
    {
      ...found,
      name: 'one with parameters as tasks had them first',
      event: ssmCall('UpdateMaintenanceWindowTask', { windowId: window, windowTaskId: task }),
      world: world({ tasks: { [`${window}/${task}`]: { TaskParameters: { dbPassword: { Values: [password] } } } } }),
      secret: password,
      says: /name:password in taskParameters\.dbPassword\.Values\[0\]\.$/,
    },
    {
      ...found,
      name: 'what a function and a state machine are given by one',
      event: registerTask(window, task),
      world: world({
        tasks: {
          [`${window}/${task}`]: {
            TaskInvocationParameters: {
              Lambda: { Payload: Buffer.from(JSON.stringify({ auth: { password } })) },
              StepFunctions: { Input: `no JSON, and ${token}` },
            },
          },
        },
      }),
      says: /name:password in lambda\.payload\.auth\.password; github-token in stepFunctions\.input\.$/,
    },
    {
      ...found,
      name: 'an execution of a runbook',
      event: startExecution('e-1'),
      world: world({ executions: { 'e-1': { Parameters: { Token: [token] } } } }),
      says: /in parameters\.Token\[0\]\.$/,
    },
    {
      ...found,
      name: 'a runbook of a change request',
      event: startExecution('e-1', 'StartChangeRequestExecution'),
      world: world({ executions: { 'e-1': { Runbooks: [{ DocumentName: 'Deploy', Parameters: { Token: [token] } }] } } }),
      says: /in runbooks\[0\]\.parameters\.Token\[0\]\.$/,
    },
    ...onlySwept,
  ],
  skipped: [
    { name: 'a command that AWS does not know any more', world: world({}), event: sent, says: 'The resource is gone.' },
    { name: 'an association that is gone by now', world: world({}), event: aboutAssociation('0a1b2c3d'), says: 'The resource is gone.' },
    { name: 'a task that is gone by now', world: world({}), event: registerTask(window, task), says: 'The resource is gone.' },
    { name: 'an execution that is gone by now', world: world({}), event: startExecution('e-1'), says: 'The resource is gone.' },
  ],
});

test('what the record holds and nothing of it is in the ledger, where AWS shows it later than the record', async () => {
  const cloud = account({ commands: { 'c-1': { Parameters: { commands: [`echo ${licenceCode}`, ...leaking] } } } });
  let left = 2;
  cloud.meanwhile = (action) => {
    if (action !== 'ssm:ListCommands' || left === 0) return;
    left -= 1;
    throw awsError(left === 1 ? 'InvalidCommandId' : 'ThrottlingException');
  };
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'observe' } } }, world: cloud });
  const event = sentInPlain('c-1', { commands: leaking });
  harness.put(messageFor(control.id, event));
  harness.put(messageFor(control.id, event));
  await harness.settle();
  const findings = await harness.findings();
  expect(findings.map(({ status, resource }) => [status, resource.arn])).toEqual([
    ['open', 'arn:aws:ssm:eu-west-1:111122223333:command/c-1'],
  ]);
  expect(left).toBe(0);
  expect(JSON.stringify([findings, [...harness.table.items.values()], harness.logs])).not.toContain(token);
});
