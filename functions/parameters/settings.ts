import * as v from 'valibot';
import type { Bounds } from './readers.ts';

/** The control's settings. */
export interface Settings extends Bounds {
  readonly patterns: readonly string[];
  readonly kmsKey?: string | undefined;
  readonly purgeHistory: boolean;
}

const count = (least: number, most: number, byDefault: number) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most)), byDefault);

/** Their schemas, with what the docs say of each. */
export const settings = {
  patterns: v.pipe(
    v.optional(v.array(v.string()), []),
    v.description('Words or globs that make a name sensitive; `!` before one takes names out.'),
  ),
  kmsKey: v.pipe(
    v.optional(v.string()),
    v.description('The key: id, ARN or alias; absent means `alias/aws/ssm`. Readers and Redress need a grant of any other key.'),
  ),
  readerDays: v.pipe(count(1, 90, 14), v.description('How many days back to ask CloudTrail who read a parameter as plaintext.')),
  readerPages: v.pipe(
    count(1, 20, 5),
    v.description(
      'How many pages of 50 events to read at most for each call that reads parameters, and where those are not enough for the parameter itself; beyond them a person is asked.',
    ),
  ),
  purgeHistory: v.pipe(
    v.optional(v.boolean(), false),
    v.description(
      'Recreate instead of convert, so that old versions are gone. Always after approval: versions begin at 1 again, and for 35 s readers find nothing.',
    ),
  ),
};
