import { randomBytes, randomUUID } from 'node:crypto';
import type { AnyControl, Json } from '#shared/control/control.ts';
import type { AnyKind } from '#shared/control/kind.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { ALERTS } from '#shared/finding/names.ts';
import launchTemplateEncrypted from '../functions/launch-templates/launch-template-encrypted.ts';
import volumeEncrypted from '../functions/volumes/volume-encrypted.ts';

import { discoverFunctions } from '../infra/catalog.ts';

/** What happens warm, and to which function. */
export interface Scenario {
  readonly title: string;
  readonly function: string;
  /** The config beside the bundle. */
  readonly config: object;
  readonly isEncryptedByDefault: boolean;
  /** Events a batch. */
  readonly sizes: readonly number[];
  /** The body of one queue message. */
  body(): object;
}

const account = '123456789012';
const region = 'us-east-1';
// events of now: an old one may be a repeat from before an update, and is asked about
const time = `${new Date().toISOString().slice(0, 19)}Z`;

/** What the bench plays; sizes end where the blast radius does. */
export const scenarios: readonly Scenario[] = [
  {
    title: 'RunInstances, encryption by default on',
    function: 'volumes',
    config: {},
    isEncryptedByDefault: true,
    sizes: [1, 10, 100],
    body: () => call('ebs-default-encryption', 'RunInstances', { instancesSet: { items: [{ instanceId: id('i') }] } }),
  },
  {
    title: 'encryption by default off, turned on',
    function: 'volumes',
    config: {},
    isEncryptedByDefault: false,
    sizes: [1, 10, 100],
    body: () => call('ebs-default-encryption', 'CreateVolume', { volumeId: id('vol'), encrypted: false }),
  },
  {
    title: 'unencrypted volume, reported',
    function: 'volumes',
    config: {},
    isEncryptedByDefault: true,
    sizes: [1, 10, 100],
    body: unencryptedVolume,
  },
  {
    title: 'unencrypted volume, replaced by a copy',
    function: 'volumes',
    config: { controls: { 'volume-encrypted': { mode: 'fix', settleSeconds: 0 } } },
    isEncryptedByDefault: true,
    sizes: [1, 10, 25],
    body: unencryptedVolume,
  },
  {
    title: 'launch template, encrypted',
    function: 'launch-templates',
    config: { controls: { 'launch-template-encrypted': { mode: 'observe' } } },
    isEncryptedByDefault: false,
    sizes: [1, 10, 100],
    body: () => creation(launchTemplateEncrypted, launchTemplateEncrypted.kind),
  },
  {
    title: 'finding, published to SNS',
    function: 'alerts',
    config: {},
    isEncryptedByDefault: true,
    sizes: [1, 10, 100],
    body: () => ({ detail: finding() }),
  },
];

const functions = await discoverFunctions();

/** The first event of a cold start: a creation that a control of the function looks at; throws for a function that is not there. */
export function firstEvent(functionName: string): object {
  if (functionName === ALERTS) return batch([{ detail: finding() }]);
  const found = functions.find(({ id: one }) => one === functionName);
  const kind = found?.kinds.find(({ is }) => is === 'resource') ?? found?.kinds[0];
  // a control of the kind's own tells more than one of its tags, which all kinds share
  const own = found?.located.controls.map(({ thing }) => thing) ?? [];
  const control = [...own, ...(found?.controls ?? [])].find((one) => one.kind === kind);
  if (!kind || !control) throw new Error(`no control runs in a function ${functionName}`);
  return batch([creation(control, kind)]);
}

/** A creation of one of a control's resources, with what else its record holds. */
function creation(control: AnyControl, kind: AnyKind, more: { requestParameters?: object; responseElements?: object } = {}): object {
  const { eventSource, eventName, requestParameters, responseElements } = kind.example(id(kind.noun));
  const both = (one: Json, other: object | undefined) => (other ? { ...Object(one), ...other } : one);
  return call(
    control.id,
    eventName,
    both(responseElements, more.responseElements),
    both(requestParameters, more.requestParameters),
    eventSource.split('.')[0],
  );
}

/** An SQS event of these bodies, as Lambda hands it over. */
export function batch(bodies: readonly object[]): object {
  const Records = bodies.map((body) => ({
    messageId: randomUUID(),
    body: JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1', SenderId: 'AIDAEXAMPLE' },
  }));
  return { Records };
}

function unencryptedVolume(): object {
  return creation(volumeEncrypted, volumeEncrypted.kind, { responseElements: { size: '8', volumeType: 'gp3', encrypted: false } });
}

function call(
  control: string,
  eventName: string,
  responseElements: object | null,
  requestParameters: object | null = null,
  service = 'ec2',
): object {
  const detail = callRecord(eventName, responseElements, requestParameters, service);
  const event = { id: randomUUID(), account, region, time, source: `aws.${service}`, 'detail-type': 'AWS API Call via CloudTrail', detail };
  return { control, event };
}

/** A record of a call by an IAM user at a command line. */
export function callRecord(
  eventName: string,
  responseElements: object | null = null,
  requestParameters: object | null = null,
  service = 'ec2',
) {
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/dana`, accountId: account, userName: 'dana' },
    eventTime: time,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: region,
    sourceIPAddress: '192.0.2.10',
    userAgent: 'aws-cli/2.31.0',
    requestParameters,
    responseElements,
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
  };
}

function finding(): Finding {
  const volume = id('vol');
  const found = 'The volume is not encrypted, and not attached.';
  return {
    type: 'finding',
    schemaVersion: '2',
    id: `f-20261121-${randomBytes(6).toString('hex')}`,
    announcement: randomUUID(),
    control: 'volume-encrypted',
    title: 'EBS volumes are encrypted',
    status: 'open',
    mode: 'observe',
    severity: 'high',
    account,
    region,
    resource: { type: 'AWS::EC2::Volume', id: volume, arn: `arn:aws:ec2:${region}:${account}:volume/${volume}` },
    actor: { arn: `arn:aws:iam::${account}:user/dana`, name: 'dana', via: 'aws-cli', sourceIp: '192.0.2.10' },
    event: { is: 'call', id: randomUUID(), name: 'CreateVolume', time },
    count: 1,
    found,
    now: null,
    says: found,
    changes: [],
    later: [],
    advice: [],
    timings: { eventTime: time, receivedAt: time, decidedAt: time, doneAt: null },
  };
}

function id(prefix: string): string {
  return `${prefix}-${randomBytes(8).toString('hex')}`;
}
