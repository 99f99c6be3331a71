import { describe, expect, test } from 'vitest';
import { createVolume } from '../../test/fixtures/events.ts';
import { place } from '../../test/support/harness.ts';
import { readerOver } from '../../test/support/reading.ts';
import { type Context, defineControl, targetsIn, type Verdict } from './control.ts';
import { kindOf } from './kind.ts';
import type { CloudTrailRecord } from './record.ts';

interface Toy {
  readonly id: string;
}

const toys = kindOf<Toy>({
  noun: 'toy',
  plural: 'Toys',
  type: 'Test::Toys::Toy',
  eventSource: 'ec2.amazonaws.com',
  arn: 'arn:{partition}:toys:{region}:{account}:toy/{id}',
  console: '/toys/home',
  securityHub: 'Other',
  created: { CreateVolume: 'responseElements.volumeId' },
  members: [],
  reads: [{ action: 'toys:List' }],
  items: { name: 'toys', max: 10, load: async (ids) => new Map(ids.filter((id) => id !== 'gone').map((id) => [id, { id }])) },
  list: async (_read, _place, from) => ({ items: ['t-1', from ?? 't-2'], next: 'more' }),
});
const said = {
  id: 'toy-safe',
  title: 'Toys are safe',
  why: 'They hurt.',
  remediation: 'Mends them.',
  severity: 'low',
  defaultMode: 'observe',
  triggers: [],
  references: [],
  judge: (): Verdict => ({ is: 'compliant', says: 'It is safe.' }),
  before: ({ id }: Toy) => ({ id }),
} as const;
const { read } = readerOver({});
const context = { ...place, now: new Date(0), settings: {}, modeOf: () => 'off' } as unknown as Context;
const targets = ['t-1', 'gone', 't-2'].map((id) => ({ type: toys.type, id }));

describe('a control of a kind', () => {
  const control = defineControl(toys, said);

  test('says what its author says, and the kind the rest', () => {
    expect(control).toMatchObject({
      id: 'toy-safe',
      kind: toys,
      sweep: { every: '1 day', atDeployment: false },
      limit: { fixes: 25, minutes: 10 },
    });
    expect(control.permissions).toEqual({ reads: [{ action: 'toys:List' }], writes: [] });
    expect(control.plan({}, context as never)).toEqual({ changes: [] });
    expect(['find', 'undo', 'fixesManaged'].filter((name) => name in control)).toEqual([]);
  });
  test('reads what the kind reads, and more, each once', () => {
    const reads = [{ action: 'toys:List' }, { action: 'toys:Get' }, { action: 'toys:List', resource: 'x' }];
    expect(defineControl(toys, { ...said, permissions: { reads, writes: [{ action: 'toys:Mend' }] } }).permissions).toEqual({
      reads: [{ action: 'toys:List' }, { action: 'toys:Get' }, { action: 'toys:List', resource: 'x' }],
      writes: [{ action: 'toys:Mend' }],
    });
  });
  test('keeps with each target how it was made', () => {
    const record = createVolume('vol-1').detail as unknown as CloudTrailRecord;
    expect(control.targets(record, place)).toEqual([
      { type: toys.type, id: 'vol-1', hint: { via: 'AWS CLI', by: 'arn:aws:iam::111122223333:user/dana' } },
    ]);
  });

  test('a record of a call that says nothing of the maker gives no hint', () => {
    const control = defineControl(
      kindOf({
        ...toys,
        members: [],
        created: { CreateVolume: 'responseElements.volumeId' },
        isByMaker: () => false,
        arn: '',
        eventSource: '',
      }),
      said,
    );
    const { detail } = createVolume('vol-1');
    expect(control.targets(detail as unknown as CloudTrailRecord, place)).toEqual([{ type: toys.type, id: 'vol-1' }]);
  });
  test('lists what the kind lists', async () => {
    expect(await control.list(read, context)).toEqual({ items: targetsIn(toys, { items: ['t-1', 't-2'] }).items, next: 'more' });
    expect((await control.list(read, context, 't-9')).items).toEqual([
      { type: toys.type, id: 't-1' },
      { type: toys.type, id: 't-9' },
    ]);
  });
  test('inspects the items, and leaves out what is gone', async () => {
    expect([...(await control.inspect(targets, read, context))]).toEqual([
      ['t-1', { id: 't-1' }],
      ['t-2', { id: 't-2' }],
    ]);
    const deep = defineControl(toys, { ...said, inspectOne: ({ id }) => (id === 't-1' ? undefined : { id: `${id} looked at` }) });
    expect([...(await deep.inspect(targets, read, context))]).toEqual([['t-2', { id: 't-2 looked at' }]]);
  });
});

test('a setting goes back to what it was, and what is indirect is found as its kind says', async () => {
  const command = { input: {} };
  const find = async () => new Map();
  const kind = { ...toys, find, restore: (before: unknown, now: unknown) => [{ command, says: JSON.stringify([before, now]) }] };
  const control = defineControl(kind, said);
  expect(control.find).toBe(find);
  expect(control.undo?.({ id: 'then' }, { id: 'now' }, context as never)).toEqual({
    changes: [{ command, says: '[{"id":"then"},{"id":"now"}]' }],
  });
});
