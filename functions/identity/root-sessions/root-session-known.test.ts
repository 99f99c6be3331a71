import { sendWith } from '#shared/aws/clients.ts';
import { callEvent, dana, roleSession } from '../../../test/fixtures/events.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './root-session-known.ts';

const world = () => ({ send: sendWith({}) });
const began = (fields: object = {}) =>
  callEvent(
    'AssumeRoot',
    {
      userIdentity: roleSession('security', 'dana'),
      requestParameters: {
        targetPrincipal: '444455556666',
        taskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy' },
      },
      ...fields,
    },
    'sts.amazonaws.com',
  );
const wrong = { world, mode: 'observe' as const, sends: [], status: 'open' as const };
const known = { principals: ['arn:aws:iam::*:role/security'] };

testControl(control, {
  valid: [
    { name: 'a session that a known role began', world, event: began(), settings: known },
    { name: 'a session that a known user began', world, event: began({ userIdentity: dana }), settings: { principals: [dana.arn] } },
  ],
  invalid: [
    {
      name: 'any session where nobody is known',
      ...wrong,
      event: began(),
      says: 'Somebody began a session of root in 444455556666, for S3UnlockBucketPolicy.',
      advice: /name it in `principals`/,
    },
    {
      name: 'a session whose name is that of a known role: its maker chose it',
      ...wrong,
      event: began({ userIdentity: roleSession('mallory', 'security') }),
      settings: known,
      says: /Somebody began/,
    },
    {
      name: 'a record that says nothing of the session',
      ...wrong,
      event: began({ requestParameters: null }),
      says: 'Somebody began a session of root in an unknown account, for an unknown task.',
    },
  ],
  skipped: [],
});
