import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { createVolume, dana, launchOf, roleSession } from '../../test/fixtures/events.ts';
import { place } from '../../test/support/harness.ts';
import { madeWith, viaOf } from './actor.ts';
import { callerOfArn } from './caller.ts';
import { makerOf, pseudonym, pseudonymOf } from './maker.ts';
import { type CloudTrailRecord, recordSchema } from './record.ts';

const account = place.account;
const recordOf = (fields: object): CloudTrailRecord => v.parse(recordSchema, createVolume('vol-1', { ...fields }).detail);
const by = (userIdentity: object | null | undefined, fields: object = {}) => {
  const { is, name } = makerOf(recordOf({ ...fields, userIdentity }));
  return `${is}: ${name}`;
};
const federated = {
  type: 'FederatedUser',
  arn: `arn:aws:sts::${account}:federated-user/anna`,
  sessionContext: { sessionIssuer: { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/dana`, userName: 'dana' } },
};
const reserved = (name: string, path = 'aws-reserved/sso.amazonaws.com/', role = 'AWSReservedSSO_Admin_1b74') =>
  roleSession(role, name, {
    sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${account}:role/${path}${role}`, userName: role } },
  });

describe('who made a resource', () => {
  test.each<[string, string, object | null | undefined]>([
    ['an IAM user', 'person: dana', dana],
    ['an IAM user without a name', 'person: dana', { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/staff/dana` }],
    ['root', 'person: root', { type: 'Root', arn: `arn:aws:iam::${account}:root`, accountId: account }],
    ['a person under IAM Identity Center', 'person: anna@example.com', reserved('anna@example.com')],
    ['the same in another Region', 'person: anna@example.com', reserved('anna@example.com', 'aws-reserved/sso.amazonaws.com/eu-west-1/')],
    ['the same by a plain user name', 'person: AnnaBerg', reserved('AnnaBerg')],
    [
      'a role with a name like theirs',
      'workload: AWSReservedSSO_Admin_1b74/anna@example.com',
      roleSession('AWSReservedSSO_Admin_1b74', 'anna@example.com'),
    ],
    [
      'the same under a path like theirs',
      'workload: AWSReservedSSO_Admin_1b74/anna@example.com',
      reserved('anna@example.com', 'x/aws-reserved/sso.amazonaws.com/'),
    ],
    ['a session that is named for a person', 'workload: Admin/anna@example.com', roleSession('Admin', 'anna@example.com')],
    ['a session that is named for CloudFormation', 'workload: Admin/AWSCloudFormation', roleSession('Admin', 'AWSCloudFormation')],
    ['a role with a name like those of services', 'workload: AWSServiceRoleForX/x', roleSession('AWSServiceRoleForX', 'x')],
    ['a pipeline', 'workload: deploy/release-42', roleSession('deploy', 'release-42')],
    ['an instance', 'workload: web/i-0abc1234def567890', roleSession('web', 'i-0abc1234def567890')],
    ['a session that a library named', 'workload: deploy', roleSession('deploy', 'botocore-session-1732530000')],
    ['another of these', 'workload: deploy', roleSession('deploy', 'aws-go-sdk-1732530000123456789')],
    ['a role without a session', 'unknown: unknown', { type: 'AssumedRole' }],
    ['a federated user, by the user who named it', 'workload: dana/anna', federated],
    ['a federated user of nobody', 'workload: federated-user/anna', { ...federated, sessionContext: {} }],
    ['a federated user without a name', 'unknown: unknown', { type: 'FederatedUser' }],
    ['a SAML user', 'person: anna@example.com', { type: 'SAMLUser', principalId: 'SAML:anna@example.com', userName: 'anna@example.com' }],
    [
      'a web identity',
      'person: 110169484474386276334',
      { type: 'WebIdentityUser', principalId: 'accounts.google.com:x:110169484474386276334' },
    ],
    ['an Identity Center user', 'person: 544894e8', { type: 'IdentityCenterUser', onBehalfOf: { userId: '544894e8' } }],
    ['another account', 'workload: account 444455556666', { type: 'AWSAccount', accountId: '444455556666', principalId: 'AIDAX' }],
    ['an AWS service', 'service: ec2fleet.amazonaws.com', { type: 'AWSService', invokedBy: 'ec2fleet.amazonaws.com' }],
    ['Auto Scaling', 'service: autoscaling.amazonaws.com', launchOf('i-1').detail.userIdentity],
    ['Auto Scaling as root, of old', 'service: autoscaling.amazonaws.com', { type: 'Root', invokedBy: 'autoscaling.amazonaws.com' }],
    ['a service for a person who asked for it', 'person: dana', { ...dana, invokedBy: 'backup.amazonaws.com' }],
    [
      'a service under a role',
      'service: eks-nodegroup.amazonaws.com',
      roleSession('nodes', 'EKS', { invokedBy: 'eks-nodegroup.amazonaws.com' }),
    ],
    ['CloudFormation for a person', 'stack: dana', { ...dana, invokedBy: 'cloudformation.amazonaws.com' }],
    ['CloudFormation under its role', 'stack: ', roleSession('cfn', 'AWSCloudFormation', { invokedBy: 'cloudformation.amazonaws.com' })],
    [
      'the CDK, whose role CloudFormation assumes',
      'stack: ',
      roleSession('cdk-hnb659fds-cfn-exec-role', 'AWSCloudFormation', { invokedBy: 'cloudformation.amazonaws.com' }),
    ],
    ['Service Catalog', 'stack: dana', { ...dana, invokedBy: 'servicecatalog.amazonaws.com' }],
    ['the console, which is no service that acts', 'person: dana', { ...dana, invokedBy: 'signin.amazonaws.com' }],
    ['AWS Internal, which proves none either', 'workload: deploy/a', roleSession('deploy', 'a', { invokedBy: 'AWS Internal' })],
    ['a service without a type', 'service: ec2.amazonaws.com', { accountId: account, invokedBy: 'ec2.amazonaws.com' }],
    ['a type that is not known', 'unknown: unknown', { type: 'Unknown', principalId: 'x' }],
    ['a type of the future', 'unknown: unknown', { type: 'Robot', arn: `arn:aws:iam::${account}:robot/r2` }],
    ['an empty identity', 'unknown: unknown', {}],
    ['null', 'unknown: unknown', null],
    ['none', 'unknown: unknown', undefined],
  ])('%s', (_name, expected, identity) => expect(by(identity)).toBe(expected));

  test('the day, not the second, so that the tags of a burst are equal; none where the record has none', () => {
    expect(makerOf(recordOf({ eventTime: '2026-11-21T09:00:00Z' })).day).toBe('2026-11-21');
    expect(makerOf({ ...recordOf({}), eventTime: 'soon' }).day).toBe('');
  });

  test.each([
    ['Terraform', { userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.13.4' }],
    ['AWS CLI', { userAgent: 'aws-cli/2.31.0' }],
    ['console', { userAgent: 'AWS Internal', sessionCredentialFromConsole: 'true' }],
    ['console', { userAgent: 'signin.amazonaws.com' }],
    ['CloudFormation', { userIdentity: { ...dana, invokedBy: 'cloudformation.amazonaws.com' }, userAgent: 'Mozilla/5.0' }],
    ['autoscaling.amazonaws.com', { userIdentity: { ...dana, invokedBy: 'autoscaling.amazonaws.com' }, userAgent: 'Terraform/1.13.4' }],
    ['console', { userIdentity: { ...dana, invokedBy: 'signin.amazonaws.com' }, userAgent: 'x' }],
    ['unknown', { userAgent: 'cloudformation.amazonaws.com' }],
    ['SDK', { userAgent: 'aws-sdk-go-v2/1.39.0' }],
    ['unknown', { userAgent: 'AWS Internal' }],
  ])('with %s', (via, fields) => expect(viaOf(recordOf(fields))).toBe(via));

  test('with the principal that AWS names, and never by the name of a session', () => {
    const of = (userIdentity: object | null) => madeWith(recordOf({ userIdentity, userAgent: 'Terraform/1.13.4' }));
    const user = `arn:aws:iam::${account}:user/dana`;
    expect(of(roleSession('deploy', 'release-42'))).toEqual({ via: 'Terraform', by: `arn:aws:iam::${account}:role/deploy` });
    expect(of({ type: 'IAMUser', arn: user })).toEqual({ via: 'Terraform', by: user });
    expect(of(federated)).toEqual({ via: 'Terraform', by: user });
    expect(of({ type: 'AssumedRole', arn: `arn:aws:sts::${account}:assumed-role/deploy/x` })).toEqual({ via: 'Terraform' });
    expect(of({ type: 'Root', arn: `arn:aws:iam::${account}:root` })).toEqual({ via: 'Terraform' });
    expect(of(null)).toEqual({ via: 'Terraform' });
    const service = 'batch.amazonaws.com';
    const linked = `arn:aws:iam::${account}:role/aws-service-role/${service}/AWSServiceRoleForBatch`;
    expect(of(roleSession('x', 'y', { sessionContext: { sessionIssuer: { arn: linked } } }))).toEqual({
      via: service,
      service,
      by: linked,
    });
    expect(of({ ...dana, invokedBy: 'AWS Internal' })).not.toHaveProperty('service');
  });

  test('by an ARN alone', () => {
    expect(callerOfArn(`arn:aws:iam::${account}:user/staff/dana`)).toEqual({ is: 'person', name: 'dana' });
    expect(callerOfArn(`arn:aws:sts::${account}:assumed-role/deploy/release-42`)).toMatchObject({
      is: 'workload',
      name: 'deploy/release-42',
    });
    expect(callerOfArn(`arn:aws:iam::${account}:root`)).toEqual({ is: 'person', name: 'root' });
    expect(callerOfArn(`arn:aws:sts::${account}:assumed-role/AWSReservedSSO_Admin_1b74/anna@example.com`)).toMatchObject({
      is: 'workload',
    });
    expect(callerOfArn(`arn:aws:sts::${account}:federated-user/anna`)).toEqual({ is: 'unknown', name: 'unknown' });
    expect(callerOfArn('AROAEXAMPLE')).toEqual({ is: 'unknown', name: 'unknown' });
  });

  test('as a pseudonym: the same for one name and account, and without the name', () => {
    expect(pseudonym('anna@example.com', account)).toBe(pseudonym('anna@example.com', account));
    expect(pseudonym('anna@example.com', account)).not.toBe(pseudonym('anna@example.com', '444455556666'));
    expect(pseudonym('anna@example.com', account)).toMatch(/^id-[0-9a-f]{16}$/);
  });
});

/** Real records, where the checkout stands beside them. */
const folders = ['../shared/cloudtrail/records', '../shared/cloudtrail/relatives'].filter((folder) => existsSync(folder));
const recorded = folders.flatMap((folder) =>
  readdirSync(folder).map((file): [string, unknown] => [file, JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))]),
);

describe.runIf(recorded.length > 0)('every recorded identity is resolved, or said to be unknown', () => {
  test.each(recorded)('%s', (_name, record) => {
    const parsed = v.safeParse(recordSchema, record);
    if (!parsed.success) return;
    const { is, name } = makerOf(parsed.output);
    if (is === 'unknown') expect(name).toBe('unknown');
    else if (is !== 'stack') expect(name).toMatch(/^[^\s].*$/);
  });
});
