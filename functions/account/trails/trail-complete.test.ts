import { UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { scheduled } from '../../../test/fixtures/events.ts';
import { type Stored, trailArn, trailsWorld, trailWritten } from '../../../test/support/account/trails.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './trail-complete.ts';

const name = 'management-events';
const Name = trailArn(name);
const key = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d';
const world =
  (trail: Stored, others: { readonly [name: string]: Stored } = {}) =>
  () =>
    trailsWorld({ trails: { [name]: trail, ...others } });
const ofOneRegion = trailWritten('CreateTrail', name, { isMultiRegionTrail: false });
const unvalidated = trailWritten('UpdateTrail', name, { logFileValidationEnabled: false });
const stack = [{ Key: 'aws:cloudformation:stack-name', Value: 'audit' }];

testControl(control, {
  valid: [
    { name: 'a trail of all Regions with validation', world: world({}), event: ofOneRegion },
    {
      name: 'a trail of one Region beside one of all, whose home is elsewhere',
      world: world({ multi: false }, { other: { home: 'us-east-1' } }),
      event: ofOneRegion,
    },
    { name: 'one with a key of its own, where none is asked for', world: world({ key }), event: scheduled() },
    { name: 'one with the key that is asked for', world: world({ key }), event: scheduled(), settings: { key } },
  ],
  invalid: [
    {
      name: 'a trail of one Region that leaves the global services out, and the validation',
      world: world({ multi: false, globals: false, validated: false }),
      event: ofOneRegion,
      isApproved: true,
      mode: 'approve',
      sends: [new UpdateTrailCommand({ Name, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, EnableLogFileValidation: true })],
      status: 'fixed',
      says: 'Found: It logs one Region only, and no other trail logs all of them, and it does not validate its log files. Now: It has all that a trail should have.',
      advice: '',
    },
    {
      name: 'one with another key, which waits for a person',
      world: world({ key: `${key}4` }),
      event: scheduled(),
      settings: { key },
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: `It does not encrypt its log files with ${key}.`,
      advice: /Look first who reads its bucket/,
    },
    {
      name: 'the trail of the organization, which is never changed',
      world: world({ isOrganization: true, validated: false }),
      event: unvalidated,
      sends: [],
      status: 'open',
      says: 'It does not validate its log files.',
      advice: /change it in the management account/,
    },
    {
      name: 'one of a stack that a hand changed',
      world: world({ validated: false, tags: stack }),
      event: unvalidated,
      sends: [new UpdateTrailCommand({ Name, EnableLogFileValidation: true })],
      status: 'fixed',
      says: /Now: It has all/,
    },
  ],
  skipped: [
    {
      // the trail that Redress can bring with its stack is one of these: https://github.com/awslabs/aws-config-resource-schema/issues/14
      name: 'one of a stack, as the stack made it',
      world: world({ multi: false, tags: stack }),
      event: scheduled(),
      says: /The CloudFormation stack audit manages it/,
      advice: /set `IsMultiRegionTrail`/,
    },
  ],
  undo: [
    {
      name: 'to what it had',
      world: world({ multi: false, globals: false, validated: false }),
      event: ofOneRegion,
      sends: [
        new UpdateTrailCommand({ Name, IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false, EnableLogFileValidation: false }),
      ],
    },
    {
      name: 'without a key, where it had none',
      world: world({}),
      event: scheduled(),
      settings: { key },
      sends: [new UpdateTrailCommand({ Name, KmsKeyId: '' })],
    },
  ],
});
