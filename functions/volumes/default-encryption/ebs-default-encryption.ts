import { EnableEbsEncryptionByDefaultCommand, ModifyEbsDefaultKmsKeyIdCommand } from '@aws-sdk/client-ec2';
import * as v from 'valibot';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { type KeyState, keyState } from '#shared/launch/ebs-key.ts';
import { keyForLaunches, type Who } from '#shared/launch/key-for-launches.ts';
import { launcherReads, nobody, otherLaunchers } from '#shared/launch/launchers.ts';
import { encryptionPages, keepsDefaultEncryption } from '#shared/launch/prevention.ts';
import { keyReads } from '#shared/launch/reads.ts';
import { madeUnencrypted } from '../kind.ts';
import { type DefaultEncryption, defaultEncryption, plain } from './kind.ts';
import { lookAt, type Sharing, sharingDoubt, sharingOf, toShare } from './sharing.ts';

type Facts = DefaultEncryption & {
  /** The key that would be in effect once this control is content. */
  readonly key: KeyState;
  /** Whether the account's key is another than the configured one. */
  readonly isOtherKey: boolean;
  readonly sharing: Sharing;
};

const kmsKey = v.pipe(
  v.optional(v.string()),
  v.description("The default key of EBS: id, ARN or alias; absent leaves the account's choice."),
);

export default defineControl(defaultEncryption, {
  id: 'ebs-default-encryption',
  title: 'EBS encryption by default is on',
  why: 'When it is on, AWS encrypts every new volume and snapshot copy in the Region, whoever makes it and with whatever tool.',
  remediation:
    'Turns it on, with the configured key if one is set, after checking that whoever launches can use the key. Asks first where that is not certain, or where images or snapshots are shared.',
  severity: 'high',
  defaultMode: 'fix',
  triggers: [...defaultEncryption.created, defaultEncryption.calls('RunInstances'), ...madeUnencrypted],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [
      { action: 'ec2:DescribeImages' },
      { action: 'ec2:DescribeImageAttribute' },
      { action: 'ec2:DescribeSnapshots' },
      { action: 'ec2:DescribeSnapshotAttribute' },
      ...keyReads,
      ...launcherReads,
    ],
    writes: [
      { action: 'ec2:EnableEbsEncryptionByDefault' },
      { action: 'ec2:ModifyEbsDefaultKmsKeyId' },
      { action: 'ec2:DisableEbsEncryptionByDefault' },
      { action: 'ec2:ResetEbsDefaultKmsKeyId' },
    ],
  },
  settings: { kmsKey },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableEbsEncryptionByDefault.html',
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html',
  ],
  iac: { terraform: 'have an aws_ebs_encryption_by_default with `enabled = true` in each Region.' },
  // EC2 declarative policies have no attribute for it:
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html
  prevention: {
    scp: [keepsDefaultEncryption],
    breaks:
      'Nobody can turn it off, not even to make an image that other accounts may share. The policy does not turn it on where it is off.',
    references: [encryptionPages.byDefault, encryptionPages.scope],
  },

  async inspectOne({ state: { encryptionByDefault, kmsKeyId } }, read, context, { hint }): Promise<Facts> {
    const wanted = context.settings.kmsKey ? plain(context.settings.kmsKey) : kmsKeyId;
    const [own, current] = await Promise.all([
      keyState(wanted, [], read, context),
      wanted === kmsKeyId ? undefined : keyState(kmsKeyId, [], read, context),
    ]);
    // EBS takes no other key of AWS's own than `aws/ebs`, by whatever name it is shown
    const isManaged = own.isCustomerKey === false && current?.isCustomerKey === false;
    const isOtherKey = current !== undefined && !isManaged && (current.arn ?? kmsKeyId) !== (own.arn ?? wanted);
    const isChange = !encryptionByDefault || isOtherKey;
    const who: Who = {
      groups: (all) => all,
      // others only make a change wait
      others: async () => (isChange ? await otherLaunchers(read, context, { hint }) : nobody),
    };
    const [key = own, sharing] = await Promise.all([
      keyForLaunches([wanted], who, read, context),
      encryptionByDefault ? { shared: undefined, unchecked: [] } : sharingOf(context.account, read),
    ]);
    return { encryptionByDefault, kmsKeyId, key, isOtherKey, sharing };
  },

  judge({ encryptionByDefault, kmsKeyId, key, isOtherKey, sharing }): Verdict {
    const advice = [...key.advice, ...toShare(sharing, key), ...sharing.unchecked.map(lookAt)];
    if (!encryptionByDefault) {
      const why = key.problem ? `, and turning it on would stop launches: ${key.problem}` : '';
      return { is: 'violation', says: `EBS encryption by default is off${why}.`, advice };
    }
    if (isOtherKey)
      return {
        is: 'violation',
        says: `EBS encryption by default uses ${kmsKeyId}, not the configured key${key.problem ? `, of which ${key.problem}` : ''}.`,
        advice,
      };
    if (key.problem)
      return { is: 'violation', says: `EBS encryption by default is on, but launches with its key fail: ${key.problem}.`, advice };
    return { is: 'compliant', says: `EBS encryption by default is on, with ${kmsKeyId}.` };
  },

  plan({ encryptionByDefault, key, isOtherKey, sharing }, { settings }): Plan {
    if (key.problem) return { changes: [] };
    const enable = { command: new EnableEbsEncryptionByDefaultCommand({}), says: 'Turn on EBS encryption by default for this Region.' };
    const doubts = encryptionByDefault ? [key.doubt] : [key.doubt, sharingDoubt(sharing, key)];
    const why = doubts.flatMap((doubt) => doubt ?? []).join('; ');
    const approval = why ? { needsApproval: `A person should look first: ${why}.` } : {};
    if (isOtherKey && settings.kmsKey) {
      // a bad key id can appear to complete and fail later, so the key is read back before anything depends on it
      const change = {
        command: new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: settings.kmsKey }),
        says: `Make ${settings.kmsKey} the default key of EBS.`,
      };
      const later = encryptionByDefault ? [] : [{ api: 'ec2:EnableEbsEncryptionByDefault', says: enable.says }];
      return { changes: [change], later, ...approval };
    }
    return { changes: encryptionByDefault ? [] : [enable], ...approval };
  },

  before: ({ encryptionByDefault, kmsKeyId }): DefaultEncryption => ({ encryptionByDefault, kmsKeyId }),
});
