import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { withDefaultModes } from '#shared/finding/config.ts';
import { readObject } from '../../../cli/replay/events.ts';
import { type Rule, RuleBook } from '../../../cli/replay/rule-book.ts';
import { rulesOf } from '../../../cli/replay/rules.ts';
import { prefilter, query, selected } from '../../../cli/replay/sql.ts';
import { controlsOf, discoverFunctions } from '../../../infra/catalog.ts';
import { ec2Record } from './reads.ts';

const functions = await discoverFunctions();
const controls = controlsOf(functions);
const calls = { ec2: ['CreateVolume'] };
// controls that find nothing under the defaults have no rule
const settings = { 'call-transport': { fips: true }, 'calls-with-mfa': { calls } };
const rules = rulesOf(controls, functions, withDefaultModes({ controls: settings }, controls));
const detailOf = (text: string): object => JSON.parse(text);

/** Real records, where they are beside the checkout. */
const recorded = ['records', 'relatives', 'more']
  .map((name) => `../shared/cloudtrail/${name}`)
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((file) => detailOf(readFileSync(`${folder}/${file}`, 'utf8'))));

const identities = [
  {
    type: 'IAMUser',
    userName: 'dana',
    accountId: '111122223333',
    accessKeyId: 'AKIA1',
    arn: 'arn:aws:iam::111122223333:user/dana',
  },
  { type: 'Root', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
  { type: 'Root', accountId: '111122223333', invokedBy: 'signin.amazonaws.com' },
  { type: 'AWSService', invokedBy: 'AWS Internal' },
  { type: 'AssumedRole', sessionContext: { attributes: { mfaAuthenticated: 'false' } } },
];
const texts = (key: string): string[] => [
  ...new Set(
    JSON.stringify(rules)
      .match(new RegExp(`"${key}":\\[("[^\\]]*")\\]`, 'g'))
      ?.flatMap((all) => JSON.parse(`{${all}}`)[key]) ?? [],
  ),
];

/** Every call that a rule names, of every service that one names, by several callers; and what differs from each in one thing. */
const made = texts('eventName').flatMap((eventName, n): object[] => {
  const eventSources = texts('eventSource');
  const variants = [{}, { errorCode: 'AccessDenied' }, { eventType: 'AwsConsoleAction' }, { eventType: undefined }, { readOnly: true }];
  return eventSources.flatMap((eventSource, at) =>
    variants.map((more, variant) =>
      ec2Record(eventName, {
        eventSource,
        userIdentity: identities[(n + at + variant) % identities.length],
        tlsDetails: { tlsVersion: variant === 0 ? 'TLSv1.1' : 'TLSv1.3', clientProvidedHostHeader: 'ec2.us-east-1.amazonaws.com' },
        ...more,
      }),
    ),
  );
});
const others = ['DescribeVolumes', 'GetSessionToken', 'ListUsers', 'ConsoleLogin', 'Decrypt'].flatMap((eventName) =>
  identities.map((userIdentity) =>
    ec2Record(eventName, {
      userIdentity,
      ...(eventName === 'ConsoleLogin' && { eventSource: 'signin.amazonaws.com', eventType: 'AwsConsoleSignIn' }),
    }),
  ),
);
const records = [...recorded, ...made, ...others].map((record, n) => ({ ...record, eventID: `e-${n}` }));

/** A record as the table's reader gives it: names in lower case, and what may hold anything as text. */
function row(record: object): object {
  const asText = ['requestparameters', 'responseelements', 'additionaleventdata', 'serviceeventdetails', 'resources'];
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => {
      const name = key.toLowerCase();
      return [name, asText.includes(name) ? JSON.stringify(value) : lowered(value)];
    }),
  );
}

function lowered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lowered(inner)]));
}

const columns = `{eventid: 'VARCHAR', eventname: 'VARCHAR', eventsource: 'VARCHAR', eventtype: 'VARCHAR', errorcode: 'VARCHAR', awsregion: 'VARCHAR',
  eventtime: 'VARCHAR', recipientaccountid: 'VARCHAR', tlsdetails: 'STRUCT(tlsversion VARCHAR)', useridentity: 'STRUCT(type VARCHAR, invokedby VARCHAR,
  username VARCHAR, accesskeyid VARCHAR, sessioncontext STRUCT(attributes STRUCT(mfaauthenticated VARCHAR)))'}`;

