import type { Json } from '#shared/control/types.ts';
import { type Branch, branchesOf, type Field } from '#shared/replay/matcher.ts';
import { isReadName } from './events.ts';
import type { Scanned } from './record-scan.ts';
import type { Rule } from './rule-book.ts';

/** Texts whose bytes stand in a record as they are, or as an escape that marks it as unusual. */
const PLAIN = /^[\x20-\x7e]+$/;
const ESCAPABLE = /["\\/]/;
const API_CALL = Buffer.from('"AwsApiCall"');
/** Fields whose values are in nearly every record. */
const COMMON = ['detail.eventType', 'detail.awsRegion', 'detail.eventSource'];

/**
 * Which records are worth a parse: those whose name a rule asks for, and for rules that ask for no name those that hold one of their
 * texts. It proposes too many and never too few; the parsed record decides.
 */
export class Proposals {
  readonly #names = new Set<string>();
  readonly #texts: Buffer[] = [];
  #isAny = false;

  constructor(rules: readonly Rule[]) {
    for (const { pattern } of rules) for (const branch of branchesOf(pattern)) this.#add(branch);
  }

  /** Whether the object from `start` on may match a rule, or has to be parsed to know. */
  isWorthParsing(bytes: Buffer, start: number, { name, isUnusual, end }: Scanned): boolean {
    if (name === undefined || isUnusual || this.#names.has(name)) return true;
    if (!this.#isAny && this.#texts.length === 0) return false;
    const record = bytes.subarray(start, end);
    // calls that only read reach no rule, whatever it asks for
    if (isReadName(name) && record.includes(API_CALL)) return false;
    return this.#isAny || this.#texts.some((text) => record.includes(text));
  }

  #add(branch: Branch): void {
    const named = branch.find((field) => field.name === 'detail.eventName');
    const names = named && textsOf(named);
    if (names) {
      for (const name of names) this.#names.add(name);
      return;
    }
    const [texts] = branch
      .filter(({ name }) => name.startsWith('detail.') && !COMMON.includes(name))
      .flatMap((field) => {
        const found = textsOf(field);
        return found?.every((text) => PLAIN.test(text) && !ESCAPABLE.test(text)) ? [found] : [];
      })
      .toSorted((a, b) => a.length - b.length);
    if (texts) this.#texts.push(...texts.map((text) => Buffer.from(`"${text}"`)));
    else this.#isAny = true;
  }
}

/** The texts of which a field must have one; undefined where something else passes too. */
function textsOf({ wanted, isAbsent }: Field): readonly string[] | undefined {
  if (isAbsent || !wanted.every(isText)) return undefined;
  return wanted;
}

function isText(value: Json): value is string {
  return typeof value === 'string';
}
