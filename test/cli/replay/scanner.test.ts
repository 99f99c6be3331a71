import { describe, expect, test, vi } from 'vitest';
import type { Json } from '#shared/control/control.ts';
import { RuleBook } from '../../../cli/replay/rule-book.ts';
import { ec2Record, readBytes, ruleOn, setupOf } from './reads.ts';

const setup = setupOf([ruleOn('CreateVolume')]);
const wanted = ec2Record('CreateVolume');
const other = ec2Record('DescribeVolumes');
const text = (value: unknown) => JSON.stringify(value);
const read = (json: string, ...sizes: number[]) => readBytes(Buffer.from(json), setup, sizes);
const small = { record: 4096, barren: 16_384 };

describe('the scanner reads', () => {
  test.each([
    ['a file of CloudTrail', text({ Records: [other, wanted, other, wanted] }), 4, 2],
    ['one that is drawn nicely', JSON.stringify({ Records: [other, wanted] }, null, 2), 2, 1],
    ['one with other keys before and behind', text({ a: { Records: [1] }, b: [{}], Records: [wanted], c: '"}' }), 1, 1],
    ['an empty one', text({ Records: [] }), 0, 0],
    ['a list', text([wanted, other]), 2, 1],
    ['a record a line', `${text(wanted)}\n${text(other)}\r\n\n${text(wanted)}\n`, 3, 2],
    ['records one behind the other', `${text(wanted)}${text(wanted)} ${text(other)}`, 3, 2],
    ['one record, drawn nicely', JSON.stringify(wanted, null, 4), 1, 1],
    ['several files in one', `${text({ Records: [wanted] })}\n${text({ Records: [other, wanted] })}`, 3, 2],
    ['a byte order mark', `\ufeff${text({ Records: [wanted] })}`, 1, 1],
    ['what `lookup-events` answers', text({ Events: [{ EventId: 'x', CloudTrailEvent: text(wanted) }] }), 1, 1],
    ['nothing', ' \n', 0, 0],
  ])('%s', (_name, json, records, matches) => {
    for (const sizes of [[], [1, 1, 1], [json.length - 1], Array.from(json, () => 1)]) {
      const found = read(json, ...sizes);
      expect({ records: found.records, matches: found.matches.length, unreadable: found.unreadable }).toEqual({
        records,
        matches,
        unreadable: [],
      });
    }
  });

  test('the objects beside a record that is nested without end in a text', () => {
    const inner = text(ec2Record('CreateVolume', { requestParameters: { a: 0 } })).replace(
      '"a":0',
      `"a":${'['.repeat(1e5)}${']'.repeat(1e5)}`,
    );
    const deep = setupOf([{ control: 'deep', pattern: { detail: { requestParameters: { a: ['x'] } } } }]);
    const record = ec2Record('CreateVolume', { requestParameters: { a: 'x' } });
    const { matches, unreadable } = readBytes(Buffer.from(`${text({ CloudTrailEvent: inner })}\n${text(record)}`), deep);
    expect(matches).toHaveLength(1);
    expect(unreadable).toMatchObject([{ at: 0, why: 'is neither a record nor an event' }]);
  });

  test('an event of EventBridge, a notice too', () => {
    const event = {
      version: '0',
      id: '1',
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.ec2',
      account: '111122223333',
      time: '2027-01-30T12:00:00Z',
      region: 'eu-west-1',
      resources: ['arn'],
      detail: wanted,
    };
    const notice = { ...event, 'detail-type': 'EBS Snapshot Notification', detail: { event: 'createSnapshot' } };
    const rules = [ruleOn('CreateVolume'), { control: 'notices', pattern: { 'detail-type': ['EBS Snapshot Notification'] } }];
    const { matches } = readBytes(Buffer.from(`${text(event)}\n${text(notice)}`), setupOf(rules));
    expect(matches.map(({ controls, event: found }) => [controls, found.id, found.resources])).toEqual([
      [['control'], '1', ['arn']],
      [['notices'], '1', ['arn']],
    ]);
  });

  test('only what may match in full, and every record if it is asked to', () => {
    const json = Buffer.from(text({ Records: [other, other, wanted] }));
    expect(readBytes(json, setup)).toMatchObject({ records: 3, parsed: 1 });
    expect(readBytes(json, setupOf(setup.rules, true))).toMatchObject({ records: 3, parsed: 3 });
  });
});

