import { ALERTS, functionOf, wakeOf } from '#shared/finding/names.ts';
import { isHubs, placesOf } from './plan.ts';
import { type Instance, type Part, setNames } from './stack-sets.ts';
import type { Standings, Wants } from './survey.ts';

/** A member's Region that sends nothing to the hub, or where the hub cannot act. */
interface Silent {
  readonly account: string;
  readonly region: string;
  readonly part: Part;
  readonly state: Exclude<Instance['state'], 'current'> | 'missing' | 'changed';
  /** AWS's words where it has any, else ours. */
  readonly reason: string;
  readonly next: string;
}

/** What StackSets say of all members. */
export interface Census {
  /** How many members' Regions StackSets should serve. */
  readonly places: number;
  readonly silent: readonly Silent[];
  /** Accounts that have stacks, and are not in the config: the hub refuses their events, or they join it by them. */
  readonly unlisted: readonly string[];
  readonly mayJoin: boolean;
  readonly byHand: Wants['byHand'];
  readonly management: string | undefined;
}

/** Compares the members of the config with the stacks that there are. */
export function census({ rules, hub, byHand, management, mayJoin }: Wants, standing: Standings): Census {
  const ofRoles = Map.groupBy(standing.roles?.instances ?? [], ({ account }) => account);
  const ofRules = Map.groupBy(standing.rules?.instances ?? [], ({ account, region }) => `${account} ${region}`);
  const listed = new Set([hub.account, ...rules.targets.flatMap(({ accounts }) => accounts)]);
  const instances = [...(standing.roles?.instances ?? []), ...(standing.rules?.instances ?? [])];
  const strays = new Map(instances.flatMap(({ account, ou }) => (listed.has(account) ? [] : [[account, ou] as const])));
  const joining = rules.targets.map((target) => ({
    ...target,
    accounts: [...strays].flatMap(([one, ou]) => (ou === target.id ? [one] : [])),
  }));
  const places = [...rules.targets, ...(mayJoin ? joining : [])]
    .flatMap(placesOf)
    .filter(({ account, region }) => !isHubs(rules, account, region));
  const silent = places.flatMap(({ account, region, ou }): Silent[] => {
    const trouble = troubleOf('roles', ofRoles.get(account)?.[0]) ?? troubleOf('rules', ofRules.get(`${account} ${region}`)?.[0]);
    return trouble
      ? [
          {
            account,
            region,
            ...trouble,
            next: trouble.next.replaceAll('{account}', account).replaceAll('{region}', region).replaceAll('{ou}', ou),
          },
        ]
      : [];
  });
  return { places: places.length, silent, unlisted: [...strays.keys()].toSorted(), mayJoin, byHand, management };
}

type Trouble = Pick<Silent, 'part' | 'state' | 'reason' | 'next'>;

function troubleOf(part: Part, instance: Instance | undefined): Trouble | undefined {
  if (!instance)
    return {
      part,
      state: 'missing',
      reason: 'StackSets have no stack for it.',
      next: 'See that AWS has {account} in {ou} and that the account is active; correct the config if it has moved. Then run `redress org deploy` again.',
    };
  const { state, reason, isDrifted } = instance;
  if (state !== 'current') return { part, state, reason: reason || 'AWS does not say why.', next: nextFor(part, instance) };
  if (!isDrifted) return undefined;
  const what = part === 'roles' ? 'a role was changed' : 'a rule was changed or switched off';
  return {
    part,
    state: 'changed',
    reason: `A drift detection saw that the stack is not as it was deployed: ${what}.`,
    next: `Look at what it is with \`aws cloudformation describe-stack-resource-drifts\` in {account}, and put it back. The policy in docs/organizations.md prevents it.`,
  };
}

/** What a person does about a stack that is not as its set is. */
function nextFor(part: Part, { state, reason }: Instance): string {
  const again = 'then run `redress org deploy` again; it touches only what is not up to date.';
  if (state === 'working') return 'It is being deployed: run `redress org deploy` to wait for it.';
  if (state === 'suspended') return 'The account is suspended: remove it from the config, or reopen it.';
  if (state === 'inoperable')
    return `StackSets do not touch it any more: take it out with \`aws cloudformation delete-stack-instances --stack-set-name ${setNames[part]} --retain-stacks --deployment-targets OrganizationalUnitIds={ou},Accounts={account},AccountFilterType=INTERSECTION …\`, delete its stack in {account}, ${again}`;
  return `${causes.find(([words]) => words.test(reason))?.[1] ?? 'Repair what AWS names'}; ${again}`;
}

/** What AWS's words mean here; the first that fits. */
const causes: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(`${wakeOf(functionOf(ALERTS))}\\b.*already exists`, 'is'),
    'A standalone stack of Redress runs there, so the hub does not serve that Region: move it with `redress org adopt {account}/{region}`, and delete it',
  ],
  [
    /already exists/i,
    'Something of that name is in {account} already: remove it, or the stack that made it (StackSets of another Region, or a deployment by hand)',
  ],
  [/cancel|failure tolerance/i, 'It was not tried, for too many others failed: repair those, or raise --failure-tolerance'],
  [
    /denied|not authorized|service control policy/i,
    'A policy of the organization stops the role that StackSets use in {account}: exempt `role/stacksets-exec-*` from it',
  ],
  [
    /security token|region.*(disabled|not enabled|opt)|not subscribed/i,
    'The Region is off in {account}: enable it, or take it out of the config',
  ],
  [/limit|quota/i, 'A quota of {account} is used up: raise it'],
];
