import { DisableAllowedImagesSettingsCommand, GetAllowedImagesSettingsCommand } from '@aws-sdk/client-ec2';
import { ec2Setting } from '../ec2-setting.ts';

/** What Allowed AMIs do: `disabled`, `audit-mode` or `enabled`. */
export type ImagesAllowed = { readonly state: string };

/** Allowed AMIs: which images of others an account may see and launch. */
export const imagesAllowed = ec2Setting<ImagesAllowed>({
  noun: 'images-allowed',
  plural: 'Allowed AMIs',
  changed: ['DisableAllowedImagesSettings', 'EnableAllowedImagesSettings'],
  unwatched: { 'It changes which images are allowed, and not whether that is looked at.': ['ReplaceImageCriteriaInAllowedImagesSettings'] },
  reads: [{ action: 'ec2:GetAllowedImagesSettings' }],
  async read(read) {
    const { State = 'disabled', ManagedBy } = await read(new GetAllowedImagesSettingsCommand({}));
    return { state: { state: State }, managedBy: ManagedBy };
  },
  restore: () => [{ command: new DisableAllowedImagesSettingsCommand({}), says: 'Turn Allowed AMIs off again.' }],
});
