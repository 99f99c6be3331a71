import type { Actor, Made as MadeWith } from '#shared/control/actor.ts';
import type { Json, Place, Severity, Target } from '#shared/control/control.ts';
import type { Finding, FindingChange, Status } from '#shared/finding/finding.ts';
import type { Order } from '#shared/finding/message.ts';
import { type AnyEvent, type FindingV1, upgraded } from '#shared/finding/upgrade.ts';
import type { Item } from './dynamo.ts';
import type { Grant } from './windows.ts';

/** With what a call was made that broke a resource, and when, ISO 8601; a case of the time before knows no time. */
export interface Breach extends MadeWith {
  readonly at?: string;
}

/** A fix or an undo in progress: its intent is written before the first command is sent. */
export interface FixInProgress {
  readonly kind: 'fix' | 'undo';
  /** The same for every try of this fix, so that its idempotency tokens are too; another for the next fix of the same finding. */
  readonly id: string;
  readonly begunAt: string;
  /** What was found, in the verdict's words. */
  readonly wrong: string;
  readonly before: Json;
  /** Everything that may be sent: what was announced at the start, and each later call's action. */
  readonly announced: readonly Readonly<FindingChange>[];
  readonly sent: readonly Readonly<FindingChange>[];
  /** How the tool that made it wrong makes it right, in its own lines; absent in a case of an earlier version. */
  readonly ways?: readonly Readonly<Finding['advice'][number]>[];
  /** AWS said that it had taken a creation of this fix before, so its answer was lost. */
  readonly isAnswerLost?: true;
  /**
   * A creation that takes no token was sent, and what came of it is not known: since when it may have made something, and when it was
   * sent last, ISO 8601.
   */
  readonly unsure?: { readonly since: string; readonly at: string };
  readonly order?: Frozen<Order>;
  readonly sender?: string;
  /** Since when, and how often, it was looked at without its order's message, ISO 8601. */
  readonly missed?: { readonly since: string; readonly times: number };
  /** The fingerprint of the last round's commands, and whether AWS refused them. */
  readonly last?: { readonly digest: string; readonly outcome?: 'refused' };
  /** How often the same plan came back although AWS had taken it: reads lag. */
  readonly lag: number;
  /** How often AWS did not take the step now due: throttled, or out of order. */
  readonly refusals: number;
  /** The fingerprints of the rounds that AWS took: a read that goes back in time must not make one of them twice. */
  readonly taken: readonly string[];
  /** When the last of these was sent, ISO 8601; absent in a case of an earlier version. */
  readonly takenAt?: string;
}

/** The item of one case (control + resource): lease, open finding, fix in progress, exemption and history of fixes; only `state.ts` of the engine makes another of it. */
export interface CaseState {
  readonly control: string;
  readonly resource: { readonly type: string; readonly id: string };
  /** What the record of its creation says; a sweep knows less. */
  readonly hint?: Json;
  /** With what the call was made that last broke it, and when, while its finding is open: neither an order nor a sweep says it again. */
  readonly brokenWith?: Breach;
  /** What its control keeps of the resource from when it was last as it should be. */
  readonly kept?: Json;
  readonly finding?: OpenFinding;
  readonly fix?: FixInProgress;
  /** The exemption that a person ordered, and when. */
  readonly exemption?: { readonly until: string; readonly reason: string; readonly owner: string; readonly at: string };
  /** The end of the exemption that was last met, the config's too, and when to remind people of it, ISO 8601; stored under its first name. */
  readonly waiver?: { readonly until: string; readonly remindAt?: string };
  /** The last order whose answer was announced. */
  readonly answered?: string;
  /** What AWS answered that Redress made for the resource, newest last; absent in a case of the time before this was kept. */
  readonly made?: readonly string[];
  /** The events and orders that are done for this case, oldest first, each with when that was, ISO 8601: a repeat of one is dropped. */
  readonly done?: readonly { readonly id: string; readonly at: string }[];
  /** When fixes were completed, ISO 8601, newest last; three within an hour are a fight. */
  readonly fixes: readonly string[];
  /** Since when the resource has been as it is, as far as events tell, ISO 8601. */
  readonly settledFrom?: string;
  /** Whether nothing could be done when it was last looked at (a volume in use): it settles again from when something can. */
  readonly isHindered?: boolean;
  /** The delayed copy that looks again, and when it is due. */
  readonly look?: { readonly id: string; readonly at: string };
}

