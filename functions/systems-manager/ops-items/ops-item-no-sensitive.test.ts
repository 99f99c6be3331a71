import { UpdateOpsItemCommand, type UpdateOpsItemCommandInput } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { messageFor, orderFor, scheduled } from '../../../test/fixtures/events.ts';
import { password, token } from '../../../test/fixtures/secrets.ts';
import { ssmCall } from '../../../test/support/commands/events.ts';
import { type Account, runsWorld } from '../../../test/support/commands/world.ts';
import { ended, killEverywhere } from '../../../test/support/documents/kills.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './ops-item-no-sensitive.ts';

const id = 'oi-0123456789ab';
const MASK = 'removed-by-redress';
type Item = NonNullable<Account['opsItems']>[string];
const world = (item: Item) => () => runsWorld({ opsItems: { [id]: { Title: 'Disk full', Description: 'On web-1.', ...item } } });
const made = ssmCall('CreateOpsItem', { title: 'x' }, { opsItemId: id });
const update = (input: Omit<UpdateOpsItemCommandInput, 'OpsItemId'>) => new UpdateOpsItemCommand({ OpsItemId: id, ...input });
const fixed = { event: made, status: 'fixed', secret: token } as const;
const leaking: Item = { Title: `Deploy fails with ${token}`, OperationalData: { '/shop/log': { Value: 'a line', Type: 'String' } } };

testControl(control, {
  valid: [
    { name: 'an OpsItem without any', world: world({}), event: made },
    {
      name: 'one with the resources and the event that a service writes',
      world: world({
        OperationalData: {
          '/aws/resources': {
            Value: '[{"arn":"arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0"}]',
            Type: 'SearchableString',
          },
          '/aws/dedup': { Value: '{"dedupString":"SSMOpsItems-EC2-instance-terminated"}', Type: 'SearchableString' },
          'event-id': { Value: '7bf73129-1428-4cd3-a780-95db273d1602' },
        },
      }),
      event: made,
    },
    { name: 'what Redress has replaced', world: world({ Title: MASK, OperationalData: { password: { Value: MASK } } }), event: made },
  ],
  invalid: [
    {
      ...fixed,
      name: 'a token in its title',
      world: world(leaking),
      sends: [update({ Title: MASK })],
      says: /^Found: It holds sensitive data: github-token in the title\. Now: Its text shows no sensitive data\.$/,
    },
    {
      ...fixed,
      name: 'several places, in one call',
      world: world({
        Description: `Use ${token}, or ask anna.berg@example.com.`,
        OperationalData: { 'db-password': { Value: password, Type: 'SearchableString' }, note: { Value: 'a line', Type: 'String' } },
      }),
      sends: [update({ Description: MASK, OperationalData: { 'db-password': { Value: MASK, Type: 'SearchableString' } } })],
      says: /github-token and email-address in the description; name:password in the operational data `db-password`/,
    },
    {
      ...fixed,
      name: 'a key of operational data that holds it, which has to go',
      world: world({ OperationalData: { [token]: { Value: 'x', Type: 'String' } } }),
      sends: [update({ OperationalDataToDelete: [token] })],
      says: /github-token in operational data, in its key\./,
    },
    {
      event: made,
      secret: token,
      name: 'what AWS itself writes, which no call changes',
      world: world({ OperationalData: { '/aws/automations': { Value: token, Type: 'SearchableString' } } }),
      sends: [],
      status: 'open',
      says: /in the operational data `\/aws\/automations`\.$/,
      advice: /delete the OpsItem once it is resolved/,
    },
    {
      event: ssmCall('UpdateOpsItem', { opsItemId: id, status: 'InProgress' }),
      secret: token,
      name: 'one that somebody else has updated, so that a person decides',
      world: world(leaking),
      sends: [],
      status: 'awaiting-approval',
      says: /Redress did not see who made it/,
    },
    {
      ...fixed,
      event: scheduled(),
      name: 'one that only the sweep sees, once a person has looked',
      world: world(leaking),
      isApproved: true,
      sends: [update({ Title: MASK })],
      says: /Now: Its text shows no sensitive data/,
    },
  ],
  skipped: [{ name: 'one that is gone by now', world: () => runsWorld(), event: made, says: 'The resource is gone.' }],
});

const config = { controls: { [control.id]: { mode: 'approve' as const } } };
async function start() {
  const cloud = world(leaking)();
  const harness = new Harness({ controls: [control], config, world: cloud });
  harness.put(messageFor(control.id, made));
  harness.put(messageFor(control.id, made));
  const { status, id: finding } = await ended(harness);
  expect(status).toBe('awaiting-approval');
  harness.put(orderFor(control.id, 'fix', finding));
  return { world: cloud, harness };
}

test('killed at every call once a person has agreed, the title is replaced and the rest as it was', async () => {
  await killEverywhere(
    control,
    start,
    ({ opsItems }, _end, where) => expect(opsItems.get(id), where).toMatchObject({ ...leaking, Title: MASK, Description: 'On web-1.' }),
    { ends: ['fixed'] },
  );
});

test('throttled, it waits and ends, with one change; and it cannot be undone', async () => {
  const { world: cloud, harness } = await start();
  let left = 3;
  cloud.meanwhile = (action) => {
    if (!action.startsWith('ssm:') || left === 0) return;
    left -= 1;
    throw awsError('ThrottlingException', 'Rate exceeded');
  };
  expect((await ended(harness)).status).toBe('fixed');
  expect(harness.writes.map(({ api }) => api)).toEqual(['ssm:UpdateOpsItem']);
});
