import type { StackInstanceSummary, StackSet } from '@aws-sdk/client-cloudformation';
import { Failure } from '../failure.ts';
import type { Administrator } from './administrator.ts';

/** The StackSets of the members, in the order that they are deployed in; each is named as its template, and made of it. */
export const setNames = { roles: 'redress-member-roles', rules: 'redress-member-rules' } as const;
export type Part = keyof typeof setNames;
export const parts: readonly Part[] = ['roles', 'rules'];

/** How a stack of a member is, by StackSets. */
type State = 'current' | 'working' | 'outdated' | 'inoperable' | 'suspended';

/** A stack of a member. */
export interface Instance {
  readonly account: string;
  readonly region: string;
  /** The OU that it was deployed with. */
  readonly ou: string;
  readonly state: State;
  /** AWS's words for that. */
  readonly reason: string;
  /** Whether a drift detection saw that its resources were changed. */
  readonly isDrifted: boolean;
  /** The operation that touched it last. */
  readonly operation: string;
}

/** A StackSet as it stands. */
export interface Standing {
  readonly set: StackSet;
  /** The Regions that each OU is deployed to, also where a new account joins it. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
  readonly instances: readonly Instance[];
}

/** Reads a StackSet with all its stacks; undefined where there is none. */
export async function standingOf(admin: Administrator, part: Part): Promise<Standing | undefined> {
  const { sdk } = admin;
  const input = { StackSetName: setNames[part], CallAs: admin.callAs };
  const set = await admin.send(`read the StackSet ${setNames[part]}`, async (client) => {
    try {
      return (await client.send(new sdk.DescribeStackSetCommand(input))).StackSet;
    } catch (error) {
      if (error instanceof Error && error.name === 'StackSetNotFoundException') return undefined;
      throw error;
    }
  });
  if (!set) return undefined;
  if (set.PermissionModel !== 'SERVICE_MANAGED')
    throw new Failure(`The StackSet ${setNames[part]} in ${admin.region} has permissions of its own, so it is not one of Redress.`, {
      next: 'Rename or delete it; `redress org deploy` makes one that Organizations manages.',
    });
  const targets = await every((NextToken) =>
    admin.send(`list the OUs of ${setNames[part]}`, async (client) =>
      client.send(new sdk.ListStackSetAutoDeploymentTargetsCommand({ ...input, ...NextToken, MaxResults: PAGE })),
    ),
  );
  const instances = await every((NextToken) =>
    admin.send(`list the stacks of ${setNames[part]}`, async (client) =>
      client.send(new sdk.ListStackInstancesCommand({ ...input, ...NextToken, MaxResults: PAGE })),
    ),
  );
  const found = instances.map(instanceOf);
  // also what somebody has taken out of automatic deployment
  const places = [
    ...targets.flatMap(({ OrganizationalUnitId = '', Regions = [] }) => Regions.map((region) => ({ ou: OrganizationalUnitId, region }))),
    ...found,
  ];
  const regions = ([ou, all]: [string, { region: string }[]]) => [ou, [...new Set(all.map(({ region }) => region))]] as const;
  return { set, targets: new Map([...Map.groupBy(places, ({ ou }) => ou)].map(regions)), instances: found };
}

/** The operations that have not ended, the oldest first. */
export async function unfinished(admin: Administrator, part: Part): Promise<string[]> {
  const { sdk, callAs } = admin;
  // the newest are on the first page, and one that began before a hundred others has ended
  const input = { StackSetName: setNames[part], CallAs: callAs, MaxResults: PAGE };
  const { Summaries = [] } = await admin.send(`list the operations of ${setNames[part]}`, (client) =>
    client.send(new sdk.ListStackSetOperationsCommand(input)),
  );
  return Summaries.toReversed().flatMap(({ OperationId, Status = '' }) => (OperationId && isUnfinished(Status) ? [OperationId] : []));
}

/** Whether an operation goes on. */
export function isUnfinished(status: string): boolean {
  return /^(RUNNING|QUEUED|STOPPING)$/.test(status);
}

/** The most that one page of StackSets holds. */
export const PAGE = 100;

/** What all pages of a list hold. */
export async function every<Item>(
  page: (from: { NextToken?: string }) => Promise<{ Summaries?: Item[] | undefined; NextToken?: string | undefined }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let from: { NextToken?: string } = {};
  for (;;) {
    const { Summaries = [], NextToken } = await page(from);
    all.push(...Summaries);
    if (!NextToken) return all;
    from = { NextToken };
  }
}

function instanceOf(summary: StackInstanceSummary): Instance {
  const { Account = '', Region = '', OrganizationalUnitId = '', StatusReason = '', DriftStatus, LastOperationId = '' } = summary;
  return {
    account: Account,
    region: Region,
    ou: OrganizationalUnitId,
    state: stateOf(summary),
    reason: StatusReason,
    isDrifted: DriftStatus === 'DRIFTED',
    operation: LastOperationId,
  };
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackInstanceComprehensiveStatus.html
function stateOf({ Status, StackInstanceStatus }: StackInstanceSummary): State {
  const detail = StackInstanceStatus?.DetailedStatus ?? 'SUCCEEDED';
  if (detail === 'SKIPPED_SUSPENDED_ACCOUNT') return 'suspended';
  if (detail === 'PENDING' || detail === 'RUNNING') return 'working';
  if (Status === 'INOPERABLE' && detail !== 'FAILED_IMPORT') return 'inoperable';
  return Status === 'CURRENT' && detail === 'SUCCEEDED' ? 'current' : 'outdated';
}
