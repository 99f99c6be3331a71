import { DescribeVolumesCommand, type DescribeVolumesCommandOutput, type Volume } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { ec2Kind } from '#shared/aws/ec2-kind.ts';
import { callEvent } from '../../test/fixtures/events.ts';
import { place } from '../../test/support/harness.ts';
import { readerOver } from '../../test/support/reading.ts';
import { arnOf, isByMaker, isMaking, kindOf, owningRegion } from './kind.ts';
import type { CloudTrailRecord } from './record.ts';

const record = (eventName: string, more: Parameters<typeof callEvent>[1] = {}) =>
  callEvent(eventName, more, 'toys.amazonaws.com').detail as unknown as CloudTrailRecord;
const where = { requestParameters: { kind: ['a'] } };
const shared = {
  noun: 'toy',
  plural: 'Toys',
  type: 'Test::Toys::Toy',
  eventSource: 'toys.amazonaws.com',
  arn: 'arn:{partition}:toys:{region}:{account}:toy/{id}',
  console: '/toys/home',
  securityHub: 'Other',
  reads: [],
  items: {
    name: 'toys',
    max: 10,
    load: async (ids: readonly string[]) => new Map(ids.filter((id) => id !== 'gone').map((id) => [id, { id }])),
  },
  list: async () => ({ items: [] }),
} as const;
const toys = kindOf<{ id: string }>({
  ...shared,
  created: {
    CreateToy: 'responseElements.toy.id',
    CopyToy: 'responseElements.toy.id',
    ImportToy: { id: 'responseElements.imported', where },
  },
  named: ['requestParameters.toyId', 'requestParameters.toyIds[]'],
  members: ['ToyId', 'ToyIds[]'],
  tagsOf: ({ id }) => [{ Key: 'id', Value: id }],
  leave: ({ id }) => (id === 'old' ? 'It is old.' : undefined),
});

