import { EnableAllowedImagesSettingsCommand } from '@aws-sdk/client-ec2';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { type ImagesAllowed, imagesAllowed } from './kind.ts';

const guide = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-allowed-amis.html';

export default defineControl(imagesAllowed, {
  id: 'images-allowed-audited',
  title: 'Allowed AMIs are at least audited',
  why: "Anybody can publish an AMI under a name that looks like somebody else's. Audit mode shows which AMIs are outside what you allow, and refuses none.",
  remediation:
    'Sets Allowed AMIs to audit mode in the Region: AWS then shows of each AMI whether it would be allowed. No launch is refused.',
  severity: 'low',
  defaultMode: 'approve',
  triggers: [...imagesAllowed.created],
  sweep: { every: '1 day', atDeployment: true },
  permissions: { writes: [{ action: 'ec2:EnableAllowedImagesSettings' }, { action: 'ec2:DisableAllowedImagesSettings' }] },
  references: [guide, 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableAllowedImagesSettings.html'],
  iac: {
    cloudFormation: 'has no type for it: a custom resource can call `EnableAllowedImagesSettings`.',

    terraform:
      'have an aws_ec2_allowed_images_settings with `state = "audit-mode"` in each Region, and with `image_criterion` blocks that say what is allowed.',
  },
  prevention: {
    none: 'A declarative policy would set one state for all accounts: those that enforce their own list would fall back to audit mode. Write one with your own criteria: AWS calls the attribute `allowed_images_settings`.',
  },

  inspectOne: ({ state }): ImagesAllowed => state,

  judge: ({ state }): Verdict =>
    state === 'disabled'
      ? {
          is: 'violation',
          says: 'Allowed AMIs is disabled: nothing shows whether launches use AMIs of publishers that you do not know.',
          advice: [
            'Say which publishers you allow, in the criteria of Allowed AMIs. Without criteria audit mode marks every AMI of others.',
          ],
        }
      : { is: 'compliant', says: `Allowed AMIs is in the state ${state}.` },

  // never `enabled`, which refuses launches
  plan: (): Plan => ({
    changes: [
      {
        command: new EnableAllowedImagesSettingsCommand({ AllowedImagesSettingsState: 'audit-mode' }),
        says: 'Set Allowed AMIs to audit mode in this Region.',
      },
    ],
  }),

  before: (facts): ImagesAllowed => facts,
});
