import { errorCode, errorText } from '#shared/aws/errors.ts';
import { listAt, stringAt } from '#shared/control/record.ts';

/** What was asked did not happen (1), or was asked wrongly (2). */
export type FailureCode = 1 | 2;

/** An end that a person reads about: what was tried, why it failed, and what to do next; never a stack trace. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly next: string | undefined;
  readonly exitCode: FailureCode;

  constructor(message: string, { next, exitCode = 1, cause }: { next?: string | undefined; exitCode?: FailureCode; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.next = next;
    this.exitCode = exitCode;
  }
}

/** Does what `doing` says ("read the ledger"), and turns an error of AWS or of the way there into a `Failure`. */
export async function trying<Result>(doing: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { why, next } = explain(error);
    throw new Failure(`Could not ${doing}: ${why}`, { next, cause: error });
  }
}

const unreachable = /^(ECONNREFUSED|ENOTFOUND|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|TimeoutError)$/;

function explain(error: unknown): { why: string; next: string | undefined } {
  // Node tries each address of a name, and reports all of them in one error without words
  const code = stringAt(error, 'code') ?? stringAt(listAt(error, 'errors')[0], 'code') ?? errorCode(error);
  const text = errorText(error);
  if (/region is missing/i.test(text))
    return {
      why: 'no AWS Region is set.',
      next: 'Set the one that Redress is deployed in, such as `--region eu-west-1` or AWS_REGION=eu-west-1.',
    };
  if (/^(CredentialsProviderError|TokenProviderError)$/.test(code)) {
    return {
      why: `there are no AWS credentials (${text})`,
      next: 'Sign in (`aws sso login`, `aws configure`), then name the profile with --profile or AWS_PROFILE.',
    };
  }
  if (
    /^(ExpiredToken|ExpiredTokenException|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch)$/.test(
      code,
    )
  ) {
    return {
      why: `AWS does not take these credentials (${code}: ${text})`,
      next: 'Sign in again, or choose another profile with --profile or AWS_PROFILE.',
    };
  }
  if (unreachable.test(code)) {
    const endpoint = process.env['AWS_ENDPOINT_URL'];
    return endpoint
      ? {
          why: `nothing answers at ${endpoint} (${code})`,
          next: 'AWS_ENDPOINT_URL names it: start the local cloud there with `npm run local`, or unset the variable to reach AWS.',
        }
      : { why: `AWS was not reached (${code}: ${text})`, next: 'Check the network, and that the Region exists.' };
  }
  if (/AccessDenied|Unauthorized|NotAuthorized/i.test(code))
    return {
      why: `AWS does not allow it (${text})`,
      next: 'Ask for that permission, or choose another profile with --profile or AWS_PROFILE.',
    };
  return { why: `${code}: ${text}`, next: undefined };
}