/** What tells one case from another. */
export interface CaseName {
  readonly control: string;
  readonly target: Target;
}

/** A case of which nothing is known. */
export function newCase({ control, target: { type, id } }: CaseName): CaseState {
  return { control, resource: { type, id }, fixes: [] };
}

/** Whether nothing is remembered of a case but what is done for it. */
export function isBare({ finding, fix, exemption, fixes, kept, made = [] }: CaseState): boolean {
  return !finding && !fix && !exemption && fixes.length === 0 && made.length === 0 && kept === undefined;
}

/** What a finding means to people, part by part: a change of one is reported though the status stays. */
export interface Meaning {
  readonly severity?: Severity;
  /** The code of its reason, with a digest of the sentence where that names a lasting cause; empty where there is none. */
  readonly reason?: string;
  /** A digest of what is at risk. */
  readonly risk?: string;
}

/** The open finding of a case. */
export interface OpenFinding {
  readonly id: string;
  readonly openedBy: Readonly<AnyEvent>;
  /** What was wrong when it was last looked at; absent in what version 1 of a finding left. */
  readonly found?: string;
  readonly receivedAt: string;
  readonly actor: Actor;
  /** The resource's owner by its tag, once that was seen. */
  readonly owner?: string;
  /** Ids of the events that were about it, newest last, at most 100. */
  readonly events: readonly string[];
  readonly count: number;
  /** What the fixes of it sent after which the resource was broken again; absent where there were none, and in what a version before left. */
  readonly sent?: readonly Readonly<FindingChange>[];
  /** A digest of what is at risk, as it was last looked at; absent in what a version before left. */
  readonly risk?: string;
  /** How much it matters, as it was last looked at; absent in what a version before left. */
  readonly severity?: Severity;
  /** The status that was last announced, how many announcements there were, and what it meant, as far as that is known. */
  readonly announced?: { readonly status: Status; readonly number: number; readonly meaning?: Meaning };
}

/** The same type, in which nothing can be changed. */
type Frozen<T> = { readonly [K in keyof T]: Frozen<T[K]> };

/** A finding with what only `undo` needs: the state before and after the fix, and what the fix sent. */
export interface FindingRow {
  readonly finding: Finding;
  readonly fixedBy?: readonly FindingChange[];
  readonly before?: Json;
  readonly after?: Json;
  /** The plan that the finding shows, if it shows one. */
  readonly plan?: readonly PlanPart[];
}

/** One call of a plan that a person may approve: its API, and a digest of each member of its input. */
export interface PlanPart {
  readonly api: string;
  readonly members: { readonly [name: string]: string };
}

/** A row as it was written, its finding perhaps of version 1. */
export type StoredRow = Omit<FindingRow, 'finding'> & { readonly finding: Finding | FindingV1 };

/** A row as it is read. */
export function rowOf(row: StoredRow): FindingRow {
  return { ...row, finding: upgraded(row.finding) };
}

