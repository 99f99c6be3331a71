import { sendWith } from '#shared/aws/clients.ts';
import { callEvent, consoleLogin } from '../../../test/fixtures/events.ts';
import { root, rootInConsole } from '../../../test/support/identity/events.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './root-unused.ts';

const world = () => ({ send: sendWith({}) });
const wrong = { world, mode: 'observe' as const, sends: [], status: 'open' as const };
const signIn = (MFAUsed: string, fields: object = {}) =>
  consoleLogin({ userIdentity: root, additionalEventData: { MobileVersion: 'No', MFAUsed }, ...fields });
const byRoot = (fields: object) => callEvent('CreateAccessKey', { userIdentity: root, ...fields }, 'iam.amazonaws.com');

testControl(control, {
  valid: [
    {
      name: 'a sign-in that failed, which has no error code',
      world,
      event: signIn('No', { responseElements: { ConsoleLogin: 'Failure' }, errorMessage: 'Failed authentication' }),
    },
    { name: 'a call of an IAM user', world, event: callEvent('CreateAccessKey', {}, 'iam.amazonaws.com') },
    { name: 'a service that acts for root', world, event: byRoot({ userIdentity: { ...root, invokedBy: 'autoscaling.amazonaws.com' } }) },
    { name: 'what a service did on its own', world, event: byRoot({ eventType: 'AwsServiceEvent' }) },
    {
      // ministryofjustice/modernisation-platform#10145: an administrator lists accounts by central root access
      name: 'a session of AssumeRoot',
      world,
      event: byRoot({ userIdentity: { ...root, sessionContext: { assumedRoot: 'true', attributes: { mfaAuthenticated: 'false' } } } }),
    },
  ],
  invalid: [
    { name: 'a sign-in without MFA', ...wrong, event: signIn('No'), says: 'Root signed in to the console without MFA.' },
    { name: 'a sign-in with MFA', ...wrong, event: signIn('Yes'), says: 'Root signed in to the console with MFA.' },
    {
      name: 'a call from the console, whose sign-in is named as if it were a service',
      ...wrong,
      event: byRoot({ ...rootInConsole, userIdentity: { ...rootInConsole.userIdentity, invokedBy: 'signin.amazonaws.com' } }),
      says: 'Root called iam:CreateAccessKey without MFA.',
    },
    {
      name: 'a call of the console that is named as internal',
      ...wrong,
      event: byRoot({ userIdentity: { ...root, invokedBy: 'AWS Internal', sessionContext: { attributes: { mfaAuthenticated: 'true' } } } }),
      says: 'Root called iam:CreateAccessKey with MFA.',
    },
    {
      name: 'temporary credentials that do not say where they come from',
      ...wrong,
      event: callEvent('DeleteBucketPolicy', { userIdentity: { ...root, accessKeyId: 'ASIAEXAMPLEROOT' } }, 's3.amazonaws.com'),
      says: 'Root called s3:DeleteBucketPolicy without MFA.',
      advice: /recorded sts:AssumeRoot just before/,
    },
    {
      name: 'a new password of root',
      ...wrong,
      event: consoleLogin({ eventName: 'PasswordUpdated', userIdentity: root, responseElements: { PasswordUpdated: 'Success' } }),
      says: /Root called signin:PasswordUpdated/,
    },
  ],
  skipped: [],
});
