import { listAt } from '#shared/control/record.ts';
import { CHOSEN_BY_AWS } from '../../infra/resolve.ts';

/** Whether what is deployed means the same as what is wanted: neither the order of lists and members counts, nor a list around one value. */
export function isSame(wanted: unknown, found: unknown): boolean {
  const [one, other] = [levelled(wanted), levelled(found)];
  if (!one.includes(CHOSEN_BY_AWS)) return one === other;
  const parts = one.split(CHOSEN_BY_AWS).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^"]*')}$`).test(other);
}

/** JSON that was kept as text, such as a policy; undefined where it is none. */
export function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The statements of the policy that are wanted and not found, and those that are found and not wanted. */
export function statementsApart(
  wanted: unknown,
  found: unknown,
): { readonly missing: readonly unknown[]; readonly added: readonly unknown[] } {
  const [these, those] = [listAt(wanted, 'Statement'), listAt(found, 'Statement')];
  return {
    missing: these.filter((one) => !those.some((other) => isSame(one, other))),
    added: those.filter((other) => !these.some((one) => isSame(one, other))),
  };
}

/** What a policy's statement is about, in a few words. */
export function aboutStatement(statement: unknown): string {
  const actions = [Reflect.get(Object(statement), 'Action') ?? []].flat().map(String);
  const shown = actions.slice(0, 3).join(', ');
  const more = actions.length > 3 ? ` and ${actions.length - 3} more` : '';
  return `${Reflect.get(Object(statement), 'Effect') === 'Deny' ? 'denies' : 'allows'} ${shown}${more}`;
}

function levelled(value: unknown): string {
  if (Array.isArray(value)) {
    const all = value.map(levelled).sort();
    return all.length === 1 ? all.join() : `[${all.join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(String(value)).replaceAll('\\u0001', CHOSEN_BY_AWS);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${levelled(inner)}`).join(',')}}`;
}