/** Who stopped all fixes, when and why. */
export interface Pause {
  /** Where, in words, such as `account 444455556666`; absent for everywhere. */
  readonly in?: string;
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** What is known of a member before it is swept. */
export interface SweepNotes {
  readonly isServed: boolean;
  readonly nothing: ReadonlySet<string>;
}

/** A place of a member, and the controls that are to look there. */
export interface Look {
  readonly place: Pick<Place, 'account' | 'region'>;
  readonly controls: readonly string[];
}

/** Asks what versions before kept of a case. */
export type Before = (name: CaseName) => Promise<Item | undefined>;

/** Where the engine keeps what AWS does not show; one DynamoDB table, or memory in tests. */
export interface Ledger {
  /**
   * Takes the case for `seconds`; undefined if another invocation holds it. `before` asks `keptBefore`, perhaps for many at once;
   * of a case that is probably new (`isNew`) only when it is first written, which throws `LeaseLost` if there is something.
   */
  lease(
    control: string,
    target: Target,
    owner: string,
    now: Date,
    seconds: number,
    options?: { readonly before?: Before; readonly isNew?: boolean },
  ): Promise<CaseState | undefined>;
  /** Whether anything is kept of each of these cases, under whichever key, if only that somebody holds it. */
  areKept(names: readonly CaseName[]): Promise<readonly boolean[]>;
  /** What stands under the keys of the time before they named a place, one answer a case. */
  keptBefore(names: readonly CaseName[]): Promise<readonly (Item | undefined)[]>;
  /** Writes the case while the lease lasts; throws `LeaseLost` if another took it over. */
  save(state: CaseState, owner: string, now: Date): Promise<void>;
  /** Writes the case and gives it back; an undefined state forgets it. */
  release(control: string, target: Target, owner: string, state: CaseState | undefined, now: Date): Promise<void>;
  /** Writes a case that has just opened a finding, and that finding, in one step; throws `LeaseLost` as `save` does. */
  open(state: CaseState, row: FindingRow, owner: string, now: Date): Promise<void>;
  /** Which of the done keys are there: rows that an older Redress wrote, whose cases did not hold them. */
  done(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Writes findings; of two with one id the later stays. */
  putFindings(rows: readonly FindingRow[]): Promise<void>;
  getFinding(id: string): Promise<FindingRow | undefined>;
  /** Findings opened on a UTC day (`YYYY-MM-DD`), oldest first. */
  findingsOf(day: string): Promise<readonly FindingRow[]>;
  /** Reserves up to `wanted` fixes of a window; an asker, where one is named, leaves something for others. */
  reserve(window: string, wanted: number, limit: number, now: Date, asker?: string): Promise<Grant>;
  /** Remembers a resource that is exempt from a control, until some days after the end; without one, forgets it. */
  keepExempt(control: string, target: Target, until: string | undefined): Promise<void>;
  /** What is exempt from a control, or was lately. */
  exempt(control: string): Promise<readonly Target[]>;
  /** The resources with an open finding of a control that nobody has looked at since, a part of them: from where on, and where the next begins. */
  openTargets(control: string, since: Date, from?: string): Promise<{ readonly targets: readonly Target[]; readonly next?: string }>;
  /** Takes a name for so many seconds at least; false if it was taken before. */
  claim(name: string, seconds: number, now: Date): Promise<boolean>;
  /** Keeps who sent an order when it is received first, and answers that principal at every receipt; `order` names it with its content. */
  received(control: string, order: string, sender: string, now: Date): Promise<string>;
  /** Remembers for a week that a hub's sweep by a control found nothing in a member, unless a finding or an exemption comes before. */
  foundNothing(control: string, now: Date): Promise<void>;
  /** Remembers that the rules of a member are in the place, where no stack alone can be then. */
  noteServed(): Promise<void>;
  /** What a hub's sweep of a member has to know: whether its rules are there, and which controls found nothing within the last week. */
  sweepNotes(controls: readonly string[], now: Date): Promise<SweepNotes>;
  /** Which of the controls of each of these looks found nothing in its member's place within the last week; perhaps of some seconds ago. */
  nothingIn(looks: readonly Look[], now: Date): Promise<readonly ReadonlySet<string>[]>;
  /** Whether the rules of a member are in each of these places, in their order; perhaps of some seconds ago. */
  areServed(places: readonly Look['place'][]): Promise<readonly boolean[]>;
  /** The pause of everything, or else of the first of these parts that has one. */
  paused(scopes?: readonly string[]): Promise<Pause | undefined>;
  /** All pauses. */
  pauses(): Promise<readonly Pause[]>;
  /** Sets or ends a pause; without a scope, that of everything. */
  setPause(pause: Pause | undefined, scope?: string): Promise<void>;
}

/** The UTC day that a finding's id carries, as `YYYY-MM-DD`; undefined if it is no finding's id. */
export function dayOfFinding(id: string): string | undefined {
  const match = /^f-(\d{4})(\d{2})(\d{2})-[0-9a-f]{12}$/.exec(id);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : undefined;
}
