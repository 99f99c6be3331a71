import type { Made as MadeWith } from './actor.ts';
import type { DetailType } from './detail-types.ts';
import type { Advice, Iac } from './iac.ts';
import type { Managers } from './manager.ts';
import type { CloudTrailRecord } from './record.ts';

/** Any value that survives JSON unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** How much a finding matters to the people who read it. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** How far Redress goes by itself: nothing, reporting, waiting for a person's word, or fixing. */
export type Mode = 'off' | 'observe' | 'approve' | 'fix';

/** A command of an AWS SDK v3 client, inert until the engine sends it. */
export interface AwsCommand {
  readonly input: object;
}

/** Events that make a control look; `where` is merged into the EventBridge pattern's `detail`. */
export interface Trigger {
  /** The record's `eventSource`, such as `ec2.amazonaws.com`; `*` for every service of AWS. */
  readonly eventSource: string;
  /**
   * The record's `eventName`; none for every one, and for a notice, which has no name. `{settings.a.*}` stands for every value that this
   * path of the control's settings has somewhere; where there is none, the rule does not have the trigger.
   */
  readonly eventNames: readonly string[];
  /** A boolean setting of the control: its rule has the trigger only where the config turns it on. */
  readonly onlyIf?: string;
  /** What kind of event it is; absent means a call. */
  readonly detailType?: DetailType;
  /**
   * What the event itself can rule out, so that compliant creations invoke nothing; fields that must be absent are `[{ exists: false }]`.
   * `{settings.a.*}` stands for values here too; where there are more than a rule holds, the rule does not filter by them.
   */
  readonly where?: { readonly [key: string]: Json };
  /** Whether the call itself makes the resource wrong, so that setting it back restores what code declares; its record may have to say. */
  readonly breaks?: boolean | ((record: CloudTrailRecord) => boolean);
  /** Whether the record shows the mistake by itself, so that a replay can tell without the resource; absent means as `breaks` has it. */
  readonly isMistake?: boolean;
  /** Whether the request of a creation can tag what it makes; absent means that it can. */
  readonly takesTags?: false;
  /** Whether it is a call of Redress's own, made to see that events arrive; a control has only such triggers, or none. */
  readonly isOwn?: true;
}

/**
 * One IAM permission: action, resource, condition; `{partition}`, `{region}` and `{account}` are filled in at deployment.
 * So is `{settings.a.*.b}` in a resource or a condition: every value that this path of the control's settings has somewhere; where there is none,
 * the role does not get the permission.
 */
export interface Permission {
  readonly action: string;
  /** An ARN with placeholders; absent means `*`. */
  readonly resource?: string;
  readonly conditions?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
  /** Why AWS checks this action although no call of ours names it. */
  readonly impliedBy?: string;
  /** A boolean setting of the control: the role holds this only where the config turns it on. */
  readonly onlyIf?: string;
}

/** A resource that a control judges. */
export interface Target<Hint extends Json = Json> {
  /** AWS's CloudFormation type name, such as `AWS::EC2::Volume`. */
  readonly type: string;
  /** The identifier that AWS's API takes, such as `vol-…`. */
  readonly id: string;
  /** What only the record can tell (who made it, with what); kept with the case. */
  readonly hint?: Hint;
  /** What the control last kept of it, as `keeps` of a verdict had it; only `inspect` is given it, from the ledger. */
  readonly kept?: Json;
  /** What Redress made for this resource, as `Change.made` named it; only `inspect` is given it, from the ledger. */
  readonly made?: Made;
  /** From when on Redress made one more, ISO 8601: AWS said so, and the answer that named it was lost. */
  readonly madeSince?: string;
}

/** Ids that the ledger vouches for; `unrecorded` in a case that was fixed before the ledger kept them, so that marks have to do. */
export type Made = readonly string[] | 'unrecorded';

