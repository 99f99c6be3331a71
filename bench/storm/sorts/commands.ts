import { CreateOpsItemCommand, CreateResourceDataSyncCommand, GetOpsItemCommand, SendCommandCommand } from '@aws-sdk/client-ssm';
import { DEMO_SECRET } from '../../../local/demo/secret.ts';
import type { End, Sort } from './sort.ts';

/** What the storm makes of this: secrets given to commands, syncs to a bucket that is not there, and OpsItems with an address in their text. */
export const commands: readonly Sort[] = [
  {
    kind: 'command',
    control: 'command-no-secrets',
    status: 'open',
    weight: 4,
    async make({ ssm }, name) {
      const Parameters = { commands: [`deploy ${name}`, `echo "PAYMENT_KEY=${DEMO_SECRET}" >> .env`] };
      const { Command } = await ssm.send(new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: [], Parameters }));
      return Command?.CommandId ?? '';
    },
  },
  {
    kind: 'resource-data-sync',
    control: 'resource-data-sync-key',
    status: 'open',
    weight: 2,
    async make({ ssm }, name) {
      const S3Destination = { BucketName: 'shop-nowhere', SyncFormat: 'JsonSerDe' as const, Region: 'us-east-1' };
      await ssm.send(new CreateResourceDataSyncCommand({ SyncName: name, S3Destination }));
      return name;
    },
  },
  {
    kind: 'ops-item',
    control: 'ops-item-no-sensitive',
    status: 'fixed',
    weight: 4,
    async make({ ssm }, name) {
      const item = new CreateOpsItemCommand({ Title: name, Description: 'Ask anna.berg@example.com.', Source: 'storm' });
      return (await ssm.send(item)).OpsItemId ?? '';
    },
    async ends({ ssm }, ids) {
      const ends = new Map<string, End>();
      for (const OpsItemId of ids) {
        const { OpsItem } = await ssm.send(new GetOpsItemCommand({ OpsItemId }));
        // the first version is the one that was made
        ends.set(OpsItemId, { isRight: OpsItem?.Description === 'removed-by-redress', twice: Number(OpsItem?.Version) - 2 });
      }
      return ends;
    },
  },
];
