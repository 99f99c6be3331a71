import { describe, expect, test } from 'vitest';
import { keepingTerminal, redress } from '../world.ts';
import { commandsOn, hubOf, inAnOrganization, otherTemplates, ous, REGIONS } from './run.ts';
import { A, B, C, SANDBOX } from './world.ts';

const D = '444444444444';
const at = inAnOrganization();
const { first, remove, doctor } = commandsOn(at);

describe('org remove', () => {
  test('deletes the rules, then the roles, and says what remains', async () => {
    await first();
    at.cloud.sent.length = 0;
    expect((await remove()).code).toBe(2);
    const asked = keepingTerminal({ answer: false });
    expect((await redress(['org', 'remove', '--region', 'eu-west-1'], asked)).code).toBe(1);
    expect(asked.err.join()).toContain('9 stacks in 3 accounts');
    expect(at.cloud.sent).toEqual([]);

    const { code, out, err } = await remove('--yes');
    expect({ code, out }).toEqual({ code: 0, out: 'redress-member-rules and redress-member-roles are deleted, with all their stacks.' });
    expect(err).toContain('What remains: the stack of the hub with its ledger');
    expect(at.cloud.sent).toEqual([
      'DeleteStackInstances redress-member-rules',
      'DeleteStackSet redress-member-rules',
      'DeleteStackInstances redress-member-roles',
      'DeleteStackSet redress-member-roles',
    ]);
    expect((await remove('--yes')).out).toContain('There is no StackSet of Redress in eu-west-1');
  });

  test('keeps the roles while rules are left, and names them', async () => {
    await first();
    at.cloud.fails = (set, account) => (set.endsWith('rules') && account === B ? 'denied' : undefined);
    const { code, out, err } = await remove('--yes');
    expect(code).toBe(1);
    expect(out).toContain(`redress-member-rules is still in ${B} eu-west-1: denied`);
    expect(err).toContain('redress-member-rules has 2 stacks left, and was not deleted.');
    expect([...at.cloud.sets.keys()]).toEqual(['redress-member-roles', 'redress-member-rules']);
    const { out: lines } = await remove('--yes', '--json');
    expect(lines.split('\n').map((line) => JSON.parse(line).type)).toEqual(['left', 'left']);
  });
});

describe('doctor --org', () => {
  test('finds nothing silent where all was deployed', async () => {
    await first();
    expect(await doctor()).toMatchObject({ code: 0, out: "6 of 6 members' Regions have their roles and rules.", err: '' });
  });

  test('says which members are silent, why, and what to do', async () => {
    await first();
    const rules = at.cloud.sets.get('redress-member-rules')?.instances;
    const change = (key: string, changes: object) => rules?.set(key, { ...rules.get(key), ...changes });
    rules?.delete(`${A} us-east-1`);
    change(`${A} eu-west-1`, {
      Status: 'INOPERABLE',
      StackInstanceStatus: { DetailedStatus: 'INOPERABLE' },
      StatusReason: 'delete failed',
    });
    change(`${B} us-east-1`, { DriftStatus: 'DRIFTED' });
    change(`${B} eu-west-1`, { StackInstanceStatus: { DetailedStatus: 'RUNNING' } });
    change(`${C} us-east-1`, { StackInstanceStatus: { DetailedStatus: 'SKIPPED_SUSPENDED_ACCOUNT' } });
    const { code, out } = await doctor();
    expect(code).toBe(1);
    const rows = out.split('\n').flatMap((line) => /^(\d{12}) +(\S+) +(rules \w+)/.exec(line)?.slice(1).join(' ') ?? []);
    expect(rows).toEqual([
      `${A} eu-west-1 rules inoperable`,
      `${A} us-east-1 rules missing`,
      `${B} eu-west-1 rules working`,
      `${B} us-east-1 rules changed`,
      `${C} us-east-1 rules suspended`,
    ]);
    expect(out).toContain('--retain-stacks');
    expect(out).toContain('a rule was changed or switched off');
    expect(out).toContain("1 of 6 members' Regions");
  });

  test('counts those that join by themselves as members', async () => {
    await first(hubOf({ join: 'automatic' }));
    at.cloud.fails = (set) => (set === 'redress-member-rules' ? 'no' : undefined);
    at.cloud.joins(SANDBOX, D);
    const { code, out, err } = await doctor(hubOf({ join: 'automatic' }));
    expect(code).toBe(1);
    expect(out.split('\n').flatMap((line) => /^(\d{12}) +(\S+) +(rules \w+)/.exec(line)?.slice(1).join(' ') ?? [])).toEqual(
      REGIONS.map((region) => `${D} ${region} rules outdated`),
    );
    expect(out).toContain("6 of 8 members' Regions");
    expect(err).toContain(`The config does not list ${D}: each joins the hub with the first event that it forwards`);
    // where none may join, the hub refuses it, and it is no place of a member
    expect((await doctor()).out).toContain("6 of 6 members' Regions");
  });

  test('draws the first of many', async () => {
    await first();
    const accounts = Array.from({ length: 30 }, (_, n) => String(100_000_000_000 + n));
    const { code, out } = await doctor(hubOf({ ous: { ...ous, many: { id: 'ou-ab12-44444444', accounts } } }));
    expect(code).toBe(1);
    expect(out.match(/roles missing/g)).toHaveLength(50);
    expect(out).toContain('… and 10 more; --json lists all.');
  });

  test('says where the sets are not as this config and version are, or not there', async () => {
    expect((await doctor()).err).toContain('There is no StackSet of Redress in eu-west-1.');
    await first();
    const { code, out } = await doctor(otherTemplates);
    expect(code).toBe(1);
    expect(out).toContain('redress-member-rules is not as this config and version say (template): run `redress org deploy`.');
    expect((await doctor(otherTemplates, '--json')).out).toContain('"type":"set"');
    expect((await doctor({})).code).toBe(2);
  });
});
