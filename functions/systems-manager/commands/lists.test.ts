import { expect, test } from 'vitest';
import { messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { runsWorld } from '../../../test/support/commands/world.ts';
import { Harness, place } from '../../../test/support/harness.ts';
import { readerOver } from '../../../test/support/reading.ts';
import noSecrets from './command-no-secrets.ts';
import outputKnown from './command-output-known.ts';
import { SCRIPT_LOG, SCRIPT_LOG_ID } from './ids.ts';
import { commands } from './kind.ts';
import { allRuns } from './lists.ts';

const now = new Date('2026-11-21T09:00:00Z');
const since = '2026-11-20T00:00:00Z';
type Asked = { readonly NextToken?: string };
const paged =
  (name: string, first: object[], second: object[]) =>
  ({ NextToken }: Asked) =>
    NextToken === undefined ? { [name]: first, NextToken: 'to ken' } : { [name]: second };
const answers = {
  'ssm:ListAssociations': paged('Associations', [{ AssociationId: 'a-1' }, {}], [{ AssociationId: 'a-2' }]),
  'ssm:DescribeMaintenanceWindows': () => ({ WindowIdentities: [{ WindowId: 'mw-1' }, {}] }),
  'ssm:DescribeMaintenanceWindowTasks': paged('Tasks', [{ WindowTaskId: 't-1' }], [{ WindowTaskId: 't-2' }, {}]),
  'ssm:ListCommands': paged('Commands', [{ CommandId: 'c-1' }], [{}]),
  'ssm:DescribeAutomationExecutions': () => ({ AutomationExecutionMetadataList: [{ AutomationExecutionId: 'e-1' }, {}] }),
};

test('a sweep goes through list after list, page by page, and of what was run asks for the last days', async () => {
  const { read, sent } = readerOver(answers);
  const parts: string[][] = [];
  let from: string | undefined;
  do {
    const { items, next } = await allRuns(read, now, from);
    parts.push([...items]);
    from = next;
  } while (from !== undefined);
  expect(parts).toEqual([
    ['association/a-1'],
    ['association/a-2'],
    ['windowtask/mw-1/t-1', 'windowtask/mw-1/t-2'],
    ['c-1'],
    [],
    ['automation-execution/e-1'],
  ]);
  const asked = (action: string) => sent.flatMap(([one, input]) => (one === action ? [input] : []));
  expect(sent.every(([, input]) => Reflect.get(input, 'MaxResults') === 50)).toBe(true);
  const Filters = [{ key: 'InvokedAfter', value: since }];
  expect(asked('ssm:ListCommands')).toEqual([
    { MaxResults: 50, Filters },
    { MaxResults: 50, Filters, NextToken: 'to ken' },
  ]);
  expect(asked('ssm:DescribeAutomationExecutions')).toMatchObject([{ Filters: [{ Key: 'StartTimeAfter', Values: [since] }] }]);
  await expect(allRuns(read, now, 'nothing')).rejects.toThrow('no list of what runs is called nothing');
});

test('the kind lists by the clock where nobody gives a time, and the log of scripts comes first where output is judged', async () => {
  const { read } = readerOver(answers);
  expect(await commands.list(read, place)).toEqual({ items: ['association/a-1'], next: 'associations to ken' });
  const context = { ...place, now, settings: { knownBuckets: [] }, modeOf: () => 'off' as const };
  const idsFrom = async (from?: string) => (await outputKnown.list(read, context, from)).items.map(({ id }) => id);
  expect(await idsFrom()).toEqual([SCRIPT_LOG_ID, 'association/a-1']);
  expect(await idsFrom('associations to ken')).toEqual(['association/a-2']);
});

test('two sweeps in one batch share what they read, and each reads what it may', async () => {
  const world = runsWorld({ commands: { 'c-1': {} }, settings: { [SCRIPT_LOG]: 'CloudWatch' } });
  const harness = new Harness({ controls: [noSecrets, outputKnown], world });
  for (const { id } of [noSecrets, outputKnown]) harness.put(messageFor(id, { ...scheduled(), id: `sweep-${id}` }));
  await harness.settle();
  expect((await harness.findings()).map(({ control, resource }) => [control, resource.id])).toEqual([[outputKnown.id, SCRIPT_LOG_ID]]);
  expect(harness.dead).toEqual([]);
});
