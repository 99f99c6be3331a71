import { describe, expect, test } from 'vitest';
import { context, controlWith, copy, runOf } from '../../test/support/runs.ts';
import { HOUR_BEFORE } from '../../test/support/states.ts';
import { decide } from './decide.ts';

/** What is decided about a resource of which this is known, by a control that is so. */
function decided(hint: { readonly [key: string]: string } | undefined, control: Parameters<typeof controlWith>[0] = {}) {
  const target = { type: 'AWS::EC2::Volume', id: 'vol-1', ...(hint && { hint }) };
  return decide(runOf({ target, control: controlWith(control), state: { settledFrom: HOUR_BEFORE } }), context, undefined).decision;
}

const unknown = 'Redress did not see who made it, so code may manage it.';
const asks = (says = unknown) => ({ is: 'close', status: 'awaiting-approval', reason: { code: 'needs-approval', says } });

describe('a person is asked about what nobody knows who made', () => {
  test.each([
    ['nothing was seen of it', undefined, {}, asks()],
    ['a record names nobody', { via: 'unknown' }, {}, asks()],
    ['somebody would have to act on it anyway', undefined, { reportsManaged: true }, asks()],
    ['there is a reason more', undefined, { plan: { ...copy, needsApproval: 'A key is odd.' } }, asks(`A key is odd. ${unknown}`)],
  ])('where %s', (_, hint, control, decision) => {
    expect(decided(hint, control)).toMatchObject(decision);
  });

  test.each([
    ['a role or user is known', { via: 'unknown', by: 'arn:aws:iam::111122223333:user/dana' }],
    ['a service is known', { via: 'unknown', service: 'backup.amazonaws.com' }],
    ['a tool is known', { via: 'AWS CLI' }],
  ])('but not where %s', (_, hint) => {
    expect(decided(hint)).toMatchObject({ is: 'begin' });
  });

  test('but not where code could miss nothing', () => {
    expect(decided(undefined, { plan: { ...copy, isAdditive: true } })).toMatchObject({ is: 'begin' });
  });
});
