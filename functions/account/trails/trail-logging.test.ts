import { StartLoggingCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { byTerraform, roleSession, scheduled } from '../../../test/fixtures/events.ts';
import { failingCases } from '../../../test/support/account/trail-cases.ts';
import {
  nearlyNothing,
  type Stored,
  selectorsPut,
  trailArn,
  trailCall,
  trailsWorld,
  trailWritten,
} from '../../../test/support/account/trails.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './trail-logging.ts';

const name = 'management-events';
const stopped: Stored = { logs: false, stopped: new Date('2026-11-21T09:00:00Z') };
const world =
  (trail: Stored, others: { readonly [name: string]: Stored } = {}, rest: object = {}) =>
  () =>
    trailsWorld({ trails: { [name]: trail, ...others }, ...rest });
const start = new StartLoggingCommand({ Name: trailArn(name) });
const stack = [{ Key: 'aws:cloudformation:stack-name', Value: 'audit' }];
const byStack = { type: 'AWSService', invokedBy: 'cloudformation.amazonaws.com' };
const organization = { owner: '444455556666', home: 'us-east-1', isOrganization: true };
const found = 'Found: It does not log. No other trail covers this Region. dana stopped it at 2026-11-21T09:00:00Z.';

testControl(control, {
  valid: [
    { name: 'a trail that logs and delivers', world: world({}), event: trailWritten('UpdateTrail', name) },
    {
      name: 'one that somebody started again',
      world: world({ started: new Date('2026-11-21T09:00:01Z') }),
      event: trailCall('StopLogging', name),
    },
    {
      // https://github.com/mondoohq/mql/pull/10202
      name: 'one whose events are chosen the newer way (mql#10202)',
      world: world({ advanced: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }] }),
      event: selectorsPut(name, []),
    },
    {
      name: 'one that leaves out reads, and calls of AWS KMS',
      world: world({
        advanced: [
          {
            FieldSelectors: [
              { Field: 'eventCategory', Equals: ['Management'] },
              { Field: 'readOnly', Equals: ['false'] },
              { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] },
            ],
          },
        ],
      }),
      event: selectorsPut(name, []),
    },
    { name: 'a trail whose home is another Region', world: world({ ...stopped, home: 'us-east-1' }), event: scheduled() },
    {
      name: 'a call about a trail of another account',
      world: world(stopped, {}),
      event: trailCall('StopLogging', trailArn(name, { owner: '444455556666' })),
    },
    {
      name: 'a trail that was deleted more than a day ago, where another one covers the Region',
      world: () => trailsWorld({ trails: { other: {} } }),
      event: trailCall('DeleteTrail', name, { eventTime: '2026-11-20T08:00:00Z' }),
    },
  ],
  invalid: [
    {
      name: 'the only trail, which somebody stopped by its name',
      world: world(stopped),
      event: trailCall('StopLogging', name),
      sends: [start],
      status: 'fixed',
      says: `${found} Now: It logs and delivers.`,
    },
    {
      name: 'the same by its ARN, beside one that does not log either',
      world: world(stopped, { other: { logs: false } }),
      event: trailCall('StopLogging', trailArn(name)),
      sends: [start],
      status: 'fixed',
      says: /^Found: It does not log\. No other trail covers this Region\./,
    },
    {
      // https://github.com/nccgroup/ScoutSuite/issues/633: the trail was there, and everything about it was right
      name: 'one that stands there and has not logged for long, which only the sweep sees (ScoutSuite#633)',
      world: world({ logs: false }),
      event: scheduled(),
      sends: [start],
      status: 'fixed',
      says: 'Found: It does not log. No other trail covers this Region. Now: It logs and delivers.',
    },
    {
      name: 'one whose stop came as no event; the history says who stopped it',
      world: world(
        stopped,
        {},
        { history: [trailCall('StopLogging', name), trailCall('StopLogging', 'other', { userIdentity: roleSession('ci', 'x') })] },
      ),
      event: scheduled(),
      sends: [start],
      status: 'fixed',
      says: `${found} Now: It logs and delivers.`,
    },
    {
      name: 'one of a stack that a hand stopped',
      world: world({ ...stopped, tags: stack }),
      event: trailCall('StopLogging', name),
      sends: [start],
      status: 'fixed',
      says: /dana stopped it/,
    },
    {
      name: 'the same where no event came',
      world: world({ ...stopped, tags: stack }, {}, { history: [trailCall('StopLogging', trailArn(name))] }),
      event: scheduled(),
      sends: [start],
      status: 'fixed',
      says: /dana stopped it/,
    },
    {
      name: 'one that claims to be of Terraform, and that a hand stopped',
      world: world({ ...stopped, tags: [{ Key: 'managed-by', Value: 'terraform' }] }),
      event: trailCall('StopLogging', name),
      sends: [start],
      status: 'fixed',
      says: /dana stopped it/,
    },
    {
      name: 'one of a stack that its stack stopped, which is left to it and said aloud',
      world: world({ ...stopped, tags: stack }),
      event: trailCall('StopLogging', name, { userIdentity: byStack }),
      sends: [],
      status: 'open',
      says: /The CloudFormation stack audit manages it, so it is left unchanged: fix it there\./,
      advice: /CloudFormation: set `IsLogging: true` of the AWS::CloudTrail::Trail/,
    },
    {
      name: 'one that claims to be of Terraform, and that something stopped which claims the same',
      world: world({ ...stopped, tags: [{ Key: 'managed-by', Value: 'terraform' }] }),
      event: trailCall('StopLogging', name, byTerraform),
      sends: [],
      status: 'awaiting-approval',
      says: /It claims to be managed by Terraform, so a person decides/,
      advice: /Terraform: set `enable_logging = true`/,
    },
    {
      name: 'a second trail, which is low and only reported',
      world: world(stopped, { other: {} }),
      event: trailCall('StopLogging', name),
      sends: [],
      status: 'open',
      says: 'It does not log. But other covers this Region. dana stopped it at 2026-11-21T09:00:00Z.',
      advice: /To start it again: `aws cloudtrail start-logging --name management-events`/,
    },
    {
      // https://github.com/turbot/steampipe-mod-aws-compliance/issues/536
      name: "a member account's own trail, where the organization's covers the Region (steampipe-mod-aws-compliance#536)",
      world: world(stopped, { organization: { ...organization, event: [], isSecret: true } }),
      event: trailCall('StopLogging', name),
      sends: [],
      status: 'open',
      says: /^It does not log\. But the trail of the organization organization covers this Region\./,
    },
    {
      name: 'one beside a trail of another Region whose chosen events AWS does not show',
      world: world(stopped, { other: { home: 'us-east-1', event: nearlyNothing, isSecret: true } }),
      event: trailCall('StopLogging', name),
      sends: [start],
      status: 'fixed',
      says: /No other trail covers this Region/,
    },
    {
      name: 'the trail of the organization in its own account, which is never changed',
      world: world({ ...stopped, isOrganization: true }),
      event: trailCall('StopLogging', name),
      sends: [],
      status: 'open',
      says: 'It does not log. No other trail covers this Region. dana stopped it at 2026-11-21T09:00:00Z.',
      advice: /It is a trail of the organization, which Redress never changes/,
    },
    ...failingCases,
  ],
  skipped: [],
  undo: [
    {
      name: 'by stopping it again',
      world: world(stopped),
      event: trailCall('StopLogging', name),
      sends: [new StopLoggingCommand({ Name: trailArn(name) })],
    },
  ],
});
