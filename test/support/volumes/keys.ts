import { EnableEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { callEvent, ebsSetting, roleSession, runInstances } from '../../fixtures/events.ts';
import { place } from '../harness.ts';
import { type Account, volumesWorld } from './world.ts';

/** The customer key of the cases. */
export const key = `arn:aws:kms:${place.region}:${place.account}:key/0f`;
/** A key of another account. */
export const foreign = `arn:aws:kms:${place.region}:444455556666:key/0d`;
const serviceRole = (path: string, suffix = '') => `arn:aws:iam::${place.account}:role/aws-service-role/${path}${suffix}`;
/** The service-linked role of Auto Scaling that every account has. */
export const usual = serviceRole('autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling');
/** A group's own service-linked role. */
export const blue = `${usual}_blue`;
/** Spot's service-linked role. */
export const spot = serviceRole('spot.amazonaws.com/AWSServiceRoleForEC2Spot');
/** A role that asks for fleets. */
export const karpenter = `arn:aws:iam::${place.account}:role/karpenter`;
/** What AWS's first statement names. */
export const uses = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
/** What lets the IAM policies of the account decide. */
export const root = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${place.account}:root` }, Action: 'kms:*', Resource: '*' };
/** AWS's two statements for each role, beside that of the account. */
export const open = (...roles: string[]) => [
  root,
  ...roles.flatMap((AWS) => [
    { Effect: 'Allow', Principal: { AWS }, Action: uses, Resource: '*' },
    {
      Effect: 'Allow',
      Principal: { AWS },
      Action: 'kms:CreateGrant',
      Resource: '*',
      Condition: { Bool: { 'kms:GrantIsForAWSResource': true } },
    },
  ]),
];
/** As AWS writes the policy of its own key `aws/ebs`. */
export const likeAwsOwn = {
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: [...uses, 'kms:CreateGrant'],
  Resource: '*',
  Condition: { StringEquals: { 'kms:CallerAccount': place.account, 'kms:ViaService': `ec2.${place.region}.amazonaws.com` } },
};
/** All that is asked of a grant but CreateGrant. */
export const operations = [
  'Encrypt',
  'Decrypt',
  'ReEncryptFrom',
  'ReEncryptTo',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'DescribeKey',
];
/** A grant of everything. */
export const grant = (GranteePrincipal: string) => ({ GranteePrincipal, Operations: [...operations, 'CreateGrant'] as never });

/** A fresh world under the customer key, whose policy has these statements. */
export const world =
  (Statement: readonly object[], account: Account = {}, more: object = {}) =>
  () =>
    volumesWorld({ keys: { [key]: { Arn: key, policy: { Statement }, ...more } }, defaultKey: key, ...account });
const off = ebsSetting('DisableEbsEncryptionByDefault', { ebsEncryptionByDefault: false });
/** It is off, and is turned on. */
export const turnedOn = {
  event: off,
  sends: [new EnableEbsEncryptionByDefaultCommand({})],
  status: 'fixed' as const,
  says: /is on, with /,
};
/** It is off, and a person is asked. */
export const asks = { event: off, sends: [], status: 'awaiting-approval' as const };
/** It is off, and stays so. */
export const stops = { event: off, sends: [], status: 'open' as const };
/** A record of a call by a session of a role. */
export const asked = (eventName: string, role: string, fields: object = {}) =>
  callEvent(eventName, { userIdentity: roleSession(role, 'session'), ...fields }).detail;
/** RunInstances as CloudTrail records it where EC2 Fleet launches with the permissions of a role, such as Karpenter's. */
export const fleetLaunch = () => {
  const event = runInstances('i-1');
  const userIdentity = roleSession('karpenter', 'session', { invokedBy: 'ec2fleet.amazonaws.com' });
  return { ...event, detail: { ...event.detail, userIdentity, sourceIPAddress: 'ec2fleet.amazonaws.com' } };
};
