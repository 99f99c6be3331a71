import { GetInstanceMetadataDefaultsCommand, ModifyInstanceMetadataDefaultsCommand } from '@aws-sdk/client-ec2';
import { ec2Setting } from '../ec2-setting.ts';

/** What new instances get that say nothing themselves, and whose AMI says nothing; null where the account has no preference. */
export type ImdsDefaults = { readonly tokens: 'optional' | 'required' | null; readonly hopLimit: number | null };

/** The defaults of the instance metadata service; what else is among them Redress neither reads nor changes. */
export const imdsDefaults = ec2Setting<ImdsDefaults>({
  noun: 'imds-defaults',
  plural: 'Defaults of the instance metadata service',
  changed: ['ModifyInstanceMetadataDefaults'],
  reads: [{ action: 'ec2:GetInstanceMetadataDefaults' }],
  async read(read) {
    const { AccountLevel: { HttpTokens, HttpPutResponseHopLimit, ManagedBy } = {} } = await read(
      new GetInstanceMetadataDefaultsCommand({}),
    );
    const tokens = HttpTokens === 'required' || HttpTokens === 'optional' ? HttpTokens : null;
    const hopLimit = HttpPutResponseHopLimit !== undefined && HttpPutResponseHopLimit > 0 ? HttpPutResponseHopLimit : null;
    return { state: { tokens, hopLimit }, managedBy: ManagedBy };
  },
  restore(before, now) {
    const { tokens, hopLimit } = before;
    const command = new ModifyInstanceMetadataDefaultsCommand({
      ...(tokens !== now.tokens && { HttpTokens: tokens ?? 'no-preference' }),
      // AWS's way to say that there is no preference
      ...(hopLimit !== now.hopLimit && { HttpPutResponseHopLimit: hopLimit ?? -1 }),
    });
    const says = `Set the defaults of the instance metadata service back: tokens ${tokens ?? 'without a preference'}, hop limit ${hopLimit ?? 'without a preference'}.`;
    return [{ command, says }];
  },
});
