import { at, stringAt } from '#shared/control/record.ts';

/** The body of a queue message is not one of ours; retrying cannot help. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** A control asked for something that its metadata does not declare; a defect of the control. */
export class UndeclaredCall extends Error {
  override readonly name = 'UndeclaredCall';
}

/** Another invocation took the case over; whatever was about to be written is theirs to decide. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** An AWS call failed; keeps AWS's code and status, and names the IAM action. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly code: string;
  readonly $metadata: unknown;
  readonly action: string;

  constructor(action: string, cause: unknown) {
    super(`${action}: ${errorText(cause)}`, { cause });
    this.action = action;
    this.code = errorCode(cause);
    this.$metadata = at(cause, '$metadata');
  }
}

/** What an AWS error means for what was tried. */
export type ErrorClass = 'throttled' | 'unavailable' | 'denied' | 'missing' | 'refused' | 'defect';

// too many copies of snapshots at once are waited for like too many calls; other services say ResourceLimitExceededException of quotas that no wait raises: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
const throttled =
  /Throttl|RequestLimitExceeded|TooManyRequests|TooManyUpdates|SlowDown|BandwidthLimitExceeded|ProvisionedThroughputExceeded|RequestThrottled|^ConcurrentSnapshotLimitExceeded|^ResourceLimitExceeded$/i;
const denied =
  /^(AccessDenied|UnauthorizedOperation|AccessDeniedException|Client\.UnauthorizedOperation|AuthFailure|NotAuthorized|KMSAccessDenied|KMS\.AccessDenied)/i;
const unavailable =
  /^(Internal(Error|Failure|ServerError|Exception)|(Service)?Unavailable|TimeoutError|RequestTimeout|E(CONNRESET|CONNREFUSED|CONNABORTED|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH)|NetworkingError|KMSInternal|CredentialsProviderError|ExpiredToken|RequestExpired)/i;
const missing = /NotFound|NoSuch|DoesNotExist|NonExistent/i;
/** An organization's tag policy does not take a value: EC2's code, and Organizations' own name for it. */
const tagPolicy = /^TagPolic(y|ies)(Violation|Exception)/i;
/**
 * How AWS's messages name a policy of an organization that denies a call, by denying it or by not allowing it; the newer ones end with its ARN.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const controlPolicy = /(?:explicit deny in a|because no) (service|resource) control policy(?:: \S*\/(p-[0-9a-z]+))?/i;
// [U] AWS documents this text alone, and not its code
const declarativePolicy = /disabled by a declarative policy/i;

/** Sorts an AWS error by what to do about it: wait, tell which permission is missing, look again, or give it to the DLQ. */
export function classify(error: unknown): ErrorClass {
  const code = errorCode(error);
  const status = at(error, '$metadata', 'httpStatusCode');
  if (throttled.test(code) || status === 429) return 'throttled';
  if (denied.test(code) || isTagPolicy(code) || organizationPolicyOf(error) !== undefined) return 'denied';
  if (unavailable.test(code) || (typeof status === 'number' && status >= 500)) return 'unavailable';
  if (missing.test(code)) return 'missing';
  return typeof status === 'number' && status >= 400 ? 'refused' : 'defect';
}

/** Whether it is a tag policy that denies, which no permission of ours can change; it depends on the tags alone. */
export function isTagPolicy(code: string): boolean {
  return tagPolicy.test(code);
}

/** The policy of an organization that denies a call, as a sentence begins with it; no permission of ours can change that. */
export function organizationPolicyOf(error: unknown): string | undefined {
  const text = stringAt(error, 'message') ?? '';
  const [found, kind, id] = controlPolicy.exec(text) ?? [];
  if (found) return `A ${kind} control policy of the organization${id ? ` (${id})` : ''}`;
  return declarativePolicy.test(text) ? 'A declarative policy of the organization' : undefined;
}

/** The error's AWS code, such as `InvalidVolume.NotFound`, or its name. */
export function errorCode(error: unknown): string {
  return stringAt(error, 'Code') ?? stringAt(error, 'code') ?? stringAt(error, 'name') ?? 'UnknownError';
}

/** The error's message without anything in `secrets`, and short enough for an alert. */
export function errorText(error: unknown, secrets: readonly string[] = []): string {
  // a parser's own words quote what it was given, which may hold anything
  const isQuote = error instanceof SyntaxError || at(error, 'name') === 'ValiError';
  let text = isQuote ? `${errorCode(error)} (its text is left out)` : (stringAt(error, 'message') ?? String(error));
  for (const secret of secrets) if (secret !== '') text = text.replaceAll(secret, '[removed]');
  return text.length > 500 ? `${text.slice(0, 497)}…` : text;
}
