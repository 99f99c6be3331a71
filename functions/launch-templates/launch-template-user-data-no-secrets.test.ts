import type { LaunchTemplateVersion } from '@aws-sdk/client-ec2';
import { callEvent, creationOf, scheduled } from '../../test/fixtures/events.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { ec2World, template } from '../../test/support/ec2-world.ts';
import { compressed, encoded } from '../../test/support/launch/user-data.ts';
import { testControl } from '../../test/support/tester.ts';
import { launchTemplates } from './kind.ts';
import control from './launch-template-user-data-no-secrets.ts';

const script = `#!/bin/bash\nexport GITHUB_TOKEN=${token}\n`;
const found = 'github-token in line 2, assignment in line 2';
const version = (VersionNumber: number, UserData?: string, isDefault = false): LaunchTemplateVersion => ({
  VersionNumber,
  DefaultVersion: isDefault,
  LaunchTemplateData: { ImageId: 'ami-1', ...(UserData && { UserData }) },
});
const world =
  (...versions: LaunchTemplateVersion[]) =>
  () =>
    ec2World({ templates: [template('lt-1')], versions: { 'lt-1': versions } });
const made = creationOf(launchTemplates, 'lt-1');
/** The record hides user data. */
const another = callEvent('CreateLaunchTemplateVersion', {
  requestParameters: {
    CreateLaunchTemplateVersionRequest: { LaunchTemplateId: 'lt-1', LaunchTemplateData: { UserData: '<sensitiveDataRemoved>' } },
  },
  responseElements: {
    CreateLaunchTemplateVersionResponse: { launchTemplateVersion: { launchTemplateId: 'lt-1', versionNumber: 2 } },
  },
});

testControl(control, {
  valid: [
    { name: 'a template without user data', world: world(version(1)), event: made },
    { name: 'one whose script reads its secrets', world: world(version(1, encoded('#!/bin/bash\n'), true)), event: scheduled() },
  ],
  invalid: [
    {
      name: 'a secret in the only version',
      world: world(version(1, encoded(script), true)),
      event: made,
      sends: [],
      status: 'open',
      says: `Its user data holds what looks like a secret: in version 1, ${found}.`,
      advice:
        /^Change the secret first: [\s\S]*older ones too: `aws ec2 delete-launch-template-versions --launch-template-id lt-1 --versions 1`/,
      secret: token,
    },
    {
      name: 'a secret in a compressed script of the latest version',
      world: world(version(1, undefined, true), version(2, compressed(script))),
      event: another,
      sends: [],
      status: 'open',
      says: `Its user data holds what looks like a secret: in version 2, ${found}.`,
      secret: compressed(script),
    },
    {
      name: 'a secret that only the default version has left',
      world: world(version(1, encoded(script), true), version(2)),
      event: scheduled(),
      sends: [],
      status: 'open',
      says: /in version 1, github-token/,
      secret: encoded(script),
    },
  ],
  skipped: [
    {
      name: 'user data that is no text',
      world: world(version(1, encoded(Buffer.from([0x1f, 0x8b, 1])))),
      event: made,
      says: /cannot be unpacked/,
    },
    { name: 'a template that is gone', world: () => ec2World(), event: made, says: /is gone/ },
  ],
});
