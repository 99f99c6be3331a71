import { defineControl, type Verdict } from '#shared/control/control.ts';
import {
  NO_LOOK_AT_USER_DATA,
  NOT_JUDGED,
  rotateFirst,
  sayPlaces,
  secretsInUserData,
  userDataPages,
  userDataSource,
} from '#shared/launch/user-data-secrets.ts';
import { instances } from './kind.ts';
import { sourceOf } from './source.ts';
import { userDataById } from './user-data.ts';

const anyInstance = 'arn:{partition}:ec2:{region}:{account}:instance/*';
const changed = instances.calls('ModifyInstanceAttribute');

export default defineControl(instances, {
  id: 'instance-user-data-no-secrets',
  title: 'The user data of EC2 instances holds no secrets',
  why: 'Whoever may call DescribeInstanceAttribute reads user data, and so does every program on the instance.',
  remediation: 'Reports only; changes nothing.',
  severity: 'high',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: [
    // a record shows that there is user data, never which; what a template brings is judged there, and by the sweep
    { ...instances.calls('RunInstances'), where: { requestParameters: { userData: [{ exists: true }] } } },
    // the API takes it by a name of its own, or as the value of an attribute
    { ...changed, where: { requestParameters: { userData: [{ exists: true }] } } },
    { ...changed, where: { requestParameters: { attribute: ['userData'] } } },
  ],
  sweep: { every: '1 day', atDeployment: true },
  permissions: { reads: [{ action: 'ec2:DescribeInstanceAttribute', resource: anyInstance }] },
  references: userDataPages,
  iac: userDataSource('AWS::EC2::Instance', 'aws_instance', 'ec2.Instance'),
  prevention: { none: NO_LOOK_AT_USER_DATA },
  // a secret has to be changed, whoever manages the instance
  reportsManaged: true,

  async inspectOne(instance, read, _context, { id }) {
    const userData = (await read.many(userDataById, [id])).get(id);
    return { ...sourceOf(instance), found: secretsInUserData(userData) };
  },

  judge({ found, group, template }): Verdict {
    if (found.kinds.length === 0)
      return found.isWhole ? { is: 'compliant', says: 'Its user data shows no secret.' } : { is: 'skip', says: NOT_JUDGED };
    const source = group
      ? `The Auto Scaling group ${group} launched it: take the secret out of the user data of ${template ? `the launch template ${template}` : 'its launch configuration or template'}, and have the group replace its instances.`
      : template
        ? `It came from the launch template ${template}: take the secret out of the user data there too.`
        : 'User data can be changed only while the instance is stopped, and scripts in it run at the first start alone: better replace the instance.';
    return {
      is: 'violation',
      says: `Its user data holds what looks like a secret: ${sayPlaces(found)}.`,
      risk: found.kinds.join(' '),
      advice: [rotateFirst, source],
    };
  },

  before: ({ found }) => ({ kinds: found.kinds }),
});
