/** What a step did as a user: the call, and what it made. */
export interface Deed {
  readonly who: string;
  readonly call: string;
  readonly made: string;
}

/** What must hold after a step; `holds` is asked until it is true, or time is up. */
export interface Expectation {
  readonly says: string;
  readonly holds: () => boolean | Promise<boolean>;
}

/** One scene of the demo. */
export interface Step {
  readonly title: string;
  act(): Promise<readonly Deed[]>;
  /** Made after `act`, so that they know what it made. */
  expectations(): readonly Expectation[];
  /** What is shown at its end as it was written; made once the expectations hold. */
  shows?(): Promise<string>;
}
