import { recordTypes } from '#shared/control/detail-types.ts';
import type { Json } from '#shared/control/types.ts';
import { isThing } from '#shared/replay/filters.ts';
import { type Branch, branchesOf, type Field } from '#shared/replay/matcher.ts';
import { delivered, readVerbs } from './events.ts';
import type { Selection } from './reading.ts';
import type { Rule } from './rule-book.ts';

/** What stands for a condition that cannot be said in SQL, or need not be: everything passes it. */
const ANY = undefined;

/**
 * The columns that AWS's tables for CloudTrail have, by the field of a record; a prefilter asks for no others.
 * https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table.html
 */
const columns: { readonly [field: string]: string } = {
  'detail.eventName': 'eventname',
  'detail.eventSource': 'eventsource',
  'detail.eventType': 'eventtype',
  'detail.errorCode': 'errorcode',
  'detail.awsRegion': 'awsregion',
  region: 'awsregion',
  'detail.userIdentity.type': 'useridentity.type',
  'detail.userIdentity.invokedBy': 'useridentity.invokedby',
  'detail.userIdentity.userName': 'useridentity.username',
  'detail.userIdentity.accessKeyId': 'useridentity.accesskeyid',
  'detail.userIdentity.sessionContext.attributes.mfaAuthenticated': 'useridentity.sessioncontext.attributes.mfaauthenticated',
  'detail.tlsDetails.tlsVersion': 'tlsdetails.tlsversion',
};

const SERVICE = '.amazonaws.com';
/** What a rule names by place is filled in for each event. */
const PLACEHOLDER = /\{(?:partition|region|account)\}/;

/** Calls that only read reach no rule, whatever it asks for. */
const NO_READ = `(${readVerbs.map((verb) => `eventname NOT LIKE '${verb}%'`).join(' AND ')} OR eventname IN (${delivered.map(text).join(', ')}) OR eventtype <> 'AwsApiCall')`;

/**
 * The condition under which a row of a CloudTrail table may match a rule: true for every row that does, and for some that do not.
 * Columns that a table lacks are not asked for.
 */
export function prefilter(rules: readonly Rule[], has: (column: string) => boolean = () => true): string {
  const branches = rules.flatMap(({ pattern }) => branchesOf(pattern)).flatMap((branch) => conditionsOf(branch, has) ?? []);
  // branches that differ in names alone are one
  const groups = Map.groupBy(branches, ({ names, others }) => `${names === ANY} ${others.join(' AND ')}`);
  const parts = [...groups.values()].map((group) => {
    const names = group[0]?.names === ANY ? ANY : [...new Set(group.flatMap((one) => one.names ?? []))].sort();
    const all = [...(group[0]?.others ?? []), names === ANY ? NO_READ : oneOf('eventname', names)];
    return `(${all.join(' AND ')})`;
  });
  return parts.length === 0 ? 'FALSE' : parts.sort().join('\n    OR ');
}

/** The condition of what is selected. */
export function selected({ since, until, account, region }: Selection): readonly string[] {
  return [
    ...(since === undefined ? [] : [`eventtime >= ${text(seconds(Math.floor(since / 1000)))}`]),
    ...(until === undefined ? [] : [`eventtime < ${text(seconds(Math.ceil(until / 1000)))}`]),
    // older records do not say whose they are
    ...(account === undefined ? [] : [`(recipientaccountid = ${text(account)} OR recipientaccountid IS NULL)`]),
    ...(region === undefined ? [] : [`awsregion = ${text(region)}`]),
  ];
}

/** The query that names the files in which something may match; the records themselves are read from the files. */
export function query(table: string, conditions: readonly string[]): string {
  const name = table
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
  return `SELECT DISTINCT "$path"\nFROM ${name}\nWHERE ${conditions.map((one) => (one.includes('\n') ? `(\n    ${one}\n  )` : one)).join('\n  AND ')}`;
}

/** A text as SQL writes it. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

interface Conditions {
  readonly names: readonly string[] | undefined;
  readonly others: readonly string[];
}

/** What a branch asks of a row; undefined if no record can match it. */
function conditionsOf(branch: Branch, has: (column: string) => boolean): Conditions | undefined {
  const types = branch.find(({ name }) => name === 'detail-type');
  if (types && typesOf(types).length === 0) return undefined;
  const names = branch.find(({ name }) => name === 'detail.eventName');
  const plainNames = names && !names.isAbsent && names.wanted.every(isPlain) ? names.wanted.filter(isPlain) : ANY;
  const others = branch
    .filter((field) => plainNames === ANY || field !== names)
    .flatMap((field) => conditionOf(field, has) ?? [])
    .sort();
  return { names: plainNames, others: [...new Set(others)] };
}

function conditionOf(field: Field, has: (column: string) => boolean): string | undefined {
  if (field.name === 'source') return anyOf(field.wanted, sourceIs);
  // a record without a type is of a call
  if (field.name === 'detail-type') {
    const types = typesOf(field);
    const found = oneOf('eventtype', types);
    return types.includes('AwsApiCall') ? `(${found} OR eventtype IS NULL)` : found;
  }
  const column = Object.hasOwn(columns, field.name) ? columns[field.name] : undefined;
  if (column === undefined || !has(column.split('.')[0] ?? column)) return ANY;
  if (field.isAbsent) return `(${column} IS NULL OR ${column} = '')`;
  return field.wanted.every(isPlain) ? oneOf(column, field.wanted) : anyOf(field.wanted, (filter) => filterIs(column, filter));
}

/** Either of several conditions; if one cannot be said, all pass. */
function anyOf(filters: readonly Json[], conditionOf: (filter: Json) => string | undefined): string | undefined {
  const all = filters.map(conditionOf);
  if (all.some((one) => one === ANY)) return ANY;
  const [first, ...others] = [...new Set(all)];
  return others.length === 0 ? first : `(${[first, ...others].join(' OR ')})`;
}

function sourceIs(filter: Json): string | undefined {
  if (!isPlain(filter) || !filter.startsWith('aws.')) return ANY;
  return `eventsource = ${text(`${filter.slice('aws.'.length)}${SERVICE}`)}`;
}

function filterIs(column: string, filter: Json): string | undefined {
  if (isPlain(filter)) return `${column} = ${text(filter)}`;
  if (!isThing(filter)) return ANY;
  const { prefix, suffix } = filter;
  if (isPlain(prefix)) return `${column} LIKE ${text(`${like(prefix)}%`)} ESCAPE '!'`;
  return isPlain(suffix) ? `${column} LIKE ${text(`%${like(suffix)}`)} ESCAPE '!'` : ANY;
}

/** The `eventType` of records that EventBridge delivers under the types that a field names. */
function typesOf({ wanted }: Field): readonly string[] {
  return Object.values(recordTypes).flatMap(({ spellings, eventType }) =>
    spellings.some((one) => wanted.some((wish) => wish === one)) ? [eventType] : [],
  );
}

function oneOf(column: string, values: readonly string[]): string {
  return values.length === 1 ? `${column} = ${text(values[0] ?? '')}` : `${column} IN (${values.map(text).join(', ')})`;
}

function like(value: string): string {
  return value.replace(/[!%_]/g, '!$&');
}

function isPlain(value: Json | undefined): value is string {
  return typeof value === 'string' && !PLACEHOLDER.test(value);
}

function seconds(time: number): string {
  return new Date(time * 1000).toISOString().replace('.000', '');
}
