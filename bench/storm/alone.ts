import { RegisterImageCommand } from '@aws-sdk/client-ec2';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { RedressConfig } from '#shared/finding/config.ts';
import { administrator, type Plan } from './plan.ts';
import { drawn } from './random.ts';
import type { Account } from './sorts/sort.ts';
import { coverAll } from './sorts/trails.ts';
import { sorts } from './sorts.ts';

/** The key that log groups get. */
const KEY = 'alias/storm-logs';

/** What the storm runs with: whatever can be fixed is fixed at once; default encryption is only observed, or nothing else would be wrong. */
const config: RedressConfig = {
  // whom nobody names is a stranger
  common: { trustedAccounts: ['222233334444'] },
  controls: {
    'ebs-default-encryption': { mode: 'observe' },
    'snapshot-sharing-blocked': { mode: 'observe' },
    'image-sharing-blocked': { mode: 'observe' },
    'imds-defaults-v2': { mode: 'observe' },
    'serial-console-off': { mode: 'observe' },
    'images-allowed-audited': { mode: 'observe' },
    'document-sharing-blocked': { mode: 'observe' },
    'key-usable': { mode: 'fix' },
    'guardduty-on': { mode: 'observe' },
    'macie-on': { mode: 'observe' },
    'bucket-public-access-blocked': { mode: 'observe' },
    'volume-encrypted': { mode: 'fix', settleSeconds: 0 },
    'snapshot-private': { mode: 'fix' },
    'image-private': { mode: 'fix' },
    'distribution-private': { mode: 'fix' },
    'infrastructure-imds-v2': { mode: 'fix' },
    'parameter-secure': { mode: 'fix' },
    'security-group-admin-closed': { mode: 'fix', settleSeconds: 0 },
    'launch-template-encrypted': { mode: 'fix' },
    'document-private': { mode: 'fix' },
    'ops-item-no-sensitive': { mode: 'fix' },
    'log-group-key': { mode: 'fix', key: KEY, names: ['storm-*'] },
    'auto-scaling-group-encrypted': { mode: 'fix', allowGroupUpdates: true },
    'launch-configuration-encrypted': { mode: 'approve', allowGroupUpdates: true },
  },
};

/** The storm of a stack that serves its own account and Region: resources of every kind. */
export function alone({ creations, seconds }: Pick<Plan, 'creations' | 'seconds'>): Plan {
  return {
    config,
    creations,
    seconds,
    copies: 4,
    sorts,
    async prepare(cloud) {
      const account = administrator(cloud, 0, cloud.region);
      // its root volume is of a snapshot that is not encrypted, which templates without devices of their own launch
      account.image = (await account.ec2.send(new RegisterImageCommand({ Name: 'golden', RootDeviceName: '/dev/xvda' }))).ImageId ?? '';
      await coverAll(account);
      account.key = await keyForLogs(account);
      return [account];
    },
    creation(_n, [account], random) {
      if (!account) throw new Error('there is no account');
      return { sort: drawn(sorts, random), account };
    },
    rowOf: ({ kind }) => kind,
  };
}

/** Makes the key that log groups get, which CloudWatch Logs may use; answers its ARN. */
async function keyForLogs({ settings }: Account): Promise<string> {
  const kms = new KMSClient(settings);
  const Statement = [{ Effect: 'Allow', Principal: { Service: `logs.${settings.region}.amazonaws.com` }, Action: 'kms:*', Resource: '*' }];
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
  await kms.send(new CreateAliasCommand({ AliasName: KEY, TargetKeyId: KeyMetadata?.KeyId }));
  return KeyMetadata?.Arn ?? '';
}
