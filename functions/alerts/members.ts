import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import { STSClient } from '@aws-sdk/client-sts';
import { classify, errorText } from '#shared/aws/errors.ts';
import type { Place } from '#shared/control/control.ts';
import { at } from '#shared/control/record.ts';
import { type Session, Sessions } from '#shared/engine/hub/sessions.ts';
import type { Telemetry } from '#shared/engine/telemetry.ts';
import { ALERTS, functionOf } from '#shared/finding/names.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import { importFindings } from './clients.ts';

/** A place that refused is asked again after this, in milliseconds. */
const REFUSED_FOR = 3600_000;

/** What imports findings of members: where the hub is, and how it says what a member refuses. */
export interface MemberImportsOptions {
  readonly own: Place;
  readonly now: () => number;
  readonly log: Telemetry['log'];
}

/** Imports findings into the Security Hub of the members that they are about, by sessions of a role there. */
export class MemberImports {
  readonly #options: MemberImportsOptions;
  readonly #sts: STSClient;
  readonly #sessions: Sessions;
  /** Until when a place is not asked, in milliseconds. */
  readonly #refused = new Map<string, number>();

  constructor(options: MemberImportsOptions) {
    const { own, now, log } = options;
    this.#options = options;
    // its own Region's endpoint: the global one gives tokens that are not valid in every Region
    this.#sts = new STSClient({ region: own.region });
    const functionName = functionOf(ALERTS);
    // the role holds nothing that a session could do without
    this.#sessions = new Sessions({ sts: this.#sts, partition: own.partition, functionName, readPolicies: () => [{}], now, log });
  }

  /**
   * Imports at most 100 findings of one place; answers the ids that were not taken, with the reasons. What a member refuses as a whole
   * (it has no Security Hub, or no role) is logged, and left out for an hour: no message waits for it.
   */
  async import(findings: readonly AwsSecurityFinding[], place: NamedPlace): Promise<ReadonlyMap<string, string>> {
    const { now, log } = this.#options;
    const key = placeKey(place);
    if ((this.#refused.get(key) ?? 0) > now()) return new Map();
    try {
      const taken = await this.#importOnce(findings, place);
      this.#refused.delete(key);
      return taken;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const isKnown = this.#refused.has(key);
      this.#refused.set(key, now() + REFUSED_FOR);
      if (!isKnown) log('warn', 'a member does not take findings into Security Hub', { ...place, error: errorText(error) });
      return new Map();
    }
  }

  async #importOnce(findings: readonly AwsSecurityFinding[], { account, region }: NamedPlace): Promise<ReadonlyMap<string, string>> {
    const { requestHandler } = this.#sts.config;
    const send = (credentials: Session) => importFindings(findings, { credentials, region, requestHandler });
    const session = await this.#sessions.read(account);
    try {
      return await send(session);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // the role may have been made again since the session began
      this.#sessions.forget(account, session);
      return await send(await this.#sessions.read(account));
    }
  }
}

/** Whether it is no use to try again: AWS says InvalidAccessException, with 401, where Security Hub is not on. */
function isRefusal(error: unknown): boolean {
  const status = at(error, '$metadata', 'httpStatusCode');
  return classify(error) === 'denied' || status === 401 || status === 403;
}
