import {
  DisableAllowedImagesSettingsCommand,
  DisableImageBlockPublicAccessCommand,
  DisableSnapshotBlockPublicAccessCommand,
  type EC2Client,
  EnableSerialConsoleAccessCommand,
  ModifyInstanceMetadataDefaultsCommand,
} from '@aws-sdk/client-ec2';
import { ResetServiceSettingCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Sort } from './sort.ts';

/** A setting, which is only observed: each call leaves it open, and all of them are one finding. */
function setting(kind: string, control: string, open: (ec2: EC2Client, ssm: SSMClient) => Promise<unknown>): Sort {
  return {
    kind,
    control,
    status: 'would-fix',
    weight: 1,
    async make({ ec2, ssm, id }) {
      await open(ec2, ssm);
      return id;
    },
  };
}

/** What the storm makes of this. */
export const account: readonly Sort[] = [
  setting('snapshot-sharing', 'snapshot-sharing-blocked', (ec2) => ec2.send(new DisableSnapshotBlockPublicAccessCommand({}))),
  setting('image-sharing', 'image-sharing-blocked', (ec2) => ec2.send(new DisableImageBlockPublicAccessCommand({}))),
  setting('imds-defaults', 'imds-defaults-v2', (ec2) => ec2.send(new ModifyInstanceMetadataDefaultsCommand({ HttpTokens: 'optional' }))),
  setting('serial-console', 'serial-console-off', (ec2) => ec2.send(new EnableSerialConsoleAccessCommand({}))),
  setting('document-sharing', 'document-sharing-blocked', (_ec2, ssm) =>
    ssm.send(new ResetServiceSettingCommand({ SettingId: '/ssm/documents/console/public-sharing-permission' })),
  ),
  setting('images-allowed', 'images-allowed-audited', (ec2) => ec2.send(new DisableAllowedImagesSettingsCommand({}))),
];
