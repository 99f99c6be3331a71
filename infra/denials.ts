import type { AnyControl, ControlFunction } from '#shared/control/control.ts';
import type { Denial } from '#shared/control/prevention.ts';
import { leavesAt } from '#shared/control/statements.ts';
import { type RedressConfig, settingsEverywhere } from '#shared/finding/config.ts';
import { functionOf, MEMBER_PATH, roleOf } from '#shared/finding/names.ts';
import { hubOf } from '#shared/finding/organization.ts';

/** A denial with its control, made whole: settings filled in, and Redress's own roles left out. */
export interface Whole {
  readonly controls: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: NonNullable<Denial['conditions']>;
}

/** A function whose role holds what its controls write. */
export type Sender = Pick<ControlFunction, 'id' | 'controls'>;

const PLACEHOLDER = /\{settings\.([\w.*]+)\}/;
const PRINCIPAL = 'aws:PrincipalArn';

/** A control's denials under a config; one whose settings have no value for a placeholder would deny too much, and is left out. */
export function wholeDenials(
  control: AnyControl,
  denials: readonly Denial[],
  config: RedressConfig,
  functions: readonly Sender[],
): readonly Whole[] {
  const filled = settingsEverywhere(config, control).flatMap((settings) => denials.flatMap((denial) => fillIn(denial, settings)));
  const different = [...new Map(filled.map((denial) => [JSON.stringify(denial), denial])).values()];
  return different.map(({ actions, resources = ['*'], conditions = {} }) => {
    const roles = rolesThatSend(actions, functions, config);
    return {
      controls: [control.id],
      actions,
      resources,
      conditions: roles.length === 0 ? conditions : { ...conditions, ArnNotLike: { ...conditions['ArnNotLike'], [PRINCIPAL]: roles } },
    };
  });
}

/** The roles of Redress that a denial leaves out. */
export function exemptedBy({ conditions }: Whole): readonly string[] {
  return [conditions['ArnNotLike']?.[PRINCIPAL] ?? []].flat();
}

/** The same denials in fewer statements: what is equal but for its actions, or but for its resources, is one. */
export function joined(denials: readonly Whole[]): readonly Whole[] {
  const byResources = joinBy(denials, ({ resources, conditions }) => [[...resources].sort(), conditions]);
  return joinBy(byResources, ({ actions, conditions }) => [[...actions].sort(), conditions]);
}

function joinBy(denials: readonly Whole[], alike: (denial: Whole) => unknown): Whole[] {
  return [...Map.groupBy(denials, (denial) => JSON.stringify(alike(denial))).values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const all = (of: 'controls' | 'actions' | 'resources') => [...new Set(group.flatMap((denial) => denial[of]))];
    return [{ controls: all('controls'), actions: all('actions'), resources: all('resources'), conditions: first.conditions }];
  });
}

function fillIn(denial: Denial, settings: Record<string, unknown>): Denial[] {
  const text = JSON.stringify(denial);
  const [placeholder, path = ''] = PLACEHOLDER.exec(text) ?? [];
  if (!placeholder) return [denial];
  return leavesAt(settings, path.split('.')).flatMap((value) =>
    fillIn(JSON.parse(text.replaceAll(placeholder, () => JSON.stringify(value).slice(1, -1))), settings),
  );
}

/** The roles of the functions whose fixes may need an action, in every partition, account and Region; under the config of a hub those of its members too. */
function rolesThatSend(actions: readonly string[], functions: readonly Sender[], config: RedressConfig): string[] {
  const hasMembers = hubOf(config) !== undefined;
  const sends = ({ controls }: Sender) =>
    controls.some(({ permissions }) => permissions.writes.some((one) => actions.some((action) => overlap(action, one.action))));
  return functions.filter(sends).flatMap(({ id }) => {
    const inMember = hasMembers ? [`arn:*:iam::*:role${MEMBER_PATH}${functionOf(id)}`] : [];
    return [`arn:*:iam::*:role/${roleOf(id, '*')}`, ...inMember];
  });
}

/** Whether two actions, each of which may end in `*`, can be the same. */
function overlap(one: string, other: string): boolean {
  const [a = '', b = ''] = [one, other].map((action) => action.toLowerCase().replace(/\*.*/, ''));
  return a === b || (one.includes('*') && b.startsWith(a)) || (other.includes('*') && a.startsWith(b));
}
