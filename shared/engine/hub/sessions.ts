import { AssumeRoleCommand, type AssumeRoleCommandInput, type STSClient } from '@aws-sdk/client-sts';
import { CallFailed, classify, errorCode, errorText } from '#shared/aws/errors.ts';
import { ASSUME_ROLE } from '#shared/engine/denied.ts';
import type { Outgoing } from '#shared/engine/sender.ts';
import type { Telemetry } from '#shared/engine/telemetry.ts';
import { MEMBER_PATH } from '#shared/finding/names.ts';
import type { SessionPolicy } from './policies.ts';

/** Credentials of a session in a member. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Who assumes which role, with what. */
export interface SessionsOptions {
  readonly sts: Pick<STSClient, 'send'>;
  readonly partition: string;
  /** The function, which is the name of its role in each member too. */
  readonly functionName: string;
  readonly readPolicies: (account: string) => readonly SessionPolicy[];
  readonly now: () => number;
  readonly log: Telemetry['log'];
}

/** A role that is assumed by a role's session gives an hour at most, whatever the role says. */
const READ_SECONDS = 3600;
/** The least that STS gives. */
const WRITE_SECONDS = 900;
/** A session is not used for the last of its time: longer than an invocation lasts, in milliseconds. */
const LAST_MS = 5 * 60_000;
/** From so many percent of what STS packs at most a policy is worth a line in the log. */
const NEARLY_FULL = 90;
/** What STS takes of the name of a session, in characters. */
const NAME_CHARACTERS = 64;

interface Reading {
  readonly asked: Promise<Session>;
  /** What STS gave, and until when it may be used, in milliseconds; not known before STS has answered. */
  session?: Session;
  until: number;
}

/** The sessions of one function in members: one for all reads of an account, and one for each write. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #reading = new Map<string, Reading>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** The session that reads in an account, the same for all who ask until shortly before it ends; throws `CallFailed`. */
  async read(account: string): Promise<Session> {
    const { functionName, now, readPolicies } = this.#options;
    const known = this.#reading.get(account);
    if (known && known.until > now()) return await known.asked;
    const begunAt = now();
    const made: Reading = {
      asked: this.#assume(account, readPolicies(account), { RoleSessionName: functionName, DurationSeconds: READ_SECONDS }),
      until: Number.POSITIVE_INFINITY,
    };
    this.#reading.set(account, made);
    try {
      const session = await made.asked;
      made.session = session;
      made.until = begunAt + READ_SECONDS * 1000 - LAST_MS;
      return session;
    } catch (error) {
      // the next one asks again; who waits for this one gets the same error
      if (this.#reading.get(account) === made) this.#reading.delete(account);
      throw error;
    }
  }

  /** Has the next read ask for a session: AWS did not take this one, whose role may have been made again. */
  forget(account: string, session: Session): void {
    if (this.#reading.get(account)?.session === session) this.#reading.delete(account);
  }

  /** A session for one call, which nothing else uses; its name and its source identity name the case. */
  async write({ place, control, seed }: Outgoing, policies: readonly SessionPolicy[]): Promise<Session> {
    return await this.#assume(place.account, policies, { ...caseNames(control, seed), DurationSeconds: WRITE_SECONDS });
  }

  async #assume(
    account: string,
    policies: readonly SessionPolicy[],
    how: Pick<AssumeRoleCommandInput, 'RoleSessionName' | 'SourceIdentity' | 'DurationSeconds'>,
  ): Promise<Session> {
    const { sts, partition, functionName, log } = this.#options;
    const arnOf = (type: 'role' | 'policy', name: string) => `arn:${partition}:iam::${account}:${type}${MEMBER_PATH}${name}`;
    const RoleArn = arnOf('role', functionName);
    const errors: unknown[] = [];
    for (const { inline, managed } of policies) {
      try {
        const { Credentials, PackedPolicySize = 0 } = await sts.send(
          new AssumeRoleCommand({
            ...how,
            RoleArn,
            ...(inline !== undefined && { Policy: inline }),
            ...(managed !== undefined && { PolicyArns: [{ arn: arnOf('policy', managed) }] }),
          }),
        );
        if (PackedPolicySize >= NEARLY_FULL)
          log('warn', 'the policy of a session is nearly too large', { account, session: how.RoleSessionName, percent: PackedPolicySize });
        const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
        if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error(`STS gave no credentials of ${RoleArn}`);
        return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
      } catch (error) {
        errors.push(error);
        // STS packs a policy before it measures it, so only STS knows; its code on the wire has no `Exception` at its end
        if (!/^PackedPolicyTooLarge/.test(errorCode(error))) break;
      }
    }
    throw new CallFailed(ASSUME_ROLE, whyNot(RoleArn, errors));
  }
}

/** What a session that writes is called, by control and finding, and whose word it is, by the fix: AWS takes word characters and `+=,.@-`. */
function caseNames(control: string, seed: string): { RoleSessionName: string; SourceIdentity: string } {
  const [fix = ''] = seed.split(' ');
  const [finding] = /^f-\d{8}-[0-9a-f]+/.exec(fix) ?? [fix];
  // the finding's id stays whole: by it the case is found
  const id = plain(finding).slice(0, NAME_CHARACTERS - 1);
  return {
    RoleSessionName: `${plain(control).slice(0, NAME_CHARACTERS - 1 - id.length)}@${id}`,
    SourceIdentity: plain(fix).slice(0, NAME_CHARACTERS),
  };
}

function plain(text: string): string {
  return text.replace(/[^\w+=,.@-]/g, '-');
}

/** Why there is no session: what passes by itself stays what it is, and whatever else STS says is a denial of the member. */
function whyNot(role: string, errors: readonly unknown[]): unknown {
  const last = errors.at(-1);
  const is = classify(last);
  if (is === 'throttled' || is === 'unavailable' || is === 'defect') return last;
  const said = errors.map((error) => `${errorCode(error)}: ${errorText(error)}`).join('; then ');
  return Object.assign(new Error(`${role} cannot be assumed: ${said}`, { cause: last }), {
    code: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
}
