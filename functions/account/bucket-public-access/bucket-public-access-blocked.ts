import { PutPublicAccessBlockCommand } from '@aws-sdk/client-s3-control';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { areOrIs, named, notAsked } from '../public.ts';
import { bucketReads, type PublicBuckets, publicBuckets } from './buckets.ts';
import { blocked, flagsOff } from './flags.ts';
import { type AccountBlock, bucketPublicAccess } from './kind.ts';

interface Facts extends PublicBuckets {
  readonly state: AccountBlock;
}

const guide = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html';

export default defineControl(bucketPublicAccess, {
  id: 'bucket-public-access-blocked',
  title: 'Public access to S3 buckets is blocked for the account',
  why: 'One policy or access list makes a bucket public. The block of the account holds for every bucket, whatever its own settings say.',
  remediation:
    'Sets all four flags of the account. Public buckets close at once, websites among them; the finding names those of the Region that it can see.',
  severity: 'high',
  defaultMode: 'approve',
  triggers: [...bucketPublicAccess.created],
  sweep: { every: '1 hour', atDeployment: true },
  permissions: {
    reads: [...bucketReads],
    writes: [{ action: 's3:PutAccountPublicAccessBlock' }],
  },
  references: [guide, 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html'],
  iac: {
    // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/168
    cloudFormation: 'has no type for it: a custom resource can call `PutPublicAccessBlock` of S3 Control.',
    terraform:
      'have one aws_s3_account_public_access_block with `block_public_acls`, `ignore_public_acls`, `block_public_policy` and `restrict_public_buckets` set to `true`.',
  },
  prevention: {
    scp: [{ actions: ['s3:PutAccountPublicAccessBlock'] }],
    breaks: 'Nobody can change the setting, so block public access before you attach the policy.',
    references: [guide, 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html'],
  },

  async inspectOne({ state }, read, context): Promise<Facts> {
    const isAsked = flagsOff(state).length > 0;
    return { state, ...(isAsked ? await publicBuckets(read, context) : { open: notAsked }) };
  },

  judge({ state, open, unseen }): Verdict {
    const off = flagsOff(state);
    if (off.length === 0) return { is: 'compliant', says: 'Public access to S3 buckets is blocked for the account.' };
    const flags = state.isSet ? `these flags are off: ${off.join(', ')}` : 'the account has no such block';
    const what = `Public access to S3 buckets is not blocked for the account: ${flags}`;
    const buckets = open.ids.length === 0 ? 'No bucket was found to be public.' : `Public now: ${named(open)}.`;
    return {
      is: 'violation',
      says: [`${what}.`, buckets, unseen ?? []].flat().join(' '),
      risk: what,
      advice: [
        'Serve public content through CloudFront with origin access control, which the block leaves working.',
        ...(open.ids.length > 0
          ? ['If these buckets are public on purpose, exempt this setting, and set the block of each other bucket.']
          : []),
      ],
    };
  },

  plan({ state: { account: AccountId }, open, unseen }): Plan {
    const command = new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration: blocked });
    const changes = [{ command, says: 'Block public access to every bucket of the account, in all Regions.' }];
    if (open.ids.length === 0 && unseen === undefined) return { changes };
    const why = open.ids.length === 0 ? unseen : `${named(open)} ${areOrIs(open)} public, and would close at once.`;
    return { changes, needsApproval: `A person should look first: ${why}` };
  },

  before: ({ state }): AccountBlock => state,
});
