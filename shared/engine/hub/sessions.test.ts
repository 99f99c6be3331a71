import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CallFailed, classify } from '#shared/aws/errors.ts';
import type { AwsCommand } from '#shared/control/control.ts';
import { awsError } from '../../../test/support/harness.ts';
import type { SessionPolicy } from './policies.ts';
import { Sessions } from './sessions.ts';

const sts = mockClient(STSClient);
afterAll(() => sts.restore());
const account = '444455556666';
const place = { account, region: 'eu-central-1', partition: 'aws' };
const role = `arn:aws:iam::${account}:role/redress/redress-volumes`;
const managed = { inline: '{"deny":1}', managed: 'redress-volumes-writes-a' };

let now: number;
let logs: object[];
beforeEach(() => {
  now = Date.parse('2026-11-21T09:00:00Z');
  logs = [];
  sts.reset();
});
afterEach(() => expect(JSON.stringify(logs)).not.toContain('secret'));

const sessions = (readPolicies: (account: string) => readonly SessionPolicy[] = () => [{ inline: '{"reads":1}' }]) =>
  new Sessions({
    sts: new STSClient({ region: 'eu-west-1' }),
    partition: 'aws',
    functionName: 'redress-volumes',
    readPolicies,
    now: () => now,
    log: (_level, message, fields) => void logs.push({ message, ...fields }),
  });
const asked = () => sts.commandCalls(AssumeRoleCommand).map(({ args: [{ input }] }) => input);
const give = (size?: number) => {
  let given = 0;
  sts.on(AssumeRoleCommand).callsFake(() => {
    given += 1;
    const Credentials = { AccessKeyId: 'id', SecretAccessKey: 'secret', SessionToken: `token-${given}`, Expiration: new Date(0) };
    return { Credentials, ...(size !== undefined && { PackedPolicySize: size }) };
  });
};
const refuse = (...errors: Error[]) =>
  sts.on(AssumeRoleCommand).callsFake(() => Promise.reject(errors.length > 1 ? errors.shift() : errors[0]));
const call = (seed = 'f-20261121-0123456789ab-fix-2026-11-21T09-00-05.000Z 0', control = 'volume-encrypted') => ({
  place,
  control,
  seed,
  command: { input: {} } satisfies AwsCommand,
});

describe('a session that reads', () => {
  test('is one for all who ask at once, and for an hour but its last minutes', async () => {
    give();
    const all = sessions();
    const both = await Promise.all([all.read(account), all.read(account)]);
    expect(both.map(({ sessionToken }) => sessionToken)).toEqual(['token-1', 'token-1']);
    now += 54 * 60_000;
    expect((await all.read(account)).sessionToken).toBe('token-1');
    now += 60_000;
    expect((await all.read(account)).sessionToken).toBe('token-2');
    expect(asked()[0]).toEqual({ RoleArn: role, RoleSessionName: 'redress-volumes', DurationSeconds: 3600, Policy: '{"reads":1}' });
  });

  test('is of one account', async () => {
    give();
    const all = sessions((of) => [{ inline: of }]);
    await all.read(account);
    await all.read('777788889999');
    expect(asked().map(({ Policy }) => Policy)).toEqual([account, '777788889999']);
  });

  test('that was refused is asked for again by the next one, and all who waited get the refusal', async () => {
    const all = sessions();
    refuse(awsError('AccessDenied', 'no', 403));
    const waiting = [all.read(account), all.read(account)];
    expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked()).toHaveLength(1);
    give();
    expect((await all.read(account)).sessionToken).toBe('token-1');
  });
});

