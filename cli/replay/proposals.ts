import { carriesRecord } from '#shared/control/detail-types.ts';
import { type Branch, branchesOf } from '#shared/replay/matcher.ts';
import { isReadName } from './events.ts';
import type { Wanted } from './quick-scan.ts';
import type { Scanned } from './record-scan.ts';
import { namesIn, type Rule, textsOf } from './rule-book.ts';

/** Texts whose bytes stand in a record as they are, or as an escape that marks it as unusual. */
const PLAIN = /^[\x20-\x7e]+$/;
const ESCAPABLE = /["\\/]/;
/** Fields whose values are in nearly every record. */
const COMMON = ['detail.eventType', 'detail.awsRegion', 'detail.eventSource'];

/**
 * Which records are worth a parse: those whose name a rule asks for, and for rules that ask for no name those that hold one of their
 * texts. It proposes too many and never too few; the parsed record decides.
 */
export class Proposals {
  /** As a scan has them: a character for each byte. */
  readonly #names = new Set<string>();
  /** Of them, those for which a rule asks also where the call failed. */
  readonly #evenFailed = new Set<string>();
  /** Many rules ask for the same text. */
  readonly #texts = new Map<string, Buffer>();
  #isAny = false;

  constructor(rules: readonly Rule[]) {
    for (const { pattern } of rules) for (const branch of branchesOf(pattern)) this.#add(branch);
  }

  /** Whether the object from `start` on may match a rule, or has to be parsed to know. */
  isWorthParsing(bytes: Buffer, start: number, { name, isUnusual, isApiCall, isFailed, holdsText, end }: Scanned): boolean {
    if (name === undefined || isUnusual || (isFailed ? this.#evenFailed : this.#names).has(name)) return true;
    // calls that only read reach no rule, whatever it asks for
    if (isApiCall && isReadName(name)) return false;
    if (this.#isAny || holdsText !== undefined) return this.#isAny || holdsText === true;
    const record = bytes.subarray(start, end);
    for (const text of this.#texts.values()) if (record.includes(text)) return true;
    return false;
  }

  /** What a scan looks for; of what it passes over, nothing is worth parsing. */
  wanted(isStrict: boolean): Wanted {
    const names = [...this.#names].map((name) => Buffer.from(name, 'latin1'));
    return { names, texts: [...this.#texts.keys()], isAll: !isStrict && !this.#isAny };
  }

  #add(branch: Branch): void {
    // what has a name is a record, and every other object is parsed
    if (typesIn(branch)?.every((type) => !carriesRecord(type))) return;
    const names = namesIn(branch);
    if (names) {
      const isOfSuccess = branch.some(({ name, isAbsent }) => name === 'detail.errorCode' && isAbsent);
      for (const name of names.map((one) => Buffer.from(one).toString('latin1'))) {
        this.#names.add(name);
        if (!isOfSuccess) this.#evenFailed.add(name);
      }
      return;
    }
    const [texts] = branch
      .filter(({ name }) => name.startsWith('detail.') && !COMMON.includes(name))
      .flatMap((field) => {
        const found = textsOf(field);
        return found?.every((text) => PLAIN.test(text) && !ESCAPABLE.test(text)) ? [found] : [];
      })
      .toSorted((a, b) => a.length - b.length);
    if (texts) for (const text of texts) this.#texts.set(text, Buffer.from(`"${text}"`));
    else this.#isAny = true;
  }
}

function typesIn(branch: Branch): readonly string[] | undefined {
  const field = branch.find(({ name }) => name === 'detail-type');
  return field && textsOf(field);
}
