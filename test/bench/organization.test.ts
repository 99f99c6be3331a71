import { expect, test } from 'vitest';
import { Faults } from '../../bench/storm/faults.ts';
import { ofOrganization } from '../../bench/storm/organization.ts';
import { Account, type Sort } from '../../bench/storm/sorts/sort.ts';
import { verdict } from '../../bench/storm/verdict.ts';
import type { ObservedCall } from '../../local/emulator/proxy.ts';
import type { LocalFinding } from '../../local/findings.ts';

const regions = ['us-east-1', 'eu-west-1'];
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const accounts = ['111122223333', '444455556666'].flatMap((id) =>
  regions.map((region) => new Account(id, { region, endpoint: 'http://127.0.0.1:1', credentials })),
);
const burst = { accounts: 2, regions, volumes: 50, seconds: 1 };

test('the burst makes as many volumes in each Region of each account', async () => {
  const plan = await ofOrganization(burst);
  const made = Array.from({ length: plan.creations }, (_, n) => plan.creation(n, accounts, Math.random).account);
  expect(accounts.map((account) => made.filter((one) => one === account).length)).toEqual([50, 50, 50, 50]);
});

test('STS and EC2 throttle 30 % of the calls of a function, and the others as in every storm', async () => {
  const { strength } = await ofOrganization(burst);
  const throttled = async (api: string) => {
    const faults = new Faults(1, strength);
    const seen = { when: 'before', caller: 'x', function: 'redress-volumes', api } as ObservedCall;
    for (let n = 0; n < 4000; n += 1) await faults.onCall(seen);
    return faults.counts.throttled / 4000;
  };
  expect(await throttled('sts:AssumeRole')).toBeCloseTo(0.3, 1);
  expect(await throttled('ec2:CopyVolumes')).toBeCloseTo(0.3, 1);
  expect(await throttled('dynamodb:UpdateItem')).toBeLessThan(0.06);
});

test('what counts in a place is its own finding, even where a resource of another is called the same', async () => {
  const sort: Sort = { kind: 'volume', control: 'c', status: 'fixed', weight: 1, make: async () => 'vol-1' };
  const plan = { ...(await ofOrganization(burst)), sorts: [sort] };
  const [first = expect.fail(), second = expect.fail()] = accounts;
  const made = [first, second].map((account) => ({ sort, account, id: 'vol-1' }));
  const finding: LocalFinding = {
    id: 'f-1',
    announcement: 'a-1',
    control: 'c',
    status: 'fixed',
    account: first.id,
    region: 'us-east-1',
    resource: { id: 'vol-1' },
  };
  const ledger = { getFinding: async () => ({ finding }) as never };
  const rows = await verdict(made, { plan, accounts }, [finding], ledger);
  expect(rows.map(({ kind, made: count, right, lost }) => [kind, count, right, lost.length])).toEqual([
    ['volume, us-east-1', 1, 1, 0],
    ['volume, eu-west-1', 1, 0, 1],
  ]);
});
