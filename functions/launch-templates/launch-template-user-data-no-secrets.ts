import { code, option } from '#shared/control/command.ts';
import { defineControl, type Verdict } from '#shared/control/control.ts';
import { templateReads, versionsOf } from '#shared/launch/reads.ts';
import {
  NO_LOOK_AT_USER_DATA,
  NOT_JUDGED,
  rotateFirst,
  sayPlaces,
  secretsInUserData,
  userDataPages,
  userDataSource,
} from '#shared/launch/user-data-secrets.ts';
import { launchTemplates } from './kind.ts';

export default defineControl(launchTemplates, {
  id: 'launch-template-user-data-no-secrets',
  title: 'The user data of launch templates holds no secrets',
  why: 'Whoever may call DescribeLaunchTemplateVersions reads user data, and so does every program on each instance that is launched with it.',
  remediation: 'Reports only; changes nothing.',
  severity: 'high',
  defaultMode: 'observe',
  maxMode: 'observe',
  // a version takes the user data of its source over without naming it
  triggers: [...launchTemplates.created, launchTemplates.calls('CreateLaunchTemplateVersion', 'ModifyLaunchTemplate')],
  sweep: { every: '1 day', atDeployment: true },
  permissions: { reads: templateReads },
  references: [...userDataPages, 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html'],
  iac: userDataSource('AWS::EC2::LaunchTemplate', 'aws_launch_template', 'ec2.LaunchTemplate'),
  prevention: { none: NO_LOOK_AT_USER_DATA },
  // a secret has to be changed, whoever manages the template
  reportsManaged: true,

  async inspectOne(_template, read, _context, { id }) {
    const versions = await versionsOf(id, { Versions: ['$Latest', '$Default'] }, read);
    return { id, versions: versions.map(({ number, userData }) => ({ number, found: secretsInUserData(userData) })) };
  },

  judge({ id, versions }): Verdict {
    const bad = versions.filter(({ found }) => found.kinds.length > 0);
    if (bad.length === 0)
      return versions.every(({ found }) => found.isWhole)
        ? { is: 'compliant', says: 'The user data of its latest and default versions shows no secret.' }
        : { is: 'skip', says: NOT_JUDGED };
    const places = bad.map(({ number, found }) => `in version ${number}, ${sayPlaces(found)}`).join('; ');
    const numbers = bad.map(({ number }) => number).join(' ');
    const remove = `aws ec2 delete-launch-template-versions ${option('launch-template-id', id)} --versions ${numbers}`;
    return {
      is: 'violation',
      says: `Its user data holds what looks like a secret: ${places}.`,
      risk: [...new Set(bad.flatMap(({ found }) => found.kinds))].sort().join(' '),
      advice: [
        rotateFirst,
        `A version cannot be changed: make one without the secret, make it the default, and have what launches from the template replace its instances. Then delete the versions that hold it, older ones too: ${code(remove)}.`,
      ],
    };
  },

  before: ({ versions }) => versions.map(({ number, found }) => ({ number, kinds: found.kinds })),
});
