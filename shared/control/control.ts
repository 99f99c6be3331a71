import type * as v from 'valibot';
import { type Made, madeWith } from './actor.ts';
import type { Notice } from './detail-types.ts';
import type { Iac } from './iac.ts';
import { type AnyKind, isByMaker, type Kind } from './kind.ts';
import type { Prevention } from './prevention.ts';
import type { CloudTrailRecord } from './record.ts';
import type { LooseTag } from './tag.ts';
import type {
  CaseContext,
  Context,
  Json,
  Mode,
  Part,
  Permission,
  Place,
  Plan,
  Reader,
  Severity,
  Target,
  Trigger,
  Verdict,
} from './types.ts';

export type * from './types.ts';

/** A rule with a fixer: observes and proposes; only the engine writes. */
export interface Control<Hint extends Json = Json, Facts = unknown, Before extends Json = Json, Settings = unknown> {
  /** Resource plus its good state, such as `volume-encrypted`. */
  readonly id: string;
  /** What is judged; a target of another type goes through `find` first. */
  readonly kind: AnyKind;
  readonly title: string;
  readonly why: string;
  /** What the fix does, in one sentence for the table of controls. */
  readonly remediation: string;
  readonly severity: Severity;
  /** What its permissions amount to at worst, where that is more than they say: the first line of its page. */
  readonly amountsTo?: string;
  readonly defaultMode: Mode;
  /** The furthest mode the config may ask for; absent means `fix`. */
  readonly maxMode?: Mode;
  readonly triggers: readonly Trigger[];
  /** When every resource is looked at again, whatever events said. */
  readonly sweep: { readonly every: '1 hour' | '1 day'; readonly atDeployment: boolean };
  readonly permissions: {
    readonly reads: readonly Permission[];
    readonly writes: readonly Permission[];
  };
  /** Blast radius: at most this many fixes in this many minutes. */
  readonly limit: { readonly fixes: number; readonly minutes: number };
  /** Valibot entries of the control's own settings, each with a default or optional. */
  readonly settings?: { readonly [key: string]: v.GenericSchema };
  /** Settings that are the same for every control that knows them: they stand in the config once, under `common`. */
  readonly common?: { readonly [key: string]: v.GenericSchema };
  /** Whether under these settings it can find nothing; where that is so everywhere, it has neither rule nor permission. */
  isIdle?(settings: Settings): boolean;
  /** AWS's pages for what is done and why. */
  readonly references: readonly string[];
  /** How code that makes the resource fixes it, for alerts. */
  readonly iac?: Iac;
  /** How an organization makes the mistake impossible, or why no policy does. */
  readonly prevention?: Prevention;
  /** What a fix costs, in one sentence, where it costs money. */
  readonly costs?: string;
  /** Whether it fixes also what a tool such as CloudFormation or Terraform manages; without it the engine skips that. */
  readonly fixesManaged?: boolean;
  /** Whether a finding about what a tool manages stays open, rather than skipped: somebody has to act. */
  readonly reportsManaged?: boolean;

  /** What the record names: targets themselves, or things that `find` turns into targets. */
  targets(record: CloudTrailRecord, place: Place): readonly Target<Hint>[];
  /** What a notice is about; each control with a trigger of such a detail type has it. */
  noticed?(notice: Notice, place: Place): readonly Target<Hint>[];
  /** What two calls about one resource tell together; absent means that the first one tells all. */
  joinHints?(earlier: Hint, later: Hint): Hint;
  /** Turns targets of another type (an instance) into the control's own; a key that is absent is not there yet. */
  find?(targets: readonly Target<Hint>[], read: Reader): Promise<ReadonlyMap<string, readonly Target<Hint>[]>>;
  /** Every resource worth judging, for the sweep, part by part: the first, or the one that begins at `from`. */
  list(read: Reader, context: Context<Settings>, from?: string): Promise<Part<Target<Hint>>>;
  /** Reads a batch; a target absent from the answer was not found. */
  inspect(targets: readonly Target<Hint>[], read: Reader, context: Context<Settings>): Promise<ReadonlyMap<string, Facts>>;
  judge(facts: Facts, context: CaseContext<Settings>): Verdict;
  plan(facts: Facts, context: CaseContext<Settings>): Plan;
  /** The state that a fix changes, as an allow-list: never a value that could be secret. */
  before(facts: Facts): Before;
  /** The tags that an alert may show, where they are not all of the live resource's: it names the resource's owner by one. */
  tags?(facts: Facts): readonly LooseTag[] | undefined;
  /** Restores the previous state. */
  undo?(before: Before, facts: Facts, context: CaseContext<Settings>): Plan;
}

/** A control of any fact type, as the engine holds it. */
// biome-ignore lint/suspicious/noExplicitAny: the engine holds controls of every fact type side by side
export type AnyControl = Control<any, any, any, any>;

