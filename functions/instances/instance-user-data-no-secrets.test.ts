import { describe, expect, test } from 'vitest';
import { callEvent, launchOf, messageFor, runInstances, scheduled } from '../../test/fixtures/events.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { awsError, Harness } from '../../test/support/harness.ts';
import { type Account, instance, instancesWorld } from '../../test/support/instances/world.ts';
import { compressed, encoded } from '../../test/support/launch/user-data.ts';
import { testControl } from '../../test/support/tester.ts';
import control from './instance-user-data-no-secrets.ts';

const script = `#!/bin/bash\nset -e\ngit clone https://x:${token}@github.com/shop/app\n`;
const world =
  (userData: string | undefined, more: Parameters<typeof instance>[1] = {}, account: Account = {}) =>
  () =>
    instancesWorld({ instances: [instance('i-1', more)], ...(userData && { userData: { 'i-1': userData } }), ...account });
const made = runInstances('i-1');
/** The record hides the user data; the live instance has it. */
const changed = (requestParameters: object) =>
  callEvent('ModifyInstanceAttribute', { requestParameters: { instanceId: 'i-1', ...requestParameters } });
const hidden = '<sensitiveDataRemoved>';
const says = 'Its user data holds what looks like a secret: github-token in line 3, url-credentials in line 3.';

testControl(control, {
  valid: [
    { name: 'an instance without user data', world: world(undefined), event: made },
    {
      name: 'one that reads its secrets when it starts',
      world: world(encoded('#!/bin/bash\nDB=$(aws ssm get-parameter --name /db)\n')),
      event: made,
    },
    { name: 'one whose record hides what is sound', world: world(encoded('#!/bin/bash\n')), event: changed({ userData: hidden }) },
  ],
  invalid: [
    {
      name: 'a token in a script',
      world: world(encoded(script)),
      event: made,
      sends: [],
      status: 'open',
      says,
      advice: /^Change the secret first: [\s\S]*User data can be changed only while the instance is stopped/,
      secret: token,
    },
    {
      name: 'a compressed script',
      world: world(compressed(script)),
      event: made,
      sends: [],
      status: 'open',
      says,
      secret: compressed(script),
    },
    {
      name: 'user data that is replaced, by its own name',
      world: world(encoded(script)),
      event: changed({ userData: hidden }),
      sends: [],
      status: 'open',
      says,
      secret: encoded(script),
    },
    {
      name: 'user data that is replaced, as the value of an attribute',
      world: world(encoded(script)),
      event: changed({ attribute: 'userData', value: hidden }),
      sends: [],
      status: 'open',
      says,
    },
    {
      name: 'an instance of a group with a launch template',
      world: world(encoded(script), { tags: { 'aws:autoscaling:groupName': 'web', 'aws:ec2launchtemplate:id': 'lt-1' } }),
      event: launchOf('i-1'),
      sends: [],
      status: 'open',
      says,
      advice: /The Auto Scaling group web launched it: take the secret out of the user data of the launch template lt-1, and/,
    },
    {
      name: 'an instance of a group with a launch configuration',
      world: world(encoded(script), { tags: { 'aws:autoscaling:groupName': 'web' } }),
      event: launchOf('i-1'),
      sends: [],
      status: 'open',
      says,
      advice: /out of the user data of its launch configuration or template/,
    },
    {
      name: 'an instance that somebody launched from a template',
      world: world(encoded(script), { tags: { 'aws:ec2launchtemplate:id': 'lt-1' } }),
      event: made,
      sends: [],
      status: 'open',
      says,
      advice: /It came from the launch template lt-1/,
    },
    {
      name: 'an instance of a CloudFormation stack: the secret has to be changed all the same',
      world: world(encoded(script), { tags: { 'aws:cloudformation:stack-name': 'shop' } }),
      event: made,
      sends: [],
      status: 'open',
      says: /github-token in line 3/,
      advice: /^CloudFormation: take it out of `UserData` of the AWS::EC2::Instance.* A dynamic reference is no way/,
    },
  ],
  skipped: [
    { name: 'a terminated instance', world: world(encoded(script), { State: { Name: 'terminated' } }), event: made, says: /is terminated/ },
    { name: 'user data that is no text', world: world(encoded(Buffer.from([0x1f, 0x8b, 1]))), event: made, says: /cannot be unpacked/ },
  ],
});

describe('many instances', () => {
  const ids = Array.from({ length: 200 }, (_, n) => `i-${n}`);
  const start = (account: Account) => {
    const its = instancesWorld({ instances: ids.map((id) => instance(id)), ...account });
    const harness = new Harness({ controls: [control], world: its });
    harness.put(messageFor(control.id, scheduled()));
    return { its, harness };
  };

  test('are read once each, and the list twice at most', async () => {
    const { its, harness } = start({ userData: Object.fromEntries(ids.map((id) => [id, encoded(script)])) });
    await harness.settle();
    expect((await harness.findings()).length).toBe(200);
    expect(its.asked.filter((action) => action === 'ec2:DescribeInstanceAttribute').length).toBe(200);
    expect(its.asked.filter((action) => action === 'ec2:DescribeInstances').length).toBeLessThanOrEqual(4);
    const output = await harness.output();
    for (const text of [token, encoded(script), encoded(token)]) expect(output).not.toContain(text);
  });

  test('are read five at once at most', async () => {
    const { its, harness } = start({});
    const send = its.send;
    let [now, most] = [0, 0];
    Object.assign(its, {
      send: async (command: Parameters<typeof send>[0]) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return await send(command);
      },
    });
    await harness.settle();
    expect(most).toBe(5);
  });
});

test('one that is gone before its user data is read is skipped, and what AWS throttles comes again', async () => {
  const refuses: Record<string, Error> = {
    'ec2:DescribeInstanceAttribute': awsError('RequestLimitExceeded', 'Request limit exceeded.', 503),
  };
  const harness = new Harness({ controls: [control], world: world(encoded(script), {}, { refuses })() });
  harness.put(messageFor(control.id, made));
  await harness.invoke();
  expect((await harness.findings())[0]?.status).not.toBe('failed');
  delete refuses['ec2:DescribeInstanceAttribute'];
  await harness.settle();
  expect((await harness.findings())[0]?.says).toBe(says);
  expect(harness.dead).toEqual([]);

  const gone = { 'ec2:DescribeInstanceAttribute': awsError('InvalidInstanceID.NotFound') };
  const other = new Harness({ controls: [control], world: world(encoded(script), {}, { refuses: gone })() });
  other.put(messageFor(control.id, made));
  await other.settle();
  expect(await other.findings()).toEqual([]);
});
