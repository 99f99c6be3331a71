import type { AnyControl } from '#shared/control/control.ts';
import { hearsItself } from '#shared/control/own.ts';
import { functionOf, HUB_BUS } from '#shared/finding/names.ts';
import { pascal } from './ids.ts';
import type { RuleProps } from './rules.ts';

/** A rule that has several controls of a function look at everything. */
export interface SweepRule {
  /** Its id in the template. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** How often; absent where a deployment alone asks for it. */
  readonly every?: AnyControl['sweep']['every'];
  readonly head: Extract<RuleProps['head'], { readonly controls: unknown }>;
}

/** What a function is and does, as far as its sweeps are concerned. */
interface Sweeping {
  readonly id: string;
  readonly controls: readonly Pick<AnyControl, 'id' | 'sweep' | 'triggers'>[];
}

/** The rules that have a function look at its own place: one for each period, and one for deployments if a control asks for it. */
export function sweepsHere({ id, controls }: Sweeping): readonly SweepRule[] {
  const name = functionOf(id);
  const atDeployment = controls.filter(({ sweep }) => sweep.atDeployment);
  return [
    ...byPeriod(controls).map(([every, some]) => ({
      id: `SweepEvery${pascal(dashed(every))}`,
      name: `${name}-sweep-${dashed(every)}`,
      description: `${id}: everything, once in ${every}.`,
      every,
      head: { controls: idsOf(some) },
    })),
    ...(atDeployment.length > 0
      ? [
          {
            id: 'Deployed',
            name: `${name}-deployed`,
            description: `${id}: everything that cannot wait, when Redress is deployed.`,
            head: { controls: idsOf(atDeployment) },
          },
        ]
      : []),
  ];
}

/** The rules that have a function of a hub look at its members: one for each period. */
export function sweepsOfMembers(fn: Sweeping): readonly (SweepRule & { readonly every: string })[] {
  return byPeriod(inMembers(fn)).map(([every, some]) => ({
    id: `SweepOfMembersEvery${pascal(dashed(every))}`,
    name: `${functionOf(fn.id)}-members-${dashed(every)}`,
    description: `${fn.id}: all members, once in ${every} and when Redress is deployed.`,
    every,
    head: { controls: idsOf(some), isOfMembers: true },
  }));
}

/** The rule on the bus of the members that has a member looked at when its stack is deployed; undefined where nothing looks there. */
export function sweepOfNewMember(fn: Sweeping): SweepRule | undefined {
  const controls = idsOf(inMembers(fn));
  if (controls.length === 0) return undefined;
  return {
    id: 'DeployedInMembers',
    name: `${functionOf(fn.id)}-deployed`,
    description: `${fn.id}: a member in whole, when its stack is deployed.`,
    head: { controls },
  };
}

/** What the messages of such rules say beside the event, by what their ARNs say after `rule/`. */
export function headsOfSweeps(functions: readonly Sweeping[]): ReadonlyMap<string, SweepRule['head']> {
  return new Map(
    functions.flatMap((fn) => {
      const ofNew = sweepOfNewMember(fn);
      const onDefault = [...sweepsHere(fn), ...sweepsOfMembers(fn)].map(({ name, head }) => [name, head] as const);
      return [...onDefault, ...(ofNew ? [[`${HUB_BUS}/${ofNew.name}`, ofNew.head] as const] : [])];
    }),
  );
}

/** The controls that look at members: what listens to itself does so in the hub alone. */
export function inMembers<Control extends Pick<AnyControl, 'triggers'>>({
  controls,
}: {
  readonly controls: readonly Control[];
}): Control[] {
  return controls.filter((control) => !hearsItself(control));
}

function byPeriod<Control extends Pick<AnyControl, 'sweep'>>(controls: readonly Control[]) {
  return [...Map.groupBy(controls, ({ sweep }) => sweep.every)];
}

function idsOf(controls: Sweeping['controls']): string[] {
  return controls.map(({ id }) => id);
}

function dashed(every: string): string {
  return every.replace(' ', '-');
}
