import type { AthenaClient, TableMetadata } from '@aws-sdk/client-athena';
import { plainLines } from '#shared/finding/text.ts';
import { clientConfig, type Where } from '../deployment.ts';
import { Failure, trying } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import type { LogFile } from './files.ts';
import type { Selection } from './reading.ts';
import type { Rule } from './rule-book.ts';
import { objectsBelow, S3, s3Client } from './s3.ts';
import { prefilter, query, selected, text } from './sql.ts';

/** What stands for a table that is not named, as AWS's own examples call it. */
export const TABLE = 'default.cloudtrail_logs';

/** Which table a replay asks, in which workgroup, and whether it runs without a question. */
export interface AthenaOptions {
  readonly table: string;
  readonly workgroup: string;
  readonly yes?: true;
}

/** Columns without which a table is none of CloudTrail's. */
const NEEDED = ['eventname', 'eventsource', 'eventtime', 'eventtype', 'useridentity', 'errorcode', 'awsregion', 'recipientaccountid'];
/** Athena takes no longer query, in bytes. https://docs.aws.amazon.com/athena/latest/ug/service-limits.html */
const LONGEST = 262_144;
/** So many objects are added up for the estimate. */
const MEASURED = 100_000;
const TB = 2 ** 40;
/** Scanning a terabyte, in USD in us-east-1; a query costs at least 10 MB. https://aws.amazon.com/athena/pricing/ */
const TERABYTE = 5;
const DAY_MS = 86_400_000;

/** A table's name as the SQL takes it; throws `Failure` for what is none. */
export function tableName(name: string): string {
  if (/^\w+\.\w+$/.test(name)) return name.toLowerCase();
  throw new Failure(`--athena ${name} is not DATABASE.TABLE.`, { exitCode: 2 });
}

/** The query without what only the table itself tells: its partitions. */
export function printedQuery(table: string, rules: readonly Rule[], selection: Selection): string {
  return query(table, [...selected(selection), prefilter(rules)]);
}

/** The files in which something may match, by a query that is shown and asked about before it runs. */
export async function filesByAthena(
  { table, workgroup, yes }: AthenaOptions,
  rules: readonly Rule[],
  selection: Selection,
  { terminal, where, pause = wait }: { terminal: Terminal; where: Where; pause?: (ms: number) => Promise<void> },
): Promise<readonly LogFile[]> {
  const { AthenaClient, StartQueryExecutionCommand, StopQueryExecutionCommand } = await import('@aws-sdk/client-athena');
  const client = new AthenaClient(clientConfig(where));
  const described = await describe(client, table);
  const partitions = partitionsOf(described, selection);
  const sql = query(table, [...partitions, ...selected(selection), prefilter(rules, (column) => columnsOf(described).includes(column))]);
  if (Buffer.byteLength(sql) > LONGEST)
    throw new Failure('The query is longer than Athena takes.', { next: 'Choose some controls with --control.' });
  const output = await outputOf(client, workgroup);
  const estimate = await scanOf(described, partitions.length > 0 ? selection : { isStrict: false }, where);
  for (const line of [sql, '', `Athena would scan ${estimate}.`, `It would keep the result, a list of files, ${output}.`])
    terminal.err(plainLines(line));
  if (!yes) {
    if (!terminal.confirm) throw new Failure('Nobody can be asked here whether to run it.', { next: 'Run it with --yes.', exitCode: 2 });
    if (!(await terminal.confirm('Run this query'))) throw new Failure('Nothing was run.');
  }
  const [Database = ''] = table.split('.');
  const { QueryExecutionId = '' } = await trying('start the query', () =>
    client.send(new StartQueryExecutionCommand({ QueryString: sql, QueryExecutionContext: { Database }, WorkGroup: workgroup })),
  );
  try {
    await finished(client, QueryExecutionId, terminal, pause);
  } catch (error) {
    await client.send(new StopQueryExecutionCommand({ QueryExecutionId })).catch(() => undefined);
    throw error;
  }
  return await resultOf(client, QueryExecutionId);
}

async function describe(client: AthenaClient, table: string): Promise<TableMetadata> {
  const { GetTableMetadataCommand } = await import('@aws-sdk/client-athena');
  const [DatabaseName = '', TableName = ''] = table.split('.');
  const { TableMetadata = { Name: TableName } } = await trying(`look at the table ${table}`, () =>
    client.send(new GetTableMetadataCommand({ CatalogName: 'AwsDataCatalog', DatabaseName, TableName })),
  );
  const names = columnsOf(TableMetadata);
  const missing = NEEDED.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new Failure(`${table} is not a table of CloudTrail's records: it has no ${missing.join(', ')}.`, {
      next: 'Create one: https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table.html',
    });
  return TableMetadata;
}