describe('a call that failed', () => {
  const ofSuccess = { control: 'success', pattern: { detail: { eventName: ['CreateVolume'], errorCode: [{ exists: false }] } } };
  const failed = (errorCode: Json) => ec2Record('CreateVolume', { errorCode });
  const all = Buffer.from(text({ Records: [wanted, failed('Denied'), failed({}), failed(null)] }));

  test('is not parsed where every rule asks for success', () => {
    const { records, parsed, matches } = readBytes(all, setupOf([ofSuccess]));
    // an object is no value, and so an error that is one is none
    expect({ records, parsed, matched: matches.map(({ event }) => event.detail['errorCode']) }).toEqual({
      records: 4,
      parsed: 3,
      matched: [undefined, {}],
    });
  });

  test('is where a rule asks for it too', () => {
    const { matches } = readBytes(all, setupOf([ofSuccess, ruleOn('CreateVolume')]));
    expect(matches.map(({ controls }) => controls)).toEqual([['success', 'control'], ['control'], ['success', 'control'], ['control']]);
  });

  test.each([
    ['two errors, of which a parser takes the last', '"errorCode":"Denied","errorCode":{}'],
    ['a name that is escaped', '"errorCode":"Denied","error\\u0043ode":{}'],
    ['an error of something inside', '"a":{"errorCode":"Denied"}'],
    ['a text that is called so', '"a":"errorCode"'],
  ])('is not taken from %s', (_name, member) => {
    const json = text(wanted).replace('{', `{${member},`);
    expect(readBytes(Buffer.from(json), setupOf([ofSuccess])).matches).toHaveLength(1);
  });
});

describe('the scanner parses whatever is unusual', () => {
  test.each([
    ['an escaped name', `{"Records":[${text(wanted).replace('CreateVolume', '\\u0043reateVolume')}]}`],
    ['an escaped key', `{"Records":[${text(wanted).replace('"eventName"', '"event\\u004eame"')}]}`],
    ['an escaped key of the list', text({ Records: [wanted] }).replace('"Records"', '"\\u0052ecords"')],
    ['a second name', `{"Records":[${text({ ...other, eventID: 'e-CreateVolume' }).replace(/}$/, ',"eventName":"CreateVolume"}')}]}`],
    ['a name in a copy of it', text({ Records: [{ requestParameters: { eventName: 'DescribeVolumes' }, ...wanted }] })],
    ['white space around the name', text({ Records: [wanted] }).replace('"eventName":', '"eventName"\n\t :\r\n ')],
    ['texts that look like structure', text({ Records: [{ a: '"},{"eventName":"X"}]}', b: '\\', c: '\\"', d: '{[', ...wanted }] })],
  ])('%s', (_name, json) => {
    for (const sizes of [[], Array.from(json, () => 1)])
      expect(read(json, ...sizes)).toMatchObject({ count: 0, matches: [{ event: { id: 'e-CreateVolume' } }] });
  });

  test('and takes no name of a copy for its own', () => {
    expect(read(text({ Records: [{ ...other, requestParameters: { eventName: 'CreateVolume' } }] })).matches).toEqual([]);
  });
});

