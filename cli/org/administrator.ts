import type { CallAs, CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { classify } from '#shared/aws/errors.ts';
import { pace } from '#shared/aws/pace.ts';
import { callerIdentity, clientConfig, type Where } from '../deployment.ts';
import { Failure, trying } from '../failure.ts';

/** Who may deploy to the organization, and how AWS is asked as them. */
export interface Administrator {
  readonly sdk: typeof import('@aws-sdk/client-cloudformation');
  readonly callAs: CallAs;
  readonly account: string;
  /** Where the StackSets stand. */
  readonly region: string;
  /** Sends a call again while AWS throttles it; `doing` says what it is for ("read the StackSet"). */
  send<Result>(doing: string, work: (client: CloudFormationClient) => Promise<Result>): Promise<Result>;
}

/** How long a throttled call is waited for: longer each time, in milliseconds, and after the last it has failed. */
const WAITS = [1000, 2000, 4000, 8000, 16_000, 30_000];
/** How AWS answers an account that is not the one it was called as; `You must be …` of SELF, `Account used …` of DELEGATED_ADMIN. */
const notThat = /not a delegated administrator|must be the (management|master) account/i;

/** Finds out as whom these credentials administer StackSets, unless `--call-as` says it. */
export async function administrator(where: Where, asked: string | undefined): Promise<Administrator> {
  const [sdk, { account, region }] = await Promise.all([import('@aws-sdk/client-cloudformation'), callerIdentity(where)]);
  const client = new sdk.CloudFormationClient(clientConfig(where));
  const send: Administrator['send'] = (doing, work) => trying(doing, () => patiently(() => work(client)));
  const callAs = asked === undefined ? await found(sdk, client) : namedBy(asked);
  return { sdk, callAs, account, region, send };
}

function namedBy(text: string): CallAs {
  if (text === 'SELF' || text === 'DELEGATED_ADMIN') return text;
  throw new Failure('--call-as is DELEGATED_ADMIN, or SELF in the management account.', { exitCode: 2 });
}

/**
 * No call says whether an account is a delegated administrator, so it is tried. Without `organizations:ListDelegatedAdministrators` AWS
 * answers as if the account were none: https://github.com/hashicorp/terraform-provider-aws/pull/37069
 */
async function found(sdk: Administrator['sdk'], client: CloudFormationClient): Promise<CallAs> {
  const ask = async (callAs: CallAs) => {
    const input = callAs === 'SELF' ? {} : { CallAs: callAs };
    const { Status } = await patiently(() => client.send(new sdk.DescribeOrganizationsAccessCommand(input)));
    if (Status === 'ENABLED') return callAs;
    throw new Failure('StackSets may not deploy to the accounts of this organization.', {
      next: 'Allow it once, in the management account: `aws cloudformation activate-organizations-access`.',
    });
  };
  return await trying('find out who administers StackSets here', async () => {
    try {
      return await ask('DELEGATED_ADMIN');
    } catch (error) {
      if (!(error instanceof Error) || !isNotThat(error)) throw error;
    }
    try {
      return await ask('SELF');
    } catch (error) {
      if (!(error instanceof Error) || !isNotThat(error)) throw error;
      throw new Failure('These credentials are neither of the management account nor of one that may administer StackSets for it.', {
        next: 'Choose another profile with --profile; or, in the management account, `aws organizations register-delegated-administrator --service-principal member.org.stacksets.cloudformation.amazonaws.com --account-id ID`. The caller also needs organizations:ListDelegatedAdministrators.',
        cause: error,
      });
    }
  });
}

// its errors are documented by their names alone: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeOrganizationsAccess.html
function isNotThat({ name, message }: Error): boolean {
  return notThat.test(message) || name === 'InvalidOperationException' || name === 'OperationNotFoundException';
}

async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const pause of WAITS) {
    try {
      return await work();
    } catch (error) {
      if (!/throttled|unavailable/.test(classify(error)) || /Credentials|Expired/.test(String(Object(error).name))) throw error;
      await pace.pause(pause);
    }
  }
  return await work();
}