describe('a session that writes', () => {
  test('is of one call, and names its case', async () => {
    give();
    const all = sessions();
    await all.write(call(), [{ inline: '{"writes":1}' }]);
    await all.write(call(), [{ inline: '{"writes":1}' }]);
    expect(asked()).toHaveLength(2);
    expect(asked()[0]).toEqual({
      RoleArn: role,
      RoleSessionName: 'volume-encrypted@f-20261121-0123456789ab',
      SourceIdentity: 'f-20261121-0123456789ab-fix-2026-11-21T09-00-05.000Z',
      DurationSeconds: 900,
      Policy: '{"writes":1}',
    });
  });

  test.each([
    ['a long control', 'x'.repeat(80), 'f-20261121-0123456789ab-undo-o-1 a'],
    ['an odd seed', 'volume encrypted: ä', 'an/odd:seed€ 1'],
    ['a long seed', 'a', 'y'.repeat(200)],
  ])('has names that STS takes of %s', async (_of, control, seed) => {
    give();
    await sessions().write(call(seed, control), [{ inline: '{}' }]);
    const [{ RoleSessionName = '', SourceIdentity = '' } = {}] = asked();
    for (const name of [RoleSessionName, SourceIdentity]) expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
    if (seed.startsWith('f-')) expect(RoleSessionName).toMatch(/@f-20261121-0123456789ab$/);
  });
});

describe('a policy', () => {
  const tooLarge = (name: string) => awsError(name, 'Packed policy consumes 120% of allotted space, please use smaller policy.');

  // the code on the wire, and the SDK's name of it
  test.each(['PackedPolicyTooLarge', 'PackedPolicyTooLargeException'])(
    'that STS finds too large once packed (%s) gives way to the managed one',
    async (name) => {
      sts.on(AssumeRoleCommand).callsFake(({ PolicyArns }: AssumeRoleCommandInput) => {
        if (!PolicyArns) throw tooLarge(name);
        return { Credentials: { AccessKeyId: 'id', SecretAccessKey: 'secret', SessionToken: 'token', Expiration: new Date(0) } };
      });
      expect((await sessions().write(call(), [{ inline: '{"long":1}' }, managed])).sessionToken).toBe('token');
      expect(asked()[1]).toMatchObject({
        Policy: managed.inline,
        PolicyArns: [{ arn: `arn:aws:iam::${account}:policy/redress/redress-volumes-writes-a` }],
      });
    },
  );

  test('that is too large in every form is a denial, which says so of each', async () => {
    refuse(tooLarge('PackedPolicyTooLarge'), awsError('NoSuchEntity', 'The policy is not there.', 404));
    const error = await sessions()
      .write(call(), [{ inline: '{}' }, managed])
      .catch((thrown: unknown) => thrown);
    expect(classify(error)).toBe('denied');
    expect(String(error)).toContain(
      `sts:AssumeRole: ${role} cannot be assumed: PackedPolicyTooLarge: Packed policy consumes 120% of allotted space, please use smaller policy.; then NoSuchEntity: The policy is not there.`,
    );
  });

  test('that STS finds nearly too large is worth a line in the log', async () => {
    give(95);
    await sessions().write(call(), [{ inline: '{}' }]);
    expect(logs).toEqual([expect.objectContaining({ account, session: 'volume-encrypted@f-20261121-0123456789ab', percent: 95 })]);
    give(89);
    await sessions().write(call(), [{ inline: '{}' }]);
    expect(logs).toHaveLength(1);
  });

  test('is not tried in another form where something else is wrong', async () => {
    refuse(awsError('AccessDenied', 'no', 403));
    await expect(sessions().write(call(), [{ inline: '{}' }, managed])).rejects.toThrow('no');
    expect(asked()).toHaveLength(1);
  });
});

test.each([
  ['throttled', awsError('Throttling', 'Rate exceeded')],
  ['unavailable', awsError('ServiceUnavailable', 'later', 503)],
  ['denied', awsError('AccessDenied', 'no', 403)],
  ['denied', awsError('MalformedPolicyDocument', 'wrong')],
  ['denied', awsError('RegionDisabledException', 'off', 403)],
  ['defect', new TypeError('ours')],
])('an answer that means %s is that, as a call of its own (%s)', async (expected, refusal) => {
  refuse(refusal);
  const error = await sessions()
    .read(account)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CallFailed);
  expect([classify(error), error instanceof CallFailed && error.action]).toEqual([expected, 'sts:AssumeRole']);
});

test('an answer without credentials is no session', async () => {
  sts.on(AssumeRoleCommand).resolves({});
  await expect(sessions().read(account)).rejects.toThrow(`STS gave no credentials of ${role}`);
});
