/** Whether a condition is met: yes, no, or only AWS knows the value of these keys. */
export type Truth = boolean | readonly string[];

/** What is known of a request, by condition keys in lower case: the values it may have; none means that the request has no such key. */
export type Known = ReadonlyMap<string, readonly string[]>;

/**
 * Judges the `Condition` of a statement: all its operators and keys have to be met, each by one of its values.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function isMet(condition: unknown, known: Known): Truth {
  const truths = entries(condition).flatMap(([operator, keys]) =>
    entries(keys).map(([key, values]) => isOneMet(operator, key, values, known)),
  );
  if (truths.includes(false)) return false;
  const unsure = truths.flatMap((one) => (typeof one === 'boolean' ? [] : one));
  return unsure.length > 0 ? [...new Set(unsure)] : true;
}

/** Whether a text fits a pattern of IAM, where `*` and `?` stand for anything. */
export function fits(pattern: string, text: string, isCaseless = false): boolean {
  const literal = pattern.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, isCaseless ? 'is' : 's').test(text);
}

function isOneMet(operator: string, key: string, wanted: unknown, known: Known): Truth {
  // of a key with one value, `ForAllValues` and `ForAnyValue` differ only where the request has no such key
  const [, set = '', name = '', ifExists] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/i.exec(operator) ?? [];
  const actual = known.get(key.toLowerCase());
  const values = [wanted].flat().map(String);
  // a variable stands for what only the request has
  if (actual === undefined || values.some((one) => one.includes('${'))) return [key];
  const kind = name.toLowerCase();
  if (kind === 'null') return values.some((one) => (one.toLowerCase() === 'true') === (actual.length === 0));
  const isNegated = kind.includes('not');
  const compare = comparisons[kind.replace('not', '')];
  if (!compare) return [key];
  if (actual.length === 0) return isNegated || ifExists !== undefined || set.toLowerCase() === 'forallvalues:';
  return actual.some((one) => values.some((value) => compare(value, one))) !== isNegated;
}

const comparisons: { readonly [operator: string]: (wanted: string, actual: string) => boolean } = {
  stringequals: (wanted, actual) => wanted === actual,
  stringequalsignorecase: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  stringlike: fits,
  // both take wildcards
  arnequals: fitsArn,
  arnlike: fitsArn,
  bool: (wanted, actual) => wanted.toLowerCase() === actual,
};

/** Each of the six parts of an ARN by itself, so that no `*` stands for a part that a pattern leaves out. */
function fitsArn(pattern: string, text: string): boolean {
  if (!pattern.startsWith('arn:') || !text.startsWith('arn:')) return fits(pattern, text);
  const [wanted, actual] = [pattern, text].map(partsOf);
  return wanted?.length === actual?.length && (wanted ?? []).every((part, n) => fits(part, actual?.[n] ?? ''));
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
