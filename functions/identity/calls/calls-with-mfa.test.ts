import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { sendWith } from '#shared/aws/clients.ts';
import { callEvent, dana, roleSession } from '../../../test/fixtures/events.ts';
import { inConsole } from '../../../test/support/identity/events.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './calls-with-mfa.ts';

const world = () => ({ send: sendWith({}) });
const settings = { calls: { iam: ['CreateUser', 'AttachUserPolicy'], ec2: ['TerminateInstances'] } };
const call = (userIdentity: object, eventName = 'CreateUser', service = 'iam') =>
  callEvent(eventName, { userIdentity }, `${service}.amazonaws.com`);
const wrong = { world, settings, mode: 'observe' as const, sends: [], status: 'open' as const };

testControl(control, {
  valid: [
    { name: 'a session with MFA', world, event: call(inConsole('true')), settings },
    { name: 'a long-lived access key, which shows no MFA whoever has it', world, event: call(dana), settings },
    {
      name: 'a session of a role, which always shows none',
      world,
      event: call(roleSession('admin', 'dana', { sessionContext: { attributes: { mfaAuthenticated: 'false' } } })),
      settings,
    },
    { name: 'a call that is not listed', world, event: call(inConsole('false'), 'TagUser'), settings },
    { name: 'a call of the same name of another service', world, event: call(inConsole('false'), 'CreateUser', 'transfer'), settings },
    {
      name: 'a service that acts for the user',
      world,
      event: call(inConsole('false', { invokedBy: 'secretsmanager.amazonaws.com' })),
      settings,
    },
    { name: 'any call where none is listed', world, event: call(inConsole('false')) },
  ],
  invalid: [
    {
      name: 'a listed call without MFA',
      ...wrong,
      event: call(inConsole('false')),
      says: 'The user dana called iam:CreateUser in a session without MFA.',
    },
    {
      name: 'one whose record writes it with a capital',
      ...wrong,
      event: call(inConsole('False'), 'TerminateInstances', 'ec2'),
      says: /ec2:TerminateInstances/,
    },
    {
      name: 'one from the console, whose sign-in is named as if it were a service',
      ...wrong,
      event: call(inConsole('false', { invokedBy: 'signin.amazonaws.com' })),
      says: /iam:CreateUser/,
    },
  ],
  skipped: [],
});

describe('the list', () => {
  const schema = control.settings?.['calls'] ?? expect.fail('there is no list');
  test.each([
    [{ 'iam.amazonaws.com': ['CreateUser'] }],
    [{ iam: ['iam:CreateUser'] }],
    [{ iam: Array.from({ length: 31 }, (_, n) => `CreateUser${n}`) }],
  ])('refuses %j', (value) => expect(v.safeParse(schema, value).success).toBe(false));

  test('that is empty leaves the control idle', () => {
    expect([{}, { iam: [] }, settings.calls].map((calls) => control.isIdle?.({ calls }))).toEqual([true, true, false]);
  });
});
