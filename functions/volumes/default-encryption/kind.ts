import {
  DisableEbsEncryptionByDefaultCommand,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  ModifyEbsDefaultKmsKeyIdCommand,
  ResetEbsDefaultKmsKeyIdCommand,
} from '@aws-sdk/client-ec2';
import { accountSetting } from '#shared/control/setting.ts';
import type { Change } from '#shared/control/types.ts';
import { AWS_MANAGED_ALIAS } from '#shared/launch/ebs-key.ts';

/** Whether EBS encrypts by default, and with which key. */
export type DefaultEncryption = { readonly encryptionByDefault: boolean; readonly kmsKeyId: string };

/** EBS encryption by default, which each account has once a Region. AWS says of it nowhere who manages it. */
export const defaultEncryption = accountSetting<DefaultEncryption>({
  noun: 'ebs-default-encryption',
  plural: 'EBS encryption by default',
  eventSource: 'ec2.amazonaws.com',
  console: '/ec2/home?region={region}#Settings:tab=dataProtectionAndSecurity',
  // what turns it on ends a finding, and is called too seldom to cost
  changed: ['DisableEbsEncryptionByDefault', 'EnableEbsEncryptionByDefault', 'ModifyEbsDefaultKmsKeyId', 'ResetEbsDefaultKmsKeyId'],
  reads: [{ action: 'ec2:GetEbsEncryptionByDefault' }, { action: 'ec2:GetEbsDefaultKmsKeyId' }],
  async read(read) {
    const [{ EbsEncryptionByDefault }, { KmsKeyId }] = await Promise.all([
      read(new GetEbsEncryptionByDefaultCommand({})),
      read(new GetEbsDefaultKmsKeyIdCommand({})),
    ]);
    return { state: { encryptionByDefault: EbsEncryptionByDefault === true, kmsKeyId: plain(KmsKeyId) } };
  },
  restore(before, now) {
    const changes: Change[] = [];
    if (now.encryptionByDefault && !before.encryptionByDefault)
      changes.push({ command: new DisableEbsEncryptionByDefaultCommand({}), says: 'Turn EBS encryption by default off again.' });
    if (!now.encryptionByDefault && before.encryptionByDefault)
      changes.push({ command: new EnableEbsEncryptionByDefaultCommand({}), says: 'Turn EBS encryption by default on again.' });
    if (now.kmsKeyId !== before.kmsKeyId) {
      const isManaged = before.kmsKeyId.endsWith(AWS_MANAGED_ALIAS);
      const command = isManaged
        ? new ResetEbsDefaultKmsKeyIdCommand({})
        : new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: before.kmsKeyId });
      changes.push({ command, says: `Make ${before.kmsKeyId} the default key of EBS again.` });
    }
    return changes;
  },
});

/** AWS shows the managed key by its alias or by that alias's ARN: one name for both. */
export function plain(key: string | undefined): string {
  return !key || key.endsWith(AWS_MANAGED_ALIAS) ? AWS_MANAGED_ALIAS : key;
}
