import { ModifyImageAttributeCommand } from '@aws-sdk/client-ec2';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { images, restored } from './kind.ts';
import { withoutSharing } from './sharing.ts';

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html
const FOR_GOOD = 'AWS has no way back: only another image, registered from its snapshots, would be without it.';

export default defineControl(images, {
  id: 'image-imds-v2',
  title: 'AMIs demand IMDSv2',
  why: 'What is launched from such an image answers IMDSv1 unless the launch says otherwise. Whoever tricks a web server there into one request gets its credentials.',
  remediation: `Sets \`ImdsSupport\` of the image to \`v2.0\`. ${FOR_GOOD}`,
  severity: 'low',
  defaultMode: 'observe',
  // software that speaks IMDSv1 only would break on every later launch
  maxMode: 'approve',
  triggers: [...images.created, restored],
  permissions: { writes: [withoutSharing] },
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyImageAttribute.html',
  ],
  iac: {
    terraform: 'set `imds_support = "v2.0"` on the aws_ami, which replaces it. An aws_ami_copy takes it from its source.',
    cloudFormation:
      'no resource sets it, and EC2 Image Builder has no setting for it. Let the pipeline build from a parent image that has it, or set it on each image.',
    cdk: 'no construct sets it, and EC2 Image Builder has no setting for it. Let the pipeline build from a parent image that has it, or set it on each image.',
  },
  prevention: {
    none: 'No policy of AWS looks at this attribute of an image. The declarative attribute `instance_metadata_defaults` has launches demand IMDSv2, whatever the image says.',
  },

  judge({ ImdsSupport, State }): Verdict {
    if (ImdsSupport === 'v2.0') return { is: 'compliant', says: 'The image demands IMDSv2.' };
    if (State === 'disabled') return { is: 'skip', says: 'The image is disabled, so nothing is launched from it.' };
    return {
      is: 'violation',
      says: 'The image does not demand IMDSv2, so what is launched from it may answer IMDSv1.',
      advice: [
        `Launch one instance from it with \`HttpTokens: required\`, and look whether its software works. ${FOR_GOOD}`,
        'An image that is made from this one, or from its instances, is like it: set it on the first of them.',
      ],
    };
  },

  plan({ State }, { id }): Plan {
    // [U] AWS may refuse to change one whose snapshots are being made
    if (State === 'pending') return { changes: [], again: { afterSeconds: 60, why: 'the image is pending' } };
    const command = new ModifyImageAttributeCommand({ ImageId: id, ImdsSupport: { Value: 'v2.0' } });
    return { changes: [{ command, says: `Have ${id} demand IMDSv2 of all that is launched from it. This cannot be undone.` }] };
  },

  before: ({ ImdsSupport }) => ({ imdsSupport: ImdsSupport ?? null }),
});
