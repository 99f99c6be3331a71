import { expect } from 'vitest';
import type { Cloud } from './sound.ts';

/** Something that breaks a deployment: the check that names it, how it is broken, what is said, and the next step. */
export type Break = readonly [name: string, check: string, breaking: (cloud: Cloud) => void, says: RegExp, next: RegExp];

/** What a map holds under a name, to be changed. */
export function of<Value>(map: ReadonlyMap<string, Value>, name: string): Value {
  return map.get(name) ?? expect.fail(`there is no ${name}`);
}
