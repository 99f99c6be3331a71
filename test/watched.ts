import type { Finding } from '../shared/finding.ts';

/** Something that ran the engine, and can tell all that left it. */
export interface Watched {
  readonly announced: readonly Finding[];
  output(): Promise<string>;
}

/** What ran the engine since the last test; `test/no-secrets.ts` looks at it and clears it. */
export const watched: Watched[] = [];
