import { DeletePublicAccessBlockCommand, GetPublicAccessBlockCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3-control';
import { ifThere } from '#shared/aws/loaders.ts';
import { accountSetting } from '#shared/control/setting.ts';
import { type Flags, flagsOf } from './flags.ts';

/** The block of the account, and whether anybody has set one. */
export type AccountBlock = Flags & { readonly isSet: boolean; readonly account: string };

/** Block public access for all buckets of the account, in every Region at once. */
export const bucketPublicAccess = accountSetting<AccountBlock>({
  noun: 'bucket-public-access',
  plural: 'Block public access for S3, of the account',
  eventSource: 's3.amazonaws.com',
  console: '/s3/settings',
  isGlobal: true,
  recordedIn:
    'One Region judges the account: `us-east-1`, `us-gov-west-1` in GovCloud, `cn-north-1` in China. AWS does not say whether S3 records the call there or in the Region that was called: the hourly sweep finds what was called elsewhere.',
  // CloudTrail's names of PutPublicAccessBlock and DeletePublicAccessBlock where they are of an account
  changed: ['DeleteAccountPublicAccessBlock', 'PutAccountPublicAccessBlock'],
  reads: [{ action: 's3:GetAccountPublicAccessBlock' }],
  async read(read, account) {
    const answer = await ifThere(read(new GetPublicAccessBlockCommand({ AccountId: account })));
    const block = answer?.PublicAccessBlockConfiguration;
    return { state: { ...flagsOf(block), isSet: block !== undefined, account } };
  },
  restore({ isSet, account: AccountId, ...flags }) {
    if (!isSet)
      return [
        { command: new DeletePublicAccessBlockCommand({ AccountId }), says: 'Remove the block again that the account did not have.' },
      ];
    const command = new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration: flags });
    return [{ command, says: 'Set the four flags of the account back to what they were.' }];
  },
});
