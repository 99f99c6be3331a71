import { PutEventSelectorsCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { scheduled } from '../../fixtures/events.ts';
import type { InvalidCase } from '../tester.ts';
import {
  everything,
  nearlyNothing,
  type Stored,
  selectorsPut,
  type TrailWorld,
  trailArn,
  trailCall,
  trailsWorld,
  trailWritten,
} from './trails.ts';

const name = 'management-events';
const world = (trail: Stored) => () => trailsWorld({ trails: { [name]: trail } });

/** Trails that log, and of whose events too little arrives; and those that are gone. */
export const failingCases: readonly InvalidCase[] = [
  {
    // https://github.com/duo-labs/cloudmapper/issues/521
    name: 'one that logs and cannot deliver (cloudmapper#521)',
    world: world({ error: 'NoSuchBucket' }),
    event: scheduled(),
    sends: [],
    status: 'open',
    says: 'It logs, and cannot deliver its files: NoSuchBucket. No other trail covers this Region.',
    advice: /The bucket logs-of-management-events is gone/,
  },
  {
    name: 'one that may not write, of AWS Control Tower, beside one that cannot deliver either',
    world: () =>
      trailsWorld({
        trails: { 'aws-controltower-BaselineCloudTrail': { error: 'AccessDenied' }, other: { error: 'SlowDown', home: 'us-east-1' } },
      }),
    event: trailWritten('UpdateTrail', 'aws-controltower-BaselineCloudTrail'),
    sends: [],
    status: 'open',
    says: /cannot deliver its files: AccessDenied\. No other trail/,
    advice: /Look at the policy of logs-of-aws-controltower-BaselineCloudTrail[\s\S]*AWS Control Tower makes trails of such a name/,
  },
  {
    name: 'one that cannot deliver for another reason',
    world: world({ error: 'InternalError' }),
    event: scheduled(),
    sends: [],
    status: 'open',
    says: /InternalError/,
    advice: /CloudTrail has to write there/,
  },
  {
    name: 'one that logs reads of data only, of which nothing better is known',
    world: world({ event: nearlyNothing }),
    event: selectorsPut(name, nearlyNothing),
    sends: [],
    status: 'open',
    says: 'It leaves out management events that change something. No other trail covers this Region.',
    advice:
      /put-event-selectors --trail-name management-events --event-selectors '\[\{"ReadWriteType":"All","IncludeManagementEvents":true\}\]'/,
  },
  {
    name: 'the same where it was seen before; a person gives it back what it logged then',
    world: world({}),
    earlier: {
      event: scheduled(),
      since: (it) => {
        const trail = (it as TrailWorld).trails.get(name);
        Object.assign(trail ?? {}, { event: nearlyNothing });
      },
    },
    event: selectorsPut(name, nearlyNothing),
    isApproved: true,
    sends: [new PutEventSelectorsCommand({ TrailName: trailArn(name), EventSelectors: everything })],
    status: 'fixed',
    says: /Found: It leaves out management events that change something\. .* Now: It logs and delivers\./,
  },
  {
    // https://github.com/prowler-cloud/prowler/pull/10858: such a selector passed the check, and recorded no change
    name: 'one whose newer selectors name some calls only (prowler#10858)',
    world: world({
      advanced: [
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Management'] },
            { Field: 'eventName', StartsWith: ['Describe', 'List', 'Get'] },
          ],
        },
      ],
    }),
    event: selectorsPut(name, []),
    sends: [],
    status: 'open',
    says: /leaves out management events/,
  },
  {
    name: 'the last trail deleted, with the calls that make one',
    world: () => trailsWorld(),
    event: trailCall('DeleteTrail', name),
    sends: [],
    status: 'open',
    says: 'It was deleted. No other trail covers this Region.',
    advice:
      /`aws cloudtrail create-trail --name management-events --s3-bucket-name BUCKET --is-multi-region-trail`, then `aws cloudtrail start-logging --name management-events`/,
  },
  {
    name: 'a second trail deleted',
    world: () => trailsWorld({ trails: { other: {} } }),
    event: trailCall('DeleteTrail', trailArn(name)),
    sends: [],
    status: 'open',
    says: 'It was deleted. But other covers this Region.',
  },
  {
    name: 'one that was stopped, and cannot deliver either: it starts, and a person does the rest',
    world: world({ logs: false, error: 'AccessDenied' }),
    event: scheduled(),
    sends: [new StartLoggingCommand({ Name: trailArn(name) })],
    leavesRest: true,
    status: 'open',
    says: /It logs, and cannot deliver its files: AccessDenied/,
  },
];
