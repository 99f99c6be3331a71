import { randomUUID } from 'node:crypto';
import {
  CreateLoginProfileCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { callEvent, consoleLogin, dana, roleSession, scheduled } from '../fixtures/events.ts';
import { root } from '../support/identity/events.ts';
import { patience } from '../support/patience.ts';
import { World } from './world.ts';

/** A local cloud in which people sign in, as no client can: their records are put on the bus. */
class IdentityWorld extends World {
  readonly iam = new IAMClient(this.user);

  static async start(): Promise<IdentityWorld> {
    return new IdentityWorld(await World.make('identity', {}));
  }

  /** Has EventBridge deliver an event, in this cloud's account and Region. */
  async deliver(event: { readonly detail: object }): Promise<void> {
    const { account, region } = this.cloud;
    const time = new Date().toISOString();
    const body = JSON.stringify({ ...event, account, region, time, detail: { ...event.detail, eventTime: time } });
    const sent = await fetch(`${this.cloud.endpoint}/_local/events`, { method: 'POST', body });
    expect(await sent.json()).toEqual({ sent: 1 });
  }
}

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
});
afterAll(() => world?.stop());

const today = () => new Date().toISOString().slice(0, 10);
const idOf = (arn: string) => `${arn} on ${today()}`;

describe('sign-ins and calls that no client can make here', () => {
  test('reach the function where they are worth a finding, and are one finding for a caller and a day', async () => {
    const erin = { ...dana, userName: 'erin', arn: dana.arn.replace('dana', 'erin') };
    const withMfa = { additionalEventData: { MFAUsed: 'Yes' } };
    const before = world.invocations();
    for (const event of [
      consoleLogin({ userIdentity: erin, ...withMfa }),
      consoleLogin({ userIdentity: erin, responseElements: { ConsoleLogin: 'Failure' } }),
      consoleLogin({ userIdentity: root, responseElements: { ConsoleLogin: 'Failure' } }),
      consoleLogin({ userIdentity: roleSession('AWSReservedSSO_Admin_0123456789abcdef', 'erin') }),
      callEvent('RunInstances', { userIdentity: { ...root, invokedBy: 'autoscaling.amazonaws.com' } }),
      callEvent('CreateVolume', {
        userIdentity: erin,
        tlsDetails: { tlsVersion: 'TLSv1.3', clientProvidedHostHeader: 'ec2.us-east-1.amazonaws.com' },
      }),
    ])
      await world.deliver(event);
    await world.calm();
    expect(world.invocations()).toBe(before);

    await world.deliver(consoleLogin());
    await world.finding('sign-in-with-mfa', idOf(dana.arn), 'open');
    await world.deliver(consoleLogin({ userIdentity: root, ...withMfa }));
    const used = await world.finding('root-unused', idOf(root.arn), 'open');
    expect(used).toMatchObject({ found: 'Root signed in to the console with MFA.', severity: 'critical' });
    await world.deliver(callEvent('CreateAccessKey', { userIdentity: root }, 'iam.amazonaws.com'));
    await vi.waitFor(
      async () => expect(await world.ledger.getFinding(used.id)).toMatchObject({ finding: { count: 2, status: 'open' } }),
      patience,
    );
    await world.deliver(
      callEvent(
        'AssumeRoot',
        { userIdentity: roleSession('security', 'dana'), requestParameters: { targetPrincipal: '444455556666' } },
        'sts.amazonaws.com',
      ),
    );
    const session = roleSession('security', 'dana').arn;
    expect(await world.finding('root-session-known', idOf(session), 'open')).toMatchObject({
      found: expect.stringMatching('444455556666'),
    });
    expect(world.told('root-unused', idOf(root.arn))).toHaveLength(1);
  });
});

describe('a user of a client that knows nothing of Redress', () => {
  const UserName = 'frank';

  test('may have a day to register a device, and a quarter of an hour to replace one', async () => {
    await world.iam.send(new CreateUserCommand({ UserName }));
    await world.iam.send(new CreateLoginProfileCommand({ UserName, Password: randomUUID(), PasswordResetRequired: true }));
    await vi.waitFor(() => expect(world.calls('iam:GetLoginProfile')).toBe(1), patience);
    const { VirtualMFADevice } = await world.iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
    const SerialNumber = VirtualMFADevice?.SerialNumber ?? expect.fail('no device');
    const enable = new EnableMFADeviceCommand({ UserName, SerialNumber, AuthenticationCode1: '123456', AuthenticationCode2: '654321' });
    await world.iam.send(enable);
    await world.iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }));
    // the message waits as long as SQS can hold it, which is a second here
    await vi.waitFor(() => expect(world.delays.filter((seconds) => seconds > 800)).not.toEqual([]), patience);
    await world.iam.send(enable);
    await world.calm();
    expect(world.told('mfa-kept', UserName)).toEqual([]);
    expect(world.told('user-has-mfa', UserName)).toEqual([]);
    const record = world.cloud.records().find(({ eventName }) => eventName === 'DeactivateMFADevice');
    expect(record).toMatchObject({ requestParameters: { userName: UserName, serialNumber: SerialNumber }, responseElements: null });
  });
});

test('root without MFA is found by a sweep', async () => {
  await world.put(
    JSON.stringify({ control: 'root-has-mfa', event: { ...scheduled(), account: world.cloud.account, region: world.cloud.region } }),
  );
  expect(await world.finding('root-has-mfa', world.cloud.account, 'open')).toMatchObject({ severity: 'critical' });
  expect(world.calls('iam:GetAccountSummary')).toBe(1);
});
