import { DisableSerialConsoleAccessCommand } from '@aws-sdk/client-ec2';
import * as v from 'valibot';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { type SerialConsole, serialConsole } from './kind.ts';

const settleSeconds = v.pipe(
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 3600),
  v.description('How long the serial console may be on before it is turned off, in seconds: somebody may repair an instance with it.'),
);
const guide = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html';

export default defineControl(serialConsole, {
  id: 'serial-console-off',
  title: 'Access to the EC2 serial console is off',
  why: 'The serial console reaches an instance past its network, its security groups and its SSH keys. It is for repairs, and should be on no longer than one takes.',
  remediation: 'Turns access to the serial console off in the Region, an hour after it was turned on.',
  severity: 'medium',
  defaultMode: 'approve',
  triggers: [...serialConsole.created],
  sweep: { every: '1 day', atDeployment: true },
  permissions: { writes: [{ action: 'ec2:DisableSerialConsoleAccess' }, { action: 'ec2:EnableSerialConsoleAccess' }] },
  settings: { settleSeconds },
  references: [guide, 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisableSerialConsoleAccess.html'],
  iac: {
    cloudFormation: 'has no type for it: a custom resource can call `DisableSerialConsoleAccess`.',
    terraform: 'have an aws_ec2_serial_console_access with `enabled = false` in each Region.',
  },
  prevention: {
    declarative: { serial_console_access: { status: { '@@assign': 'disabled' } } },
    breaks: 'Nobody can repair an instance over the serial console, not even in an emergency, until the policy is changed.',
    references: [guide, 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html'],
  },

  inspectOne: ({ state }): SerialConsole => state,

  judge: ({ isOn }): Verdict =>
    isOn
      ? {
          is: 'violation',
          says: 'Access to the EC2 serial console is on.',
          advice: ['Ask whoever turned it on whether the repair is done.'],
        }
      : { is: 'compliant', says: 'Access to the EC2 serial console is off.' },

  plan: (_facts, { settings: { settleSeconds } }): Plan => ({
    changes: [{ command: new DisableSerialConsoleAccessCommand({}), says: 'Turn access to the EC2 serial console off in this Region.' }],
    settleSeconds,
  }),

  before: (facts): SerialConsole => facts,
});
