import { describe, expect, test } from 'vitest';
import { messageFor } from '../../test/fixtures/events.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { awsError, Harness } from '../../test/support/harness.ts';
import { arn, putParameter, readBy } from '../../test/support/parameters/events.ts';
import { type Account, parametersWorld } from '../../test/support/parameters/world.ts';
import control from './parameter-secure.ts';

/*
 * Nobody can keep a parameter from being converted by reading something else: 252 reads are more than are looked at by call.
 */
const name = '/shop/prod/deploy';
const many = (eventName: string, request: (n: number) => object) =>
  Array.from({ length: 252 }, (_, n) => readBy('mallory', eventName, request(n)));
const others = many('GetParameter', (n) => ({ name: `/other/${n}` }));

/** Parameters of a second version, in mode `fix`. */
function start(reads: readonly object[], account: Account = {}, names: readonly string[] = [name]) {
  const world = parametersWorld({ parameters: Object.fromEntries(names.map((one) => [one, { Value: token }])), reads, ...account });
  for (const one of names) world.put({ Name: one, Value: token, Type: 'String', Overwrite: true });
  const harness = new Harness({ controls: [control], config: { controls: { 'parameter-secure': { mode: 'fix' } } }, world });
  for (const one of names) harness.put(messageFor('parameter-secure', putParameter(one)));
  return harness;
}

async function ended(...args: Parameters<typeof start>) {
  const harness = start(...args);
  await harness.settle();
  const [finding] = await harness.findings();
  if (!finding) throw new Error('no finding');
  const asked = harness.reads
    .filter(({ api }) => api === 'cloudtrail:LookupEvents')
    .map(({ input }) => JSON.parse(JSON.stringify(input)).LookupAttributes[0].AttributeValue);
  return { finding, asked };
}

describe('who reads a parameter', () => {
  test('is asked by call alone where that shows all', async () => {
    const { finding, asked } = await ended([readBy('app', 'GetParameter', { name, withDecryption: true })]);
    expect(finding.status).toBe('fixed');
    expect([...new Set(asked)]).toEqual(['GetParameter', 'GetParameters', 'GetParametersByPath']);
  });

  test.each<[string, object[]]>([
    ['GetParameter', others],
    ['GetParameters', many('GetParameters', (n) => ({ names: [`/other/${n}`, `/another/${n}`] }))],
    ['parameters of AWS', many('GetParameter', () => ({ name: '/aws/service/ami' }))],
    ['both', [...others, ...many('GetParameters', (n) => ({ names: [`/other/${n}`] }))]],
  ])('is nobody where 252 reads by others hide nothing: %s', async (_name, reads) => {
    const { finding, asked } = await ended(reads);
    expect(finding.status, finding.says).toBe('fixed');
    expect(asked.filter((one) => one === arn(name))).toHaveLength(1);
  });

  test('is found behind the reads of others', async () => {
    const { finding } = await ended([...others, readBy('app', 'GetParameter', { name }), readBy('app', 'GetParameter', { name })]);
    expect(finding).toMatchObject({ status: 'awaiting-approval', says: expect.stringContaining('1 role read this without decryption') });
  });

  test('is found by its other call behind the reads of others', async () => {
    const reads = [...others, ...many('GetParameters', () => ({ names: ['/x'] })), readBy('app', 'GetParameters', { names: ['/x', name] })];
    expect((await ended(reads)).finding.says).toContain('1 role read this without decryption');
  });

  test('is nobody where what the parameter’s own history holds are writes, and reads with decryption', async () => {
    const own = [
      readBy('app', 'PutParameter', { name }),
      readBy('app', 'GetParameter', { name, withDecryption: true }),
      readBy('app', 'GetParameter', { name }, { errorCode: 'AccessDenied' }),
    ];
    expect((await ended([...others, ...own])).finding.status).toBe('fixed');
  });

  test('is asked by the name where CloudTrail shows names', async () => {
    const { finding, asked } = await ended([...others, readBy('app', 'GetParameter', { name })], { resourcesOf: (names) => names });
    expect(finding.says).toContain('1 role read this');
    expect(asked).toContain(name);
  });

  test.each<[string, object[], Account]>([
    ['of events that show no resource', others, { resourcesOf: () => [] }],
    ['of events that show a version too', many('GetParameter', () => ({ name: '/other:3' })), { resourcesOf: (names) => names }],
    ['of an ARN with a version', many('GetParameter', () => ({ name: '/other' })), { resourcesOf: () => [`${arn('/other')}:3`] }],
    [
      'of an event that asks for this parameter and does not show it',
      [readBy('app', 'GetParameter', { name, withDecryption: true }), ...others],
      { resourcesOf: (names) => names.filter((one) => one !== name).map(arn) },
    ],
    ['of failed reads', others.map((one) => ({ ...one, errorCode: 'AccessDenied' })), {}],
    ['of reads by path', many('GetParametersByPath', () => ({ path: '/other' })), {}],
    ['of reads of this parameter', many('GetParameter', () => ({ name, withDecryption: true })), {}],
  ])('is unknown, and a person is asked, where there are too many %s', async (_name, reads, account) => {
    const { finding } = await ended(reads, account);
    expect(finding).toMatchObject({
      status: 'awaiting-approval',
      says: expect.stringMatching(/is unknown: there are more than 250 events of .* It waits for a person: readers may break/),
    });
  });

  test('is unknown where an event cannot be read', async () => {
    const { finding } = await ended([{ eventName: 'GetParameter' }]);
    expect(finding.says).toContain('is unknown: an event of GetParameter cannot be read');
  });

  test('is unknown where Redress may not look it up', async () => {
    const refuses = { 'cloudtrail:LookupEvents': awsError('AccessDeniedException', 'no cloudtrail:LookupEvents') };
    expect((await ended([], { refuses })).finding.says).toContain('is unknown: Redress may not look it up');
  });

  test('is asked for twenty parameters a round, and the rest of a batch comes again', async () => {
    const names = Array.from({ length: 25 }, (_, n) => `/shop/${n}`);
    const harness = start(others, {}, names);
    await harness.invoke();
    const byName = () => new Set(harness.reads.map(({ input }) => JSON.stringify(input)).filter((text) => text.includes('"ResourceName"')));
    expect(byName().size).toBe(20);
    expect(await harness.findings()).toHaveLength(20);
    await harness.settle();
    expect(byName().size).toBe(25);
    expect((await harness.findings()).map(({ status }) => status)).toEqual(Array(25).fill('fixed'));
    expect(harness.dead).toEqual([]);
  });
});