describe('the scanner names what it cannot read, and goes on', () => {
  const line = text(wanted);
  test.each([
    ['lines that are not JSON', `what\nis this\n${line}\nmore\n${line}`, 2, ['0 is not JSON', `${13 + line.length + 1} is not JSON`]],
    ['a line that was cut off in a text', `${line.slice(0, 40)}\n${line}\n`, 1, ['0 is not JSON']],
    ['a line that was not closed', `{"a":{"b":1}\n${line}\n`, 1, ['0 is not JSON']],
    ['a record that is not JSON', `{"Records":[${line.replace('null', 'nul')},${line}]}`, 1, ['12 is not JSON']],
    [
      'what is neither a record nor an event',
      `{"a":1}\n[1]\n${line}`,
      0,
      ['0 is neither a record nor an event', '9 is no list of records here; the rest is not read'],
    ],
    [
      'a file without its end',
      `{"Records":[${line},${line.slice(0, 99)}`,
      1,
      [`${12 + line.length + 1} ends in the middle of its records`],
    ],
    ['a record without its end', line.slice(0, -1), 0, ['0 ends in the middle of a record']],
    ['NUL', '\0\0\0\0', 0, ['0 is not JSON']],
    ['a list of something else', `{"Records":["x",${line}]}`, 0, ['12 is no list of records here; the rest is not read']],
    ['a record that lacks its time', text({ Records: [{ ...wanted, eventTime: undefined }] }), 0, ['12 is neither a record nor an event']],
  ])('%s', (_name, json, matches, places) => {
    for (const sizes of [[], Array.from(json, () => 1)]) {
      const found = read(json, ...sizes);
      expect(found.matches).toHaveLength(matches);
      expect(found.unreadable.map(({ at, why }) => `${at} ${why}`)).toEqual(places);
      expect(found.count).toBe(places.length);
    }
  });

  test('a record that is nested too deep, whether it is asked for or not', () => {
    const deep = (depth: number) =>
      `{"Records":[${text(wanted).replace('"requestParameters":null', `"requestParameters":${'['.repeat(depth)}${']'.repeat(depth)}`)},${line}]}`;
    expect(read(deep(150)).matches).toHaveLength(2);
    expect(read(deep(100_000))).toMatchObject({ matches: [{}], unreadable: [{ at: 12, why: 'is nested too deep' }] });
  });

  test('a line that is too long, and reads the next', () => {
    const long = `{"a":"${'x'.repeat(10_000)}"}`;
    const chunks = Array.from({ length: 20 }, () => 1000);
    const found = readBytes(Buffer.from(`${line}\n${long}\n${line}`), setup, chunks, small);
    expect(found.matches).toHaveLength(2);
    expect(found.unreadable).toEqual([{ file: 'file', at: line.length + 1, why: 'is longer than 0.00390625 MB' }]);
  });

  test('a record that is too long, and leaves the rest of its file', () => {
    const json = `{"Records":[${line},{"a":"${'x'.repeat(10_000)}"},${line}]}`;
    const found = readBytes(
      Buffer.from(json),
      setup,
      Array.from({ length: 20 }, () => 1000),
      small,
    );
    expect(found.matches).toHaveLength(1);
    expect(found.unreadable.map(({ why }) => why)).toEqual(['is longer than 0.00390625 MB; the rest is not read']);
  });

  test.each([
    ['blanks', ' '],
    ['brackets', '['],
    ['lines', 'x\n'],
  ])('%s without end', (_name, part) => {
    const found = readBytes(
      Buffer.from(part.repeat(40_000)),
      setup,
      Array.from({ length: 60 }, () => 1000),
      small,
    );
    expect(found).toMatchObject({ matches: [], records: 0 });
    expect(found.unreadable.at(-1)?.why).toMatch(/the rest is not read$/);
  });
});

test('another form of text is not JSON', () => {
  const found = readBytes(Buffer.from(text({ Records: [wanted] }), 'utf16le'), setup);
  expect(found.matches).toEqual([]);
  expect(found.count).toBeGreaterThan(0);
});

describe('hostile records', () => {
  test('change no prototype, and match by their own fields alone', () => {
    const json = `{"Records":[${text(other).replace('{', '{"__proto__":{"eventName":"CreateVolume"},')},${text(wanted).replace('{', '{"__proto__":{"errorCode":"x"},"constructor":1,')}]}`;
    const rules = [{ control: 'control', pattern: { detail: { eventName: ['CreateVolume'], errorCode: [{ exists: false }] } } }];
    for (const isStrict of [false, true])
      expect(readBytes(Buffer.from(json), setupOf(rules, isStrict)).matches.map(({ event }) => event.id)).toEqual(['e-CreateVolume']);
    expect('eventName' in {}).toBe(false);
  });

  test('keep half characters, NUL and bytes that are no UTF-8', () => {
    const json = Buffer.concat([
      Buffer.from(text({ ...wanted, userAgent: '\ud800\0' }).slice(0, -1)),
      Buffer.from(',"x":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    const [match] = readBytes(json, setup).matches;
    expect(match?.event.detail['userAgent']).toBe('\ud800\0');
    expect(match?.event.detail['x']).toBe('\ufffd\ufffd');
  });
});

describe('what reaches no rule', () => {
  test.each([
    ['a call that reads', ec2Record('DescribeVolumes')],
    ['an Insight', ec2Record('CreateVolume', { eventType: 'AwsCloudTrailInsight' })],
  ])('%s', (_name, record) => {
    const any = setupOf([{ control: 'control', pattern: { detail: { awsRegion: ['eu-west-1'] } } }], true);
    expect(readBytes(Buffer.from(text({ Records: [record] })), any)).toMatchObject({ matches: [], parsed: 1, count: 0 });
  });
});

test('a record that cannot be matched is named, and costs no other', () => {
  const broken = vi.spyOn(RuleBook.prototype, 'controlsFor').mockImplementationOnce(() => {
    throw new RangeError('too much');
  });
  const { matches, unreadable, records } = read(text({ Records: [wanted, wanted] }));
  broken.mockRestore();
  expect({ matches: matches.length, records, unreadable }).toEqual({
    matches: 1,
    records: 2,
    unreadable: [{ file: 'file', at: 12, why: expect.stringMatching(/^cannot be matched/) }],
  });
});
