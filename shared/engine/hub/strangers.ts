import { redressItself } from '#shared/control/actor.ts';
import type { Place } from '#shared/control/control.ts';
import { stringAt } from '#shared/control/record.ts';
import type { Telemetry } from '#shared/engine/telemetry.ts';
import { type EngineDeps, findingId } from '#shared/engine/types.ts';
import { announcementName } from '#shared/finding/announcement.ts';
import { type Finding, saysOf } from '#shared/finding/finding.ts';
import type { NamedPlace } from '#shared/ledger/items.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';

/** What such a finding has in the place of a control. */
const MEMBERS_ONLY = 'members-only';

/** What reports on strangers. */
export interface StrangersOptions {
  readonly placeOf: EngineDeps['placeOf'];
  readonly own: Place;
  /** The ledger of the hub's own place. */
  readonly ledger: Pick<Ledger, 'getFinding' | 'putFindings'>;
  readonly announce: EngineDeps['announce'];
  readonly now: () => Date;
  readonly log: Telemetry['log'];
}

/** What is reported of an account. */
interface Report {
  /** What tells its finding from others of the same account and day. */
  readonly what: '' | ' left';
  readonly says: string;
  readonly reason: string;
  readonly advice: readonly string[];
}

const stranger: Omit<Report, 'says'> = {
  what: '',
  reason: 'Only members are served.',
  advice: [
    'If the account is to be served, list it and its Region under `organization` in the config, and deploy the hub.',
    'If not, take the rules of Redress out of it.',
  ],
};
const gone: Omit<Report, 'says'> = {
  what: ' left',
  reason: 'It had joined by itself, and is taken out of the members.',
  advice: [
    'If the account has left the organization or its OU, nothing is to do.',
    'If not, run `redress doctor --org`, and deploy its roles again: it joins with the next event that it forwards.',
  ],
};

/** Drops events of accounts and Regions that the hub does not serve, and reports each account once a day. */
export class Strangers {
  readonly #options: StrangersOptions;
  /** What this process has reported, or is about to: a batch may hold many events of one account. */
  readonly #reports = new Map<string, Promise<void>>();

  constructor(options: StrangersOptions) {
    this.#options = options;
  }

  /** Whether a message is of a stranger; it is then reported, and nobody has to look at it. */
  async isOne(message: unknown): Promise<boolean> {
    const [account, region] = [stringAt(message, 'event', 'account'), stringAt(message, 'event', 'region')];
    // what names no place is refused where it is parsed
    if (account === undefined || region === undefined) return false;
    const isServed = this.#options.placeOf({ account, region }) !== undefined;
    const recorded = stringAt(message, 'event', 'detail', 'recipientAccountId') ?? account;
    if (isServed && recorded === account) return false;
    const says = isServed
      ? `An event of ${account} in ${region} says that it was recorded in ${recorded}, and was dropped.`
      : `An event of ${account} in ${region} reached the hub, which does not serve it, and was dropped.`;
    await this.#report({ account, region }, { ...stranger, says }, message);
    return true;
  }

  /** Reports that a place that had joined is a member no more; `message` is what found it. */
  async hasLeft({ account, region }: NamedPlace, message: unknown): Promise<void> {
    const says = `The role of Redress in ${account} cannot be assumed any more, so ${region} there is no longer swept.`;
    await this.#report({ account, region }, { ...gone, says }, message);
  }

  async #report(place: NamedPlace, what: Report, message: unknown): Promise<void> {
    const finding = this.#findingOf(place, what, message, this.#options.now());
    const report = this.#reports.get(finding.id) ?? this.#announce(finding);
    this.#reports.set(finding.id, report);
    try {
      await report;
    } catch (error) {
      this.#reports.delete(finding.id);
      throw error;
    }
  }

  async #announce(finding: Finding): Promise<void> {
    const { ledger, announce, log } = this.#options;
    if (await ledger.getFinding(finding.id)) return;
    const { control, status, account, region } = finding;
    log('warn', finding.says, { finding: finding.id, control, status, account, region });
    // first, for a repeat does no harm and a loss would: subscribers know it by its name
    const [answer] = await announce([finding]);
    if (answer instanceof Error) throw answer;
    await ledger.putFindings([{ finding }]);
  }

  #findingOf({ account, region }: NamedPlace, { what, says, reason, advice }: Report, message: unknown, now: Date): Finding {
    const time = now.toISOString();
    const [name, id] = [stringAt(message, 'event', 'detail-type') ?? 'an event', stringAt(message, 'event', 'id') ?? ''];
    const resource = { type: 'AWS::Organizations::Account', id: account };
    // whatever Region and event: one an account and day
    const finding = findingId({ account, region: '' }, MEMBERS_ONLY, resource, `${time.slice(0, 10)}${what}`, time);
    const story = { found: says, now: null, reason: { code: 'left-unchanged', says: reason } } as const;
    return {
      type: 'finding',
      schemaVersion: '2',
      id: finding,
      announcement: announcementName(finding, 1, 'skipped'),
      control: MEMBERS_ONLY,
      title: 'The hub is sent events of its members alone',
      status: 'skipped',
      mode: 'observe',
      severity: 'medium',
      account,
      region,
      resource: { ...resource, arn: `arn:${this.#options.own.partition}:iam::${account}:root` },
      actor: redressItself,
      event: { is: 'notice', id, name, time },
      count: 1,
      ...story,
      says: saysOf(story),
      changes: [],
      later: [],
      advice: advice.map((one) => ({ says: one })),
      canUndo: false,
      timings: { eventTime: time, receivedAt: time, decidedAt: time, doneAt: time },
    };
  }
}
