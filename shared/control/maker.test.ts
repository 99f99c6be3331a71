import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { createVolume, dana, launchOf, roleSession } from '../../test/fixtures/events.ts';
import { place } from '../../test/support/harness.ts';
import { actorOf, madeWith, viaOf } from './actor.ts';
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
const uuid = 'f442b71c-9fe3-4496-9ca1-515b26d65de2';
const withSource = (sourceIdentity: string, session: string) => {
  const identity = roleSession('deploy', session);
  return { ...identity, sessionContext: { ...identity.sessionContext, sourceIdentity } };
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
    // its last ten digits are decimal
    ['an instance whose id ends in digits', 'workload: web/i-0abcdef1234567890', roleSession('web', 'i-0abcdef1234567890')],
    ['an instance of old', 'workload: web/i-12345678', roleSession('web', 'i-12345678')],
    ['a machine of Systems Manager', 'workload: ssm/mi-01234567890123456', roleSession('ssm', 'mi-01234567890123456')],
    ['a worker named for its instance', 'workload: web/i-0abcdef1234567890-worker', roleSession('web', 'i-0abcdef1234567890-worker')],
    ['a build', 'workload: deploy', roleSession('deploy', `AWSCodeBuild-${uuid}`)],
    ['a run of Automation', 'workload: deploy', roleSession('deploy', `Automation-${uuid}`)],
    ['a pod', 'workload: deploy', roleSession('deploy', `eks-prod-shop-${uuid}`)],
    ['a run with a name behind its UUID', 'workload: deploy', roleSession('deploy', `${uuid}.build`)],
    ['a UUID alone, in capitals', 'workload: deploy', roleSession('deploy', uuid.toUpperCase())],
    ['a task of ECS', 'workload: deploy', roleSession('deploy', '0f1e2d3c4b5a69788796a5b4c3d2e1f0')],
    ['a commit', 'workload: deploy', roleSession('deploy', 'gha-9fceb02d0ae598e95dc970b74767f19372d61af8')],
    ['a stack set', 'workload: exec', roleSession('exec', 'stacksets-exec-0f1e2d3c4b5a69788796a5b4c3d2e1f0')],
    ['digits alone', 'workload: deploy', roleSession('deploy', '1577212321281084000')],
    ['a session with a number', 'workload: deploy/release-2026-11', roleSession('deploy', 'release-2026-11')],
    ['a word of hexadecimal letters', 'workload: deploy/deadbeef', roleSession('deploy', 'deadbeef')],
    ['a role by the source identity', 'workload: deploy/anna', withSource('anna', 'session-1')],
    ['the same where a library named the session', 'workload: deploy/anna', withSource('anna', 'botocore-session-1732530000')],
    ['a source identity that is drawn', 'workload: deploy/session-1', withSource(uuid, 'session-1')],
    [
      'a person under IAM Identity Center, whatever the source',
      'person: anna@example.com',
      {
        ...reserved('anna@example.com'),
        sessionContext: { ...reserved('anna@example.com').sessionContext, sourceIdentity: 'erin' },
      },
    ],
    ['a fleet of a role', 'workload: Karpenter', roleSession('Karpenter', '1700000000000000001', { invokedBy: 'ec2fleet.amazonaws.com' })],
    ['the same with a session', 'workload: deploy/ci', roleSession('deploy', 'ci', { invokedBy: 'ec2fleet.amazonaws.com' })],
    ['a fleet of a person', 'person: dana', { ...dana, invokedBy: 'ec2fleet.amazonaws.com' }],
    [
      'a fleet that is maintained by its own role',
      'service: ec2fleet.amazonaws.com',
      {
        ...roleSession('AWSServiceRoleForEC2Fleet', 'EC2Fleet', { invokedBy: 'ec2fleet.amazonaws.com' }),
        sessionContext: {
          sessionIssuer: { arn: `arn:aws:iam::${account}:role/aws-service-role/ec2fleet.amazonaws.com/AWSServiceRoleForEC2Fleet` },
        },
      },
    ],
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
    ['a user without a type', 'person: dana', { arn: `arn:aws:iam::${account}:user/dana` }],
    ['a session of a type of the future', 'workload: deploy/ci', { ...roleSession('deploy', 'ci'), type: 'Robot' }],
    ['a person of such a type', 'person: anna', { ...reserved('anna'), type: 'Robot' }],
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
    ['console', { userAgent: 'EC2ConsoleFrontend, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.10.184' }],
    ['console', { userAgent: '[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.1002]' }],
    ['console', { userAgent: 'S3Console/0.4' }],
    ['console', { userAgent: 'AWS Signin, aws-internal/3 aws-sdk-java/1.11.898' }],
    ['console', { userAgent: 'aws-sdk-java/1.12.488 EC2ConsoleFrontend/1.0' }],
    ['console', { userAgent: 'RDS Console, aws-internal/3 aws-sdk-java/1.12.101' }],
    ['console', { userAgent: 'console.ec2.amazonaws.com' }],
    ['console', { userAgent: 'aws-internal/3 aws-sdk-java/1.12.101', sessionCredentialFromConsole: 'true' }],
    ['console', { userAgent: 'aws-internal/3 aws-sdk-java/1.12.101', sessionCredentialFromConsole: true }],
    ['SDK', { userAgent: 'aws-internal/3 aws-sdk-java/1.12.101' }],
    ['AWS CLI', { userAgent: 'aws-cli/2.31.1 exec-env/CloudShell', sessionCredentialFromConsole: 'true' }],
    ['SDK', { userAgent: 'aws-sdk-php/3.2 lang/php console' }],
    ['Karpenter', { userAgent: 'aws-sdk-go/1.45.15 (go1.21.3; linux; amd64) karpenter.sh-v0.31.2' }],
    ['Cluster API', { userAgent: 'aws.cluster.x-k8s.io/v2.5.0 aws-sdk-go/1.55.5' }],
    ['ACK', { userAgent: 'aws-controllers-k8s/ec2.services.k8s.aws-v1.2.3 aws-sdk-go-v2/1.32.3' }],
    ['Pulumi', { userAgent: 'APN/1.0 Pulumi/1.0 PulumiAWS/6.0 terraform-provider-aws/5.0' }],
    ['Crossplane', { userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.5 crossplane-provider-aws/v1.0' }],
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
    const shown = (identity: object | null) => pseudonymOf(makerOf(recordOf({ userIdentity: identity })), account);
    const anna = pseudonym('anna', account);
    expect(shown({ type: 'IAMUser', userName: 'anna' })).toBe(anna);
    expect(shown(reserved('anna'))).toBe(anna);
    expect(shown({ ...dana, userName: 'anna', invokedBy: 'cloudformation.amazonaws.com' })).toBe(anna);
    // whoever begins a session under a role calls it as they like, often by their own name
    expect(shown(roleSession('Admin', 'anna'))).toBe(`Admin/${anna}`);
    expect(shown(withSource('anna', 'x'))).toBe(`deploy/${anna}`);
    expect(pseudonymOf(callerOfArn(`arn:aws:sts::${account}:assumed-role/Admin/anna`), account)).toBe(`Admin/${anna}`);
    expect(shown(federated)).toBe(pseudonym('dana/anna', account));
    expect(shown(roleSession('anna@example.com', 'botocore-session-1732530000'))).toBe(pseudonym('anna@example.com', account));
    // these are of nobody
    expect(shown(roleSession('web', 'i-0abcdef1234567890'))).toBe('web/i-0abcdef1234567890');
    expect(shown(roleSession('deploy', 'botocore-session-1732530000'))).toBe('deploy');
    expect(shown({ type: 'Root' })).toBe('root');
    expect(shown(launchOf('i-1').detail.userIdentity)).toBe('autoscaling.amazonaws.com');
    expect(shown({ type: 'AWSAccount', accountId: '444455556666' })).toBe('account 444455556666');
  });

  test.each<[string, string, object | null]>([
    ['an Identity Center user', '544894e8', { type: 'IdentityCenterUser', onBehalfOf: { userId: '544894e8' } }],
    ['another account', 'account 444455556666', { type: 'AWSAccount', accountId: '444455556666' }],
    ['a person under IAM Identity Center', 'anna', reserved('anna')],
    ['a build', 'deploy', roleSession('deploy', `AWSCodeBuild-${uuid}`)],
    ['a source identity', 'deploy/anna', withSource('anna', 'x')],
    ['a fleet of a role', 'Karpenter', roleSession('Karpenter', '1700000000000000001', { invokedBy: 'ec2fleet.amazonaws.com' })],
    ['Auto Scaling', 'autoscaling.amazonaws.com', launchOf('i-1').detail.userIdentity],
    ['CloudFormation for a person', 'dana', { ...dana, invokedBy: 'cloudformation.amazonaws.com' }],
    [
      'CloudFormation under its role',
      'cfn/AWSCloudFormation',
      roleSession('cfn', 'AWSCloudFormation', { invokedBy: 'cloudformation.amazonaws.com' }),
    ],
    ['a type of the future with a name', 'r2', { type: 'Robot', userName: 'r2' }],
    ['a role without a session', 'web', { type: 'Robot', sessionContext: { sessionIssuer: { userName: 'web' } } }],
    ['a service without more', 'x.amazonaws.com', { type: 'Robot', invokedBy: 'x.amazonaws.com' }],
    ['nobody', 'unknown', null],
  ])('is the actor of the same name: %s', (_name, name, userIdentity) => {
    expect(actorOf(recordOf({ userIdentity })).name).toBe(name);
  });
});

/** Real records, where the checkout stands beside them. */