/** What a control thinks of a resource, in one sentence a person reads. */
export type Verdict =
  | {
      readonly is: 'compliant';
      readonly says: string;
      /** What has to be known of it once it is no longer so, and AWS does not show then; the ledger keeps the last, and never a secret. */
      readonly keeps?: Json;
    }
  | {
      readonly is: 'violation';
      readonly says: string;
      readonly advice?: readonly (string | Advice)[];
      /** How code fixes this very resource, where that says more than the control's own `iac`. */
      readonly iac?: Iac;
      /** What Redress made and what no longer stands for the resource, such as a copy of a volume that is in use again. */
      readonly outdates?: readonly string[];
      /** What is at risk, without what changes while that does not (readers, version numbers); a change is reported. Absent means `says`. */
      readonly risk?: string;
      /** How much this one matters, where that is not as for most; absent means as the control says. */
      readonly severity?: Severity;
      /** With what it was made wrong, where the control found that out and no event at hand shows it. */
      readonly brokenWith?: MadeWith;
    }
  | { readonly is: 'superseded'; readonly says: string; readonly by: string }
  | {
      readonly is: 'skip';
      readonly says: string;
      readonly advice?: readonly (string | Advice)[];
      readonly iac?: Iac;
      /** Whether all that Redress may fix is right: a fix in progress has reached its end. */
      readonly endsFix?: boolean;
    };

/** One command and the sentence that announces it. */
export interface Change {
  readonly command: AwsCommand;
  readonly says: string;
  /**
   * The members of the input that only repeat what the resource has when the call is sent, such as its tags. No other plan comes of
   * them: often it is Redress that adds an owner tag while a person thinks.
   */
  readonly repeats?: readonly string[];
  /** What tells it from the other calls of its API within one fix, for the idempotency token; absent means its place in the plan. */
  readonly step?: string;
  /** The ids of what the call made, from AWS's answer; the ledger keeps them, since anybody can write a marker. */
  readonly made?: (answer: unknown) => readonly string[];
}

/** What would set one resource right: this round's commands, and what later rounds may send. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Calls that later rounds may make, announced before the first is sent. */
  readonly later?: readonly { readonly api: string; readonly says: string }[];
  /** Look again after so many seconds, instead of or after the changes. */
  readonly again?: { readonly afterSeconds: number; readonly why: string };
  /** Why this plan waits for a person even in mode `fix`. */
  readonly needsApproval?: string;
  /** Whether a person has to do the rest once nothing more can be sent: the fix then ends as `open`, with the verdict's words. */
  readonly leavesRest?: boolean;
  /** Whether AWS shows that Redress did an earlier part, so that this only completes it: what a case says alone passes the gates again. */
  readonly completes?: boolean;
  /** How long the resource must have stayed as it is before a fix may begin, in seconds. */
  readonly settleSeconds?: number;
  /** Whether code could miss nothing that the plan removes: then nobody is asked where it is not known who made the resource. */
  readonly isAdditive?: boolean;
}

/** An account and Region that Redress serves. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** Whether it is a member's, where Redress acts by the member's own role. */
  readonly isMember?: true;
}

/** Where and when a judgement is made, and the control's settings there. */
export interface Context<Settings = unknown> extends Place, Managers {
  readonly now: Date;
  readonly settings: Settings;
  /** Parameters with secrets of Redress's own, which no function of controls may read. */
  readonly ownSecrets?: readonly string[];
  /** The mode of another control here: whether to wait for what it does. */
  readonly modeOf: (control: string) => Mode;
}

/** The same about one resource. */
export interface CaseContext<Settings = unknown> extends Context<Settings> {
  /** The id of the resource that is judged. */
  readonly id: string;
  /** When the fix began that is in progress, ISO 8601: what AWS shows since then may be its doing. */
  readonly fixingSince?: string;
}

/** A part of a list: AWS shows a long one page by page, and `next` is where the page after this one begins. */
export interface Part<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** Loads many things by id in one call; the reader joins the ids that several controls ask for. */
export interface Loader<Value> {
  readonly name: string;
  /** The most ids one call takes. */
  readonly max: number;
  load(ids: readonly string[], read: Reader): Promise<ReadonlyMap<string, Value>>;
}

/** Reads from AWS: refuses what is not declared as a read, and reads each thing once a round. */
export interface Reader {
  /** Sends one read; the output is shared by equal reads of the round. */
  <Output>(command: AwsCommand & OutputOf<Output>): Promise<Output>;
  /** Loads by id, joined with what others of the batch ask for; absent = not found. */
  many<Value>(loader: Loader<Value>, ids: readonly string[]): Promise<ReadonlyMap<string, Value>>;
}

/** Ties a command class to its output type, as the SDK's own `client.send` does. */
export interface OutputOf<Output> {
  resolveMiddleware(stack: never, configuration: never, options: never): (input: never) => Promise<{ output: Output }>;
}
