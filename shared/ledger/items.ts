import type { Target } from '#shared/control/control.ts';
import type { Item } from './dynamo.ts';
import { dayOfFinding } from './ledger.ts';

/** The item of the kill switch. */
export const pauseKey: Item = { pk: { S: 'SWITCH' }, sk: { S: 'PAUSE' } };

/** The key of a case's item. */
export function caseKey(control: string, { type, id }: { readonly type: string; readonly id: string }): Item {
  return { pk: { S: `CASE#${control}#${type}#${id}` }, sk: { S: 'CASE' } };
}

/** The key of the row that says that a message is done. */
export function doneKey(key: string): Item {
  return { pk: { S: `DONE#${key}` }, sk: { S: 'DONE' } };
}

/** The key of a finding's row, under the day of its id. */
export function findingKey(id: string): Item {
  return { pk: { S: `FINDINGS#${dayOfFinding(id)}` }, sk: { S: id } };
}

/** The key of a resource that is exempt from a control; without one, of all of them. */
export function exemptKey(control: string, target?: Target) {
  return { pk: { S: `EXEMPT#${control}` }, ...(target && { sk: { S: `${target.type}#${target.id}` } }) };
}

/** The key of a name that only one may take. */
export function claimKey(name: string): Item {
  return { pk: { S: `CLAIM#${name}` }, sk: { S: 'CLAIM' } };
}