function columnsOf({ Columns = [], PartitionKeys = [] }: TableMetadata): readonly string[] {
  return [...Columns, ...PartitionKeys].map(({ Name = '' }) => Name.toLowerCase());
}

/** Where a workgroup keeps its results; throws `Failure` where it is set nowhere. */
async function outputOf(client: AthenaClient, workgroup: string): Promise<string> {
  const { GetWorkGroupCommand } = await import('@aws-sdk/client-athena');
  const { WorkGroup } = await trying(`look at the workgroup ${workgroup}`, () =>
    client.send(new GetWorkGroupCommand({ WorkGroup: workgroup })),
  );
  const { ManagedQueryResultsConfiguration, ResultConfiguration } = WorkGroup?.Configuration ?? {};
  if (ManagedQueryResultsConfiguration?.Enabled) return 'in Athena itself for 24 hours';
  if (ResultConfiguration?.OutputLocation) return `in ${ResultConfiguration.OutputLocation}`;
  throw new Failure(`The workgroup ${workgroup} says no place for results.`, {
    next: 'Set one in the workgroup, or name another with --workgroup.',
  });
}

/** What narrows the scan, of the partitions that AWS's own examples have. */
function partitionsOf({ PartitionKeys = [], Parameters = {} }: TableMetadata, { since, until }: Selection): string[] {
  const day = PartitionKeys.map(({ Name = '' }) => Name).find((name) => /^(?:timestamp|date|dt|day)$/.test(name));
  if (day === undefined || Parameters[`projection.${day}.format`] !== 'yyyy/MM/dd') return [];
  const named = (time: number) => text(new Date(time).toISOString().slice(0, 10).replaceAll('-', '/'));
  // a file lies under the day on which it was written, which may be the one after
  return [
    ...(since === undefined ? [] : [`"${day}" >= ${named(since - DAY_MS)}`]),
    ...(until === undefined ? [] : [`"${day}" <= ${named(until + DAY_MS)}`]),
  ];
}

/** How much would be scanned, and what that costs: Athena reads each file whole. */
async function scanOf({ Parameters = {} }: TableMetadata, selection: Selection, where: Where): Promise<string> {
  const { location = '' } = Parameters;
  if (!location.startsWith(S3)) return 'as much as the table holds; where its files are is not known';
  let bytes = 0;
  let count = 0;
  for await (const { size } of objectsBelow(await s3Client(where), location.replace(/\/?$/, '/'), selection)) {
    bytes += size;
    count += 1;
    if (count >= MEASURED) break;
  }
  const least = count >= MEASURED ? 'at least ' : 'about ';
  const usd = (Math.max(bytes, 10 * 2 ** 20) / TB) * TERABYTE;
  return `${least}${(bytes / 2 ** 30).toFixed(2)} GB in ${count} files, for ${least}${usd < 0.01 ? 'less than 0.01' : usd.toFixed(2)} USD at list prices in us-east-1`;
}

async function finished(
  client: AthenaClient,
  QueryExecutionId: string,
  terminal: Terminal,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  const { GetQueryExecutionCommand } = await import('@aws-sdk/client-athena');
  for (;;) {
    const { QueryExecution } = await trying('ask how the query is', () => client.send(new GetQueryExecutionCommand({ QueryExecutionId })));
    const { State, StateChangeReason = 'no reason is given' } = QueryExecution?.Status ?? {};
    const { DataScannedInBytes = 0 } = QueryExecution?.Statistics ?? {};
    if (State === 'SUCCEEDED') return terminal.progress();
    if (State === 'FAILED' || State === 'CANCELLED') throw new Failure(`The query ended as ${State}: ${StateChangeReason}`);
    terminal.progress(`Athena: ${(DataScannedInBytes / 2 ** 30).toFixed(2)} GB scanned …`);
    await pause(1000);
  }
}

async function resultOf(client: AthenaClient, QueryExecutionId: string): Promise<LogFile[]> {
  const { paginateGetQueryResults } = await import('@aws-sdk/client-athena');
  return await trying('read the result of the query', async () => {
    const files: LogFile[] = [];
    for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId }))
      for (const { Data = [] } of ResultSet?.Rows ?? []) {
        const path = Data[0]?.VarCharValue;
        // the first row of all is the head
        if (path?.startsWith(S3)) files.push({ path, size: 0, isPlain: true });
      }
    return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  });
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
