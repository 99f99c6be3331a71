import { DisableImageBlockPublicAccessCommand, GetImageBlockPublicAccessStateCommand } from '@aws-sdk/client-ec2';
import { ec2Setting } from '../ec2-setting.ts';

/** Whether public sharing of images is blocked: `unblocked` or `block-new-sharing`. */
export type ImageSharing = { readonly state: string };

/** Block public access for AMIs; AWS takes up to 10 minutes to change it, and shows the previous state until then. */
export const imageSharing = ec2Setting<ImageSharing>({
  noun: 'image-sharing',
  plural: 'Block public access for AMIs',
  changed: ['DisableImageBlockPublicAccess', 'EnableImageBlockPublicAccess'],
  reads: [{ action: 'ec2:GetImageBlockPublicAccessState' }],
  async read(read) {
    const { ImageBlockPublicAccessState: state = 'unblocked', ManagedBy } = await read(new GetImageBlockPublicAccessStateCommand({}));
    return { state: { state }, managedBy: ManagedBy };
  },
  // there is one other state
  restore: () => [
    {
      command: new DisableImageBlockPublicAccessCommand({}),
      says: 'Turn block public access for AMIs off again, which takes up to 10 minutes.',
    },
  ],
});