/** Valibot entries by name. */
type Entries = { readonly [key: string]: v.GenericSchema };

/** What entries parse to. */
type ValuesOf<Schemas extends Entries> = { readonly [key in keyof Schemas]: v.InferOutput<Schemas[key]> };

/** What an author says of a control; all else is the kind's, or has a default. */
export interface Definition<Item, Hint extends Json, Facts, Before extends Json, Settings extends Entries, Common extends Entries>
  extends Omit<Control<Hint>, Said> {
  readonly settings?: Settings;
  readonly common?: Common;
  readonly permissions?: Partial<Control['permissions']>;
  readonly sweep?: Control['sweep'];
  readonly limit?: Control['limit'];
  isIdle?(settings: ValuesOf<Settings & Common>): boolean;
  targets?(record: CloudTrailRecord, place: Place): readonly Target<Hint>[];
  list?(read: Reader, context: Context<ValuesOf<Settings & Common>>, from?: string): Promise<Part<Target<Hint>>>;
  /** What `judge` and `plan` need of one resource; undefined if it is gone after all. */
  inspectOne?(
    item: Item,
    read: Reader,
    context: Context<ValuesOf<Settings & Common>>,
    target: Target<Hint>,
  ): Facts | undefined | Promise<Facts | undefined>;
  /** The same for a batch, where one resource alone cannot be read. */
  inspect?(
    targets: readonly Target<Hint>[],
    read: Reader,
    context: Context<ValuesOf<Settings & Common>>,
  ): Promise<ReadonlyMap<string, Facts>>;
  judge(facts: Facts, context: CaseContext<ValuesOf<Settings & Common>>): Verdict;
  /** Absent: no command fixes it, and the advice says what a person does. */
  plan?(facts: Facts, context: CaseContext<ValuesOf<Settings & Common>>): Plan;
  before(facts: Facts): Before;
  tags?(facts: Facts): readonly LooseTag[] | undefined;
  undo?(before: Before, facts: Facts, context: CaseContext<ValuesOf<Settings & Common>>): Plan;
}

/** What `Definition` says in its own words, with the types of one control. */
type Said =
  | 'kind'
  | 'settings'
  | 'common'
  | 'permissions'
  | 'sweep'
  | 'limit'
  | 'isIdle'
  | 'targets'
  | 'list'
  | 'inspect'
  | 'judge'
  | 'plan'
  | 'before'
  | 'tags'
  | 'undo';

/** The resources of a part of a kind's list. */
export function targetsIn({ type }: AnyKind, { items, ...rest }: Part<string>): Part<Target<never>> {
  return { ...rest, items: items.map((id) => ({ type, id })) };
}

/** Makes a control of a kind; whatever the kind knows need not be said. */
export function defineControl<
  Item,
  Facts,
  Before extends Json,
  Hint extends Json = Made,
  Settings extends Entries = Record<never, never>,
  Common extends Entries = Record<never, never>,
>(kind: Kind<Item>, definition: Definition<Item, Hint, Facts, Before, Settings, Common>): AnyControl {
  const { inspectOne, permissions: { reads = [], writes = [] } = {}, ...said } = definition;
  const restore = kind.restore;
  return {
    kind,
    sweep: { every: '1 day', atDeployment: false },
    limit: { fixes: 25, minutes: 10 },
    targets: (record, place) => {
      const targets = kind.targets(record, place);
      return isByMaker(kind, record) ? targets.map((target) => ({ ...target, hint: madeWith(record) })) : targets;
    },
    ...(kind.find && { find: kind.find }),
    list: async (read, place, from) => targetsIn(kind, await kind.list(read, place, from)),
    inspect: async (targets, read, context) => {
      const items = await read.many(
        kind.items,
        targets.map(({ id }) => id),
      );
      const found = targets.map(async (target): Promise<[string, unknown][]> => {
        const item = items.get(target.id);
        const facts = item && (inspectOne ? await inspectOne(item, read, context, target) : item);
        return facts === undefined ? [] : [[target.id, facts]];
      });
      return new Map((await Promise.all(found)).flat());
    },
    plan: () => ({ changes: [] }),
    ...(restore && { undo: (before: Json, facts: Facts) => ({ changes: restore(before, definition.before(facts)) }) }),
    ...said,
    permissions: { reads: distinct([...kind.reads, ...reads]), writes },
  };
}

/** Permissions without those that are said twice. */
function distinct(permissions: readonly Permission[]): Permission[] {
  return [...new Map(permissions.map((one) => [JSON.stringify(one), one])).values()];
}

/** One Lambda with its queue and its role: the kinds that share a service and a rank of permissions, and their controls. */
export interface ControlFunction {
  /** The folder under `functions/`, such as `volumes`. */
  readonly id: string;
  readonly kinds: readonly AnyKind[];
  readonly controls: readonly AnyControl[];
}
