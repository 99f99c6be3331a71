import type { ControlFunction } from '#shared/control/control.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import type { Resolved } from '../../infra/resolve.ts';
import type { ClientSettings, Deployment } from '../deployment.ts';

/** How a check ended: `note` is worth knowing and no fault, `none` says that there is nothing to check, `unknown` that it was not possible. */
export type State = 'ok' | 'note' | 'wrong' | 'unknown' | 'none';

/** What is wrong, and what to do next. */
export interface Problem {
  readonly says: string;
  readonly next: string;
}

/** What a check found. */
export interface Answer {
  readonly is: State;
  /** One sentence. */
  readonly says: string;
  readonly problems: readonly Problem[];
  /** What only `--details` and JSON show, a line each. */
  readonly details: readonly string[];
}

/** What is looked at: a deployed Redress, and what this version and config would have made of it. */
export interface Patient {
  readonly deployment: Deployment;
  readonly client: ClientSettings;
  readonly account: string;
  readonly region: string;
  readonly config: RedressConfig;
  readonly functions: readonly ControlFunction[];
  readonly resources: readonly Resolved[];
  readonly now: Date;
}

/** One thing that has to be so for Redress to work. */
export interface Check {
  readonly id: string;
  /** The question, for people. */
  readonly asks: string;
  /** The IAM actions that it takes. */
  readonly needs: readonly string[];
  /** Looks; an error that it throws is why it could not. */
  readonly look: (patient: Patient) => Promise<Answer>;
}

/** The answer `ok` with this sentence, or else what is wrong. */
export function answer(fine: string, problems: readonly Problem[], details: readonly string[] = []): Answer {
  const count = problems.length === 1 ? 'One thing is wrong.' : `${problems.length} things are wrong.`;
  return problems.length === 0 ? { is: 'ok', says: fine, problems, details } : { is: 'wrong', says: count, problems, details };
}

/** An answer that is neither right nor wrong. */
export function other(is: 'note' | 'unknown' | 'none', says: string, next?: string, details: readonly string[] = []): Answer {
  return { is, says, problems: next === undefined ? [] : [{ says: '', next }], details };
}

/** The properties of the resources of one type that this version and config make. */
export function wanted({ resources }: Pick<Patient, 'resources'>, type: string): readonly Resolved['properties'][] {
  return resources.flatMap((one) => (one.type === type ? [one.properties] : []));
}

/** What to do where the deployed differs from what is here. */
export const DEPLOY =
  'Deploy what is here with `npx cdk deploy`. If that finds no change, it was changed by hand: `npx cdk deploy --revert-drift` sets it back.';
