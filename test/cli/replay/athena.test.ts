import { Readable } from 'node:stream';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  GetWorkGroupCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../../cli/program.ts';
import { keepingTerminal, NOW } from '../world.ts';
import { ec2Record } from './reads.ts';

const columns = ['eventname', 'eventsource', 'eventtime', 'eventtype', 'useridentity', 'errorcode', 'awsregion', 'recipientaccountid'];
let athena: ReturnType<typeof mockClient>;
let s3: ReturnType<typeof mockClient>;

beforeEach(() => {
  athena = mockClient(AthenaClient);
  athena.on(GetTableMetadataCommand).resolves({
    TableMetadata: {
      Name: 'trail',
      Columns: columns.map((Name) => ({ Name })),
      PartitionKeys: [{ Name: 'timestamp' }],
      Parameters: { location: 's3://bucket/AWSLogs', 'projection.timestamp.format': 'yyyy/MM/dd' },
    },
  });
  athena.on(GetWorkGroupCommand).resolves({
    WorkGroup: { Name: 'primary', Configuration: { ResultConfiguration: { OutputLocation: 's3://results/here/' } } },
  });
  athena.on(StartQueryExecutionCommand).resolves({ QueryExecutionId: 'q-1' });
  athena.on(StopQueryExecutionCommand).resolves({});
  athena.on(GetQueryExecutionCommand).resolves({ QueryExecution: { Status: { State: 'SUCCEEDED' } } });
  athena.on(GetQueryResultsCommand).resolves({
    ResultSet: { Rows: [{ Data: [{ VarCharValue: '$path' }] }, { Data: [{ VarCharValue: 's3://bucket/AWSLogs/one.json' }] }] },
  });
  s3 = mockClient(S3Client);
  s3.on(ListObjectsV2Command).resolves({ Contents: [{ Key: 'AWSLogs/one.json', Size: 3 * 2 ** 40 }] });
  const record = ec2Record('CreateVolume', { responseElements: { volumeId: 'vol-1', encrypted: false } });
  s3.on(GetObjectCommand, { Bucket: 'bucket', Key: 'AWSLogs/one.json' }).callsFake(() => ({
    Body: Readable.from([Buffer.from(JSON.stringify(record))]),
  }));
});
afterEach(() => {
  athena.restore();
  s3.restore();
});

async function replayed(args: readonly string[], answer?: boolean) {
  const { terminal, out, err, questions } = keepingTerminal(answer === undefined ? {} : { answer });
  const code = await run(['replay', '--control', 'volume-encrypted', ...args], terminal, () => NOW);
  return { code, out: out.join('\n'), err: err.join('\n'), questions };
}

const started = () => athena.commandCalls(StartQueryExecutionCommand).map(({ args: [{ input }] }) => input);

describe('redress replay --athena', () => {
  test('shows the query, what it costs and where its result is kept; asks; and reads only the files that it names', async () => {
    const { code, out, err, questions } = await replayed(['--athena', 'logs.trail', '--since', '2027-01-30', '--json'], true);
    expect(code).toBe(0);
    expect(questions).toEqual(['Run this query']);
    expect(err).toContain('about 3072.00 GB in 1 files, for about 15.00 USD');
    expect(err).toContain('a list of files, in s3://results/here/.');
    expect(started()).toEqual([
      {
        QueryString: expect.stringMatching(/^SELECT DISTINCT "\$path"\nFROM "logs"."trail"\nWHERE "timestamp" >= '2027\/01\/29'/),
        QueryExecutionContext: { Database: 'logs' },
        WorkGroup: 'primary',
      },
    ]);
    expect(err).toContain(started()[0]?.QueryString);
    expect(out.split('\n').map((line) => JSON.parse(line))).toMatchObject([
      { type: 'match', targets: [{ id: 'vol-1' }] },
      { type: 'summary', files: 1, records: 1 },
    ]);
  });

  test('runs nothing without a yes', async () => {
    expect(await replayed(['--athena', 'logs.trail'], false)).toMatchObject({ code: 1, err: expect.stringContaining('Nothing was run.') });
    expect(await replayed(['--athena', 'logs.trail'])).toMatchObject({ code: 2, err: expect.stringContaining('Run it with --yes.') });
    expect(started()).toEqual([]);
    expect((await replayed(['--athena', 'logs.trail', '--yes'])).code).toBe(0);
    expect(started()).toHaveLength(1);
  });

  test('says why a query ended, and stops it', async () => {
    athena.on(GetQueryExecutionCommand).resolves({ QueryExecution: { Status: { State: 'FAILED', StateChangeReason: 'no such column' } } });
    expect(await replayed(['--athena', 'logs.trail', '--yes'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('The query ended as FAILED: no such column'),
    });
    expect(athena.commandCalls(StopQueryExecutionCommand)).toHaveLength(1);
  });

  test('refuses a table of something else, and a workgroup without a place for results', async () => {
    athena.on(GetWorkGroupCommand).resolves({ WorkGroup: { Name: 'primary' } });
    expect(await replayed(['--athena', 'logs.trail', '--yes'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('says no place for results'),
    });
    athena.on(GetTableMetadataCommand).resolves({ TableMetadata: { Name: 'other', Columns: [{ Name: 'eventname' }] } });
    expect(await replayed(['--athena', 'logs.trail', '--yes'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('it has no eventsource'),
    });
    expect(started()).toEqual([]);
  });

  test('prints the query without asking AWS', async () => {
    const { code, out } = await replayed(['--print-sql', '--athena', 'logs.trail']);
    expect(code).toBe(0);
    expect(out).toMatch(/^SELECT DISTINCT "\$path"\nFROM "logs"."trail"\nWHERE \(/);
    expect(out).toContain("eventname IN ('");
    expect(JSON.parse((await replayed(['--print-sql', '--json'])).out)).toMatchObject({
      type: 'query',
      sql: expect.stringContaining('"default"."cloudtrail_logs"'),
    });
    expect(athena.calls()).toEqual([]);
  });

  test.each([
    [['--athena', 'trail'], 'is not DATABASE.TABLE'],
    [['--athena', 'a.b"; DROP'], 'is not DATABASE.TABLE'],
    [['--athena', 'a.b', 'records'], 'name no files'],
    [[], 'Name what to read'],
  ])('refuses %j', async (args, says) => {
    expect(await replayed(args)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
  });
});
