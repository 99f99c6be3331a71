import {
  DescribeAutomationExecutionsCommand,
  DescribeMaintenanceWindowsCommand,
  DescribeMaintenanceWindowTasksCommand,
  ListAssociationsCommand,
  ListCommandsCommand,
} from '@aws-sdk/client-ssm';
import { onePage, pages, partOf } from '#shared/aws/pages.ts';
import type { Part, Permission, Reader } from '#shared/control/types.ts';
import { associationId, executionId, taskId } from './ids.ts';

type List = (read: Reader, since: string, from: string | undefined) => Promise<Part<string>>;

const MaxResults = 50;

/** What a sweep takes beside what reads one. */
export const listReads: readonly Permission[] = [
  'ListAssociations',
  'DescribeMaintenanceWindows',
  'DescribeMaintenanceWindowTasks',
  'DescribeAutomationExecutions',
].map((name) => ({ action: `ssm:${name}` }));

/** What stands until somebody removes it, and what was run. */
const lists: { readonly [name: string]: List } = {
  associations: async (read, _since, from) => {
    const page = await onePage(
      read,
      (token) => new ListAssociationsCommand({ MaxResults, ...token }),
      ({ Associations }) => Associations,
      from,
    );
    return partOf(page, ({ AssociationId }) => (AssociationId ? associationId(AssociationId) : []));
  },
  tasks: async (read, _since, from) => {
    const { items, ...rest } = await onePage(
      read,
      (token) => new DescribeMaintenanceWindowsCommand({ MaxResults, ...token }),
      ({ WindowIdentities }) => WindowIdentities,
      from,
    );
    const found = await Promise.all(items.map(({ WindowId }) => (WindowId ? tasksOf(WindowId, read) : [])));
    return { ...rest, items: found.flat() };
  },
  commands: async (read, value, from) => {
    const page = await onePage(
      read,
      (token) => new ListCommandsCommand({ MaxResults, Filters: [{ key: 'InvokedAfter', value }], ...token }),
      ({ Commands }) => Commands,
      from,
    );
    return partOf(page, ({ CommandId }) => CommandId ?? []);
  },
  executions: async (read, since, from) => {
    const page = await onePage(
      read,
      (token) => new DescribeAutomationExecutionsCommand({ MaxResults, Filters: [{ Key: 'StartTimeAfter', Values: [since] }], ...token }),
      ({ AutomationExecutionMetadataList }) => AutomationExecutionMetadataList,
      from,
    );
    return partOf(page, ({ AutomationExecutionId }) => (AutomationExecutionId ? executionId(AutomationExecutionId) : []));
  },
};

/**
 * One part of everything that runs, list after list. Of what was run it is what came since the day before: a sweep is for what events missed,
 * and what has an open finding it looks at anyway.
 */
export async function allRuns(read: Reader, now: Date, from: string | undefined): Promise<Part<string>> {
  const names = Object.keys(lists);
  const [, name = '', token] = /^(\w+) ?(.*)$/s.exec(from ?? names[0] ?? '') ?? [];
  const yesterday = new Date(now.getTime() - 86_400_000);
  // a page goes on with the filter that the first one had
  const since = `${yesterday.toISOString().slice(0, 10)}T00:00:00Z`;
  const list = lists[name];
  if (!list) throw new TypeError(`no list of what runs is called ${name}`);
  const { items, next } = await list(read, since, token || undefined);
  const following = names[names.indexOf(name) + 1];
  const then = next ? `${name} ${next}` : following;
  return { items, ...(then && { next: then }) };
}

async function tasksOf(WindowId: string, read: Reader): Promise<string[]> {
  const tasks = await pages(
    read,
    (token) => new DescribeMaintenanceWindowTasksCommand({ WindowId, MaxResults, ...token }),
    ({ Tasks }) => Tasks,
  );
  return tasks.flatMap(({ WindowTaskId }) => (WindowTaskId ? [taskId(WindowId, WindowTaskId)] : []));
}