describe('a kind', () => {
  test('keeps apart the calls that can give no tags', () => {
    const id = 'responseElements.toy.id';
    const created = {
      CreateToy: id,
      ReplaceToy: { id, takesTags: false },
      CopyToy: { id },
      ImportToy: { id, where, takesTags: false },
    } as const;
    expect(kindOf({ ...shared, created, members: [] }).created).toEqual([
      { eventSource: 'toys.amazonaws.com', eventNames: ['CreateToy', 'CopyToy'] },
      { eventSource: 'toys.amazonaws.com', eventNames: ['ReplaceToy'], takesTags: false },
      { eventSource: 'toys.amazonaws.com', eventNames: ['ImportToy'], where, takesTags: false },
    ]);
  });
  test('says which callers made what a call names: all, where it says nothing', () => {
    const picky = kindOf({ ...shared, created: {}, members: [], isByMaker: ({ eventName }) => eventName !== 'AttachToy' });
    const answers = ['CreateToy', 'AttachToy'].flatMap((name) => [isByMaker(picky, record(name)), isByMaker(toys, record(name))]);
    expect(answers).toEqual([true, true, false, true]);
  });
  test('is made by calls, those of one condition together', () => {
    expect(toys.created).toEqual([
      { eventSource: 'toys.amazonaws.com', eventNames: ['CreateToy', 'CopyToy'] },
      { eventSource: 'toys.amazonaws.com', eventNames: ['ImportToy'], where },
    ]);
    expect([toys.is, toys.isGlobal, kindOf({ ...shared, created: {}, members: [], isGlobal: true }).isGlobal]).toEqual([
      'resource',
      false,
      true,
    ]);
    expect(toys.calls('A', 'B')).toEqual({ eventSource: 'toys.amazonaws.com', eventNames: ['A', 'B'] });
    expect(toys.example('t-1')).toMatchObject({ eventName: 'CreateToy', responseElements: { toy: { id: 't-1' } } });
  });
  test('is named where its making says, and else where other calls do', () => {
    const ids = (eventName: string, more: Parameters<typeof callEvent>[1]) =>
      toys.targets(record(eventName, more), place).map(({ id }) => id);
    expect(ids('CreateToy', { requestParameters: { toyId: 'asked' }, responseElements: { toy: { id: 't-1' } } })).toEqual(['t-1']);
    expect(ids('ImportToy', { responseElements: { imported: 't-2', toy: { id: 'not-this' } } })).toEqual(['t-2']);
    expect(ids('PaintToy', { requestParameters: { toyId: 't-3', toyIds: ['t-4'] } })).toEqual(['t-3']);
    expect(ids('PaintToy', { requestParameters: { toyIds: ['t-4', 't-5'] } })).toEqual(['t-4', 't-5']);
    expect(ids('PaintToy', { requestParameters: null, responseElements: { toy: { id: 'not-this' } } })).toEqual([]);
    expect(toys.targets(record('PaintToy', { requestParameters: { toyId: 't-3' } }), place)).toEqual([
      { type: 'Test::Toys::Toy', id: 't-3' },
    ]);
  });
  test('is named by the members of requests', () => {
    expect(toys.idsIn({ ToyId: 't-1', ToyIds: ['t-2', 't-3'], Name: 't-4' })).toEqual(['t-1', 't-2', 't-3']);
    expect(toys.idsIn(undefined)).toEqual([]);
  });
  test('shows its tags, and why it is left alone', async () => {
    const live = await toys.live(['new', 'old', 'gone'], readerOver({}).read);
    expect(Object.fromEntries(live)).toEqual({
      new: { tags: [{ Key: 'id', Value: 'new' }], leave: undefined },
      old: { tags: [{ Key: 'id', Value: 'old' }], leave: 'It is old.' },
    });
    const plain = kindOf({ ...shared, created: {}, members: [] });
    expect(Object.fromEntries(await plain.live(['new'], readerOver({}).read))).toEqual({ new: { tags: [], leave: undefined } });
  });
  test('knows the calls that make it from all others', () => {
    expect(['CreateToy', 'CopyToy', 'ImportToy', 'PaintToy'].map((name) => isMaking(toys, record(name)))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    const tagged = kindOf({ ...shared, created: { CreateTags: 'requestParameters.id' }, members: [] });
    expect(isMaking(tagged, record('CreateTags'))).toBe(false);
  });
});

test('an ARN is filled in, once and by name', () => {
  expect(toys.arnOf('t-1', place)).toBe('arn:aws:toys:eu-west-1:111122223333:toy/t-1');
  expect(toys.arnOf('arn:aws:toys:x', place)).toBe('arn:aws:toys:x');
  expect(arnOf('{id}-{id}-{other}', '{region}', place)).toBe('{region}-{region}-{other}');
  const paths = kindOf({ ...shared, arnId: (id: string) => id.slice(1), created: {}, members: [] });
  expect(paths.arnOf('/a', place)).toBe('arn:aws:toys:eu-west-1:111122223333:toy/a');
});

test('what is global is judged where CloudTrail delivers its calls', () => {
  expect(['aws', 'aws-cn', 'aws-us-gov', 'another'].map(owningRegion)).toEqual(['us-east-1', 'cn-north-1', 'us-gov-west-1', 'us-east-1']);
});

describe('a kind of EC2', () => {
  const props = {
    noun: 'disk',
    plural: 'Disks',
    name: 'Disk',
    idPrefix: 'disk-',
    page: 'Disk:id={id}',
    securityHub: 'Other',
    describe: (input: object) => new DescribeVolumesCommand(input),
    itemsOf: ({ Volumes }: DescribeVolumesCommandOutput) => Volumes,
    idOf: ({ VolumeId }: Volume) => VolumeId,
  } as const;
  const tags = { terraform: 'aws_disk' };
  const disks = ec2Kind({ ...props, created: ['CreateDisk', 'CopyDisk'], tags });
  const shown = (...Volumes: (Volume & { Operator?: object })[]) => readerOver({ 'ec2:DescribeVolumes': () => ({ Volumes }) });

  test('is named after its type', () => {
    expect(disks).toMatchObject({
      type: 'AWS::EC2::Disk',
      console: '/ec2/home?region={region}#Disk:id={id}',
      reads: [{ action: 'ec2:DescribeDisks' }],
      created: [{ eventSource: 'ec2.amazonaws.com', eventNames: ['CreateDisk', 'CopyDisk'] }],
    });
    expect(disks.arnOf('disk-1', place)).toBe('arn:aws:ec2:eu-west-1:111122223333:disk/disk-1');
    expect(disks.example('disk-1')).toMatchObject({ responseElements: { diskId: 'disk-1' } });
  });
  test('may come back with its tags', () => {
    const returned = [disks.calls('RestoreDisk')];
    const tagged = ec2Kind({
      ...props,
      created: ['CreateDisk'],
      tags: { ...tags, returned },
      unwatched: { 'It breaks nothing.': ['SpinDisk'] },
    });
    for (const tags of ['retagged', 'written'] as const) {
      expect(tagged.tags?.[tags], tags).toEqual(expect.arrayContaining(returned));
      expect(disks.tags?.[tags], tags).not.toEqual(expect.arrayContaining(returned));
    }
    expect(tagged).toMatchObject({ unwatched: { 'It breaks nothing.': ['SpinDisk'] } });
  });
  test('is named in records by its id, the answer before the request, and in tag calls by its prefix', () => {
    const targets = (name: string, more: Parameters<typeof callEvent>[1]) => disks.targets(record(name, more), place);
    const disk = (id: string) => [{ type: 'AWS::EC2::Disk', id }];
    expect(targets('ModifyDisk', { requestParameters: { diskId: 'disk-1' }, responseElements: { diskId: 'disk-2' } })).toEqual(
      disk('disk-2'),
    );
    expect(targets('ModifyDisk', { requestParameters: { diskId: 'disk-1' } })).toEqual(disk('disk-1'));
    const resourcesSet = { items: [{ resourceId: 'i-1' }, { resourceId: 'disk-3' }] };
    expect(targets('CreateTags', { requestParameters: { diskId: 'not-this', resourcesSet } })).toEqual(disk('disk-3'));
  });
  test('is named by requests whatever member holds its id', () => {
    expect(disks.idsIn({ A: 'disk-1', B: [{ C: 'disk-2' }, 'i-1', null, 1], D: { E: 'xdisk-3' } })).toEqual(['disk-1', 'disk-2']);
  });
  test('is read by a filter, and listed by the page', async () => {
    const { read, sent } = shown({ VolumeId: 'disk-1' }, {});
    expect([...(await read.many(disks.items, ['disk-1', 'disk-2']))]).toEqual([['disk-1', { VolumeId: 'disk-1' }]]);
    expect(await disks.list(read, place)).toEqual({ items: ['disk-1'] });
    expect(sent.map(([, input]) => input)).toEqual([{ Filters: [{ Name: 'disk-id', Values: ['disk-1', 'disk-2'] }] }, { MaxResults: 500 }]);
    const narrow = ec2Kind({
      ...props,
      created: [],
      filter: 'group-id',
      pageSize: 5,
      listed: [{ Name: 'a', Values: ['b'] }],
      reads: [{ action: 'ec2:X' }],
    });
    const other = shown();
    await other.read.many(narrow.items, ['disk-1']);
    await narrow.list(other.read, place);
    expect(other.sent.map(([, input]) => input)).toEqual([
      { Filters: [{ Name: 'group-id', Values: ['disk-1'] }] },
      { Filters: [{ Name: 'a', Values: ['b'] }], MaxResults: 5 },
    ]);
    expect([narrow.reads, narrow.items.name, narrow.items.max, narrow.tags]).toEqual([
      [{ action: 'ec2:DescribeDisks' }, { action: 'ec2:X' }],
      'disks by id',
      200,
      undefined,
    ]);
  });
  test('is left to the service that manages it', async () => {
    const operator = async (Operator?: object) =>
      (await disks.live(['disk-1'], shown({ VolumeId: 'disk-1', ...(Operator && { Operator }) }).read)).get('disk-1')?.operator;
    expect(await operator()).toBeUndefined();
    expect(await operator({ Managed: false, Principal: 'x' })).toBeUndefined();
    expect(await operator({ Managed: true, Principal: 'x.amazonaws.com' })).toBe('x.amazonaws.com');
    expect(await operator({ Managed: true })).toBe('An AWS service');
  });
  test('has the tags that EC2 gives, its own reasons to be left alone first', async () => {
    const busy = ec2Kind({ ...props, created: [], leave: () => 'It is busy.' });
    const found = { VolumeId: 'disk-1', Tags: [{ Key: 'a', Value: 'b' }], Operator: { Managed: true } };
    expect((await busy.live(['disk-1'], shown(found).read)).get('disk-1')).toEqual({
      tags: found.Tags,
      leave: 'It is busy.',
      operator: 'An AWS service',
    });
  });
  test('takes tags by the calls of EC2', () => {
    expect(disks.tags).toMatchObject({
      written: [{ eventNames: ['CreateDisk', 'CopyDisk'] }, { eventNames: ['CreateTags'] }],
      retagged: [
        {
          eventNames: ['CreateTags', 'DeleteTags'],
          where: { requestParameters: { resourcesSet: { items: { resourceId: [{ prefix: 'disk-' }] } } } },
        },
      ],
      permissions: {
        set: {
          action: 'ec2:CreateTags',
          resource: 'arn:{partition}:ec2:{region}:{account}:disk/*',
          conditions: { Null: { 'aws:TagKeys': 'false' } },
        },
        unset: { action: 'ec2:DeleteTags' },
      },
      references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html'],
    });
    expect(disks.tags?.set('disk-1', [{ Key: 'a', Value: 'b' }], place)).toMatchObject({
      input: { Resources: ['disk-1'], Tags: [{ Key: 'a', Value: 'b' }] },
    });
    expect(disks.tags?.unset('disk-1', ['a', 'b'], place)).toMatchObject({
      input: { Resources: ['disk-1'], Tags: [{ Key: 'a' }, { Key: 'b' }] },
    });
  });
});
