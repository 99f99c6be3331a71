import type { AttributeValue } from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/** The expressions of a call, and what their placeholders stand for. */
export interface Expressions {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

/** Whether a condition holds for an item: comparisons, `attribute_exists`, `attribute_not_exists` and parentheses, joined by AND and OR. */
export function holds(expression: string | undefined, item: Item, names: Expressions): boolean {
  if (expression === undefined) return true;
  const tokens = expression.match(/[#:\w]+|<=|>=|<>|[<>=()]/g) ?? [];
  let next = 0;
  const take = (wanted?: string): string => {
    const token = tokens[next] ?? '';
    if (wanted !== undefined && token !== wanted) throw new Error(`expected ${wanted} in ${expression}`);
    next += 1;
    return token;
  };
  const either = (): boolean => {
    let is = both();
    while (tokens[next] === 'OR') {
      take();
      is = both() || is;
    }
    return is;
  };
  const both = (): boolean => {
    let is = one();
    while (tokens[next] === 'AND') {
      take();
      is = one() && is;
    }
    return is;
  };
  const one = (): boolean => {
    const token = take();
    if (token === '(') {
      const is = either();
      take(')');
      return is;
    }
    if (token === 'attribute_exists' || token === 'attribute_not_exists') {
      take('(');
      const isThere = meantBy(take(), item, names) !== undefined;
      take(')');
      return isThere === (token === 'attribute_exists');
    }
    const sign = take();
    return compare(meantBy(token, item, names), sign, meantBy(take(), item, names));
  };
  const is = either();
  if (next < tokens.length) throw new Error(`the table does not understand ${expression}`);
  return is;
}

/** The item after an update of the clauses SET, REMOVE and ADD. */
export function update(expression: string, item: Item, names: Expressions): Item {
  const changed = structuredClone(item);
  for (const [, clause = '', rest = ''] of expression.matchAll(/(SET|REMOVE|ADD) (.*?)(?= SET | REMOVE | ADD |$)/g)) {
    for (const part of rest.split(',').map((text) => text.trim())) {
      const [name = '', value = ''] = part.split(/\s*=\s*|\s+/);
      const attribute = nameOf(name, names);
      if (clause === 'REMOVE') delete changed[attribute];
      else {
        const given = names.ExpressionAttributeValues?.[value];
        if (!given) throw new Error(`${value} has no value`);
        changed[attribute] = clause === 'ADD' ? { N: String(Number(changed[attribute]?.N ?? 0) + Number(given.N)) } : given;
      }
    }
  }
  return changed;
}

function nameOf(token: string, { ExpressionAttributeNames: names }: Expressions): string {
  return names?.[token] ?? token;
}

function meantBy(token: string, item: Item, names: Expressions): AttributeValue | undefined {
  return token.startsWith(':') ? names.ExpressionAttributeValues?.[token] : item[nameOf(token, names)];
}

function compare(left: AttributeValue | undefined, sign: string, right: AttributeValue | undefined): boolean {
  // an attribute that is not there compares as false
  if (left === undefined || right === undefined) return false;
  const [a, b] = left.N === undefined ? [left.S ?? '', right.S ?? ''] : [Number(left.N), Number(right.N)];
  switch (sign) {
    case '=':
      return a === b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      throw new Error(`the table does not know the sign ${sign}`);
  }
}
