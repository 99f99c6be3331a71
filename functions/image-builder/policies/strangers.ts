import { at, listAt, stringAt } from '#shared/control/record.ts';

/** Everybody, as a finding says it. */
export const EVERYBODY = 'every AWS account';

/** Whom a resource policy gives access and nobody has named: accounts, organizations, or everybody; sorted. Throws `SyntaxError` for what is no JSON. */
export function strangersIn(policy: string, known: readonly string[]): readonly string[] {
  const statements = listAt({ of: JSON.parse(policy) }, 'of', 'Statement');
  const found = statements.filter((one) => at(one, 'Effect') === 'Allow').flatMap((one) => grantedBy(one));
  return [...new Set(found)].filter((one) => !isKnown(one, known)).sort();
}

/** An organization is known by its ARN, and a condition names it by its id, or by a path that begins with that. */
function isKnown(one: string, known: readonly string[]): boolean {
  const [id = ''] = one.split('/');
  return known.includes(one) || (/^o-\w+$/.test(id) && known.some((arn) => arn.endsWith(`:organization/${id}`)));
}

/** Whom a statement means; a condition on the organization narrows everybody to that. */
function grantedBy(statement: unknown): string[] {
  const principal = at(statement, 'Principal');
  // whoever is not named is meant: as good as everybody
  const named = principal === undefined ? ['*'] : typeof principal === 'string' ? [principal] : stringsIn(at(principal, 'AWS'));
  const organizations = organizationsOf(at(statement, 'Condition'));
  return named.flatMap((one) => (one === '*' ? (organizations.length > 0 ? organizations : [EVERYBODY]) : [accountOf(one)]));
}

function organizationsOf(condition: unknown): string[] {
  const operators = typeof condition === 'object' && condition !== null ? Object.entries(condition) : [];
  return operators.flatMap(([operator, keys]) =>
    /^(String|Arn)(Equals|Like)(IgnoreCase)?$/.test(operator)
      ? Object.entries(Object(keys)).flatMap(([key, values]) => (/^aws:PrincipalOrg(ID|Paths)$/i.test(key) ? stringsIn(values) : []))
      : [],
  );
}

/** The account of a principal: its number, or an ARN of it. */
function accountOf(principal: string): string {
  const parts = principal.split(':');
  return stringAt(parts, '2') === 'organizations' ? principal : (stringAt(parts, '4') ?? principal);
}

function stringsIn(value: unknown): string[] {
  return [value].flat().filter((one) => typeof one === 'string');
}