/** Asks a table of records which of them pass conditions, by the ids of their events. */
async function askingTable(
  of: readonly object[],
  ask: (ids: (condition: string) => Promise<ReadonlySet<string>>) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'redress-sql-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const file = join(folder, 'rows.json');
    await writeFile(file, of.map((one) => JSON.stringify(row(one))).join('\n'));
    await connection.run(`CREATE TABLE t AS SELECT * FROM read_json('${file}', format = 'newline_delimited', columns = ${columns})`);
    await ask(async (condition) => {
      const read = await connection.runAndReadAll(`SELECT eventid FROM t WHERE ${condition}`);
      return new Set(read.getRows().map(([id]) => String(id)));
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}

function matched(of: readonly { readonly eventID: string }[], wanted: readonly Rule[]): readonly string[] {
  const book = new RuleBook(wanted);
  return of.flatMap((record) => {
    const read = readObject(record);
    return read.is === 'event' && book.controlsFor(read.event).length > 0 ? [record.eventID] : [];
  });
}

describe('the SQL of a rule', () => {
  test('passes every record that the matcher takes, and keeps out most others', async () => {
    await askingTable(records, async (ids) => {
      for (const rule of rules) {
        const passed = await ids(prefilter([rule]));
        expect({ rule: rule.control, missing: matched(records, [rule]).filter((id) => !passed.has(id)) }).toEqual({
          rule: rule.control,
          missing: [],
        });
      }
      const all = await ids(prefilter(rules));
      const wanted = matched(records, rules);
      expect(wanted.filter((id) => !all.has(id))).toEqual([]);
      expect(wanted.length).toBeGreaterThan(100);
      // one rule, on calls of one service, passes few of the calls of all
      const one = await ids(prefilter(rules.filter(({ control }) => control === 'volume-encrypted')));
      expect(one.size).toBeLessThan(records.length / 20);
      expect((await ids('TRUE')).size).toBe(records.length);
    });
  });

  test('narrows by time, account and Region as a replay does', async () => {
    const some = [
      ec2Record('CreateVolume', { eventID: 'first', eventTime: '2027-01-30T11:59:59Z' }),
      ec2Record('CreateVolume', { eventID: 'in' }),
      ec2Record('CreateVolume', { eventID: 'last', eventTime: '2027-01-30T13:00:00Z' }),
      ec2Record('CreateVolume', { eventID: 'elsewhere', awsRegion: 'us-east-1' }),
      ec2Record('CreateVolume', { eventID: 'other', recipientAccountId: '444455556666' }),
      ec2Record('CreateVolume', { eventID: 'old', recipientAccountId: undefined }),
    ];
    const since = Date.parse('2027-01-30T12:00:00Z');
    const conditions = selected({ since, until: since + 3_600_000, account: '111122223333', region: 'eu-west-1', isStrict: false });
    await askingTable(some, async (ids) => {
      expect(await ids(conditions.join(' AND '))).toEqual(new Set(['in', 'old']));
    });
    expect(query('logs.trail', ['a = 1', 'b\nOR c'])).toBe(
      'SELECT DISTINCT "$path"\nFROM "logs"."trail"\nWHERE a = 1\n  AND (\n    b\nOR c\n  )',
    );
  });

  test.each<[string, Rule['pattern'], readonly string[]]>([
    ['a quote', { detail: { eventName: ["a'b"] } }, ["a'b"]],
    ['a prefix with a wildcard of LIKE', { detail: { eventName: [{ prefix: 'a_' }] } }, ['a_c', 'a_']],
    ['a suffix', { detail: { eventName: [{ suffix: '%' }] } }, ['c%']],
    [
      'what is left out',
      { detail: { eventName: [{ 'anything-but': 'a_c' }], errorCode: [{ exists: false }] } },
      ["a'b", 'a_c', 'abc', 'a_', 'c%'],
    ],
    ['what rules get by place', { detail: { eventName: ['{region}'] } }, ["a'b", 'a_c', 'abc', 'a_', 'c%']],
    ['no record', { 'detail-type': ['EC2 AMI State Change'] }, []],
  ])('says %s', async (_name, pattern, names) => {
    const some = ["a'b", 'a_c', 'abc', 'a_', 'c%'].map((name) => ec2Record(name, { eventID: name }));
    await askingTable(some, async (ids) => {
      expect(await ids(prefilter([{ control: 'c', pattern }]))).toEqual(new Set(names));
    });
  });

  test('asks for no column that a table lacks', () => {
    const pattern = { detail: { tlsDetails: { tlsVersion: ['TLSv1'] } } };
    expect(prefilter([{ control: 'c', pattern }])).toContain("tlsdetails.tlsversion = 'TLSv1'");
    expect(prefilter([{ control: 'c', pattern }], () => false)).not.toContain('tlsdetails');
  });
});
