import { describe, expect, test } from 'vitest';
import { messageFor, orderFor, scheduled } from '../../../test/fixtures/events.ts';
import { token } from '../../../test/fixtures/secrets.ts';
import { Harness } from '../../../test/support/harness.ts';
import { authorized, byService } from '../../../test/support/security-groups/events.ts';
import { type Account, group, groupsWorld, networkInterface, rule } from '../../../test/support/security-groups/world.ts';
import control from './security-group-admin-closed.ts';

const ssh = rule('sgr-ssh', 'tcp 22 0.0.0.0/0');
const rdp = rule('sgr-rdp', 'tcp 3389 0.0.0.0/0');
const byStack = byService('cloudformation.amazonaws.com');

function start(account: Account, settings: object = {}) {
  const world = groupsWorld({ groups: [group()], ...account });
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix', ...settings } } }, world });
  const happen = async (event: object) => {
    harness.put(messageFor(control.id, event));
    await harness.settle();
  };
  const order = async (kind: 'fix' | 'undo') => {
    const [finding] = await harness.findings();
    harness.put(orderFor(control.id, kind, finding?.id ?? '', kind === 'fix' ? { plan: finding?.plan } : {}));
    await harness.settle();
  };
  const ids = () => world.rules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId);
  return { world, harness, happen, order, ids };
}

describe('how much an open group matters', () => {
  const publicly = networkInterface({ PrivateIpAddresses: [{ Association: { PublicIp: '192.0.2.1' } }] });
  test.each([
    ['nothing uses it', [], 'medium'],
    ['something without a public address uses it', [networkInterface()], 'high'],
    ['something with a public address does', [networkInterface(), publicly], 'critical'],
    ['its public address is of the other family', [networkInterface({ Ipv6Addresses: [{ Ipv6Address: '2001:db8::1' }] })], 'high'],
  ] as const)('%s: %#', async (_name, interfaces, severity) => {
    const { harness, happen } = start({ rules: [ssh], interfaces }, { mode: 'approve' });
    await happen(authorized([ssh]));
    expect((await harness.findings()).map((finding) => finding.severity)).toEqual([severity]);
  });

  test('over IPv6 an address that is routed is public, and a private one is not', async () => {
    const ssh6 = rule('sgr-6', 'tcp 22 ::/0');
    const severityWith = async (Ipv6Address: string) => {
      const { harness, happen } = start({ rules: [ssh6], interfaces: [networkInterface({ Ipv6Addresses: [{ Ipv6Address }] })] });
      await happen(authorized([ssh6]));
      return (await harness.findings())[0]?.severity;
    };
    expect(await severityWith('2001:db8::1')).toBe('critical');
    expect(await severityWith('fd00::1')).toBe('high');
  });

  test.each([10, 0])('the fixed finding and the undone one keep it, with %s s to settle', async (settleSeconds) => {
    const { harness, happen, order } = start({ rules: [ssh], interfaces: [publicly] }, { settleSeconds });
    await happen(authorized([ssh]));
    await order('undo');
    expect(harness.announced.map(({ status, severity }) => `${status} ${severity}`).slice(-2)).toEqual([
      'fixed critical',
      'undone critical',
    ]);
  });
});

describe('rules of several hands in one group', () => {
  test('what a person added is revoked, what a stack made stays, and the rest is left to that', async () => {
    const { harness, happen, ids } = start({ rules: [ssh, rdp] });
    await happen(authorized([rdp], byStack));
    await happen(authorized([ssh]));
    expect(ids()).toEqual(['sgr-rdp']);
    const [finding] = await harness.findings();
    expect(finding).toMatchObject({ status: 'fixed' });
    expect(finding?.says).toMatch(/CloudFormation manages sgr-rdp, so it is left unchanged/);
  });

  test('the same where both calls come in one batch', async () => {
    const { harness, ids } = start({ rules: [ssh, rdp] });
    harness.put(messageFor(control.id, authorized([rdp], byStack)));
    harness.put(messageFor(control.id, authorized([ssh])));
    harness.put(messageFor(control.id, scheduled()));
    await harness.settle();
    expect(ids()).toEqual(['sgr-rdp']);
  });

  test('nobody is asked about a rule whose record comes a moment later than that of another', async () => {
    const https = rule('sgr-https', 'tcp 443 0.0.0.0/0');
    const { harness, happen, ids } = start({ rules: [https, ssh] }, { settleSeconds: 0 });
    harness.put(messageFor(control.id, authorized([https])));
    await harness.invoke();
    expect(harness.writes).toEqual([]);
    await happen(authorized([ssh]));
    expect(ids()).toEqual(['sgr-https']);
    expect(harness.announced.map(({ status }) => status)).toEqual(['fixed']);
  });

  test('where that record does not come within a minute, a person is asked', async () => {
    const { harness, ids } = start({ rules: [ssh, rdp] });
    harness.put(messageFor(control.id, authorized([rdp])));
    await harness.settle(0.05);
    expect(ids()).toEqual(['sgr-ssh', 'sgr-rdp']);
    expect((await harness.findings())[0]).toMatchObject({
      status: 'awaiting-approval',
      reason: { says: expect.stringContaining('did not see who made it') },
    });
    expect(harness.announced).toHaveLength(1);
  });

  test.each([
    ['observe', 'would-fix'],
    ['approve', 'awaiting-approval'],
  ] as const)('in mode %s nothing waits for that record', async (mode, status) => {
    const { harness } = start({ rules: [ssh, rdp] }, { mode });
    harness.put(messageFor(control.id, authorized([rdp])));
    await harness.invoke();
    expect(harness.announced).toMatchObject([{ status }]);
  });

  test('a person says yes long after, and only what was judged then goes', async () => {
    const { harness, world, happen, order, ids } = start({ rules: [ssh] }, { mode: 'approve' });
    await happen(authorized([ssh]));
    world.rules.push(rdp);
    await order('fix');
    expect(ids()).toEqual(['sgr-ssh', 'sgr-rdp']);
    expect((await harness.findings())[0]).toMatchObject({ status: 'awaiting-approval', reason: { code: 'plan-changed' } });
  });

  test('an approved fix still knows who made the rule, though its group is of a stack', async () => {
    const tags = [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }];
    const { happen, order, ids, harness } = start({ groups: [group('sg-1', { Tags: tags })], rules: [ssh] }, { mode: 'approve' });
    await happen(authorized([ssh]));
    await order('fix');
    expect((await harness.findings())[0]).toMatchObject({ status: 'fixed' });
    expect(ids()).toEqual([]);
    await order('undo');
    expect((await harness.findings())[0]).toMatchObject({ status: 'undone' });
  });
});

describe('a rule that comes back', () => {
  test('three times within an hour is a fight, which names who', async () => {
    const { world, harness, ids } = start({ rules: [] }, { settleSeconds: 0 });
    for (let n = 0; n < 4; n += 1) {
      const eventTime = new Date(harness.now.getTime() - 1000).toISOString();
      const [added] = world.authorize({
        GroupId: 'sg-1',
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      });
      harness.put(messageFor(control.id, authorized(added ? [added] : [], { eventTime })));
      await harness.settle(0.05);
    }
    expect(ids()).toHaveLength(1);
    const last = (await harness.findings()).find(({ status }) => status === 'open');
    expect(last?.reason).toMatchObject({ code: 'fight' });
    expect(last?.says).toMatch(/came back wrong 3 times within an hour, last by dana/);
  });
});

describe('a burst', () => {
  test('of 1,000 changes on 50 groups looks at each group, shares its reads, and revokes only what it read just before', async () => {
    const groups = Array.from({ length: 50 }, (_, n) => group(`sg-${n}`));
    const rules = groups.map(({ GroupId }, n) => rule(`sgr-${n}`, n % 5 === 0 ? 'tcp 443 0.0.0.0/0' : 'tcp 22 0.0.0.0/0', { GroupId }));
    const world = groupsWorld({ groups, rules });
    const rounds: { read: Set<string>; revoked: string[] }[] = [];
    const seen: string[] = [];
    const { send } = world;
    const watched = {
      ...world,
      send: async (command: Parameters<typeof send>[0]) => {
        const answer = await send(command);
        const { SecurityGroupRules, GroupId } = Object(answer);
        if (SecurityGroupRules && GroupId === undefined) for (const one of SecurityGroupRules) seen.push(one.SecurityGroupRuleId);
        const ids = Object(command.input).SecurityGroupRuleIds;
        if (ids) rounds.push({ read: new Set(seen), revoked: ids });
        return answer;
      },
    };
    const harness = new Harness({
      controls: [control],
      config: { controls: { [control.id]: { mode: 'fix', settleSeconds: 0 } } },
      world: watched,
    });
    for (let n = 0; n < 1000; n += 1) {
      const changed = rules[n % 50];
      harness.put(messageFor(control.id, authorized(changed ? [changed] : [])));
    }
    let most = 0;
    while (!harness.isIdle && harness.now.getTime() < Date.parse('2026-11-21T12:00:00Z')) {
      const before = harness.reads.length;
      seen.length = 0;
      await harness.invoke();
      const ofRules = harness.reads.slice(before).filter(({ api }) => api === 'ec2:DescribeSecurityGroupRules').length;
      most = Math.max(most, ofRules);
      harness.now = new Date(harness.now.getTime() + 15_000);
    }
    // once to judge, and once to see that the fix is there
    expect(most).toBeLessThanOrEqual(2);
    for (const { read, revoked } of rounds) expect(revoked.filter((id) => !read.has(id))).toEqual([]);
    const found = await harness.findings();
    expect(found).toHaveLength(40);
    expect(new Set(found.map(({ status }) => status))).toEqual(new Set(['fixed']));
    expect(world.rules.every(({ FromPort }) => FromPort === 443)).toBe(true);
    expect(harness.dead).toEqual([]);
  });
});

describe('a description that holds a secret', () => {
  test('is in no output, and is not kept for an undo', async () => {
    const secret = {
      Description: `pull with ${token}`,
      Tags: [
        { Key: 'note', Value: token },
        { Key: 'team', Value: 'web' },
      ],
    };
    const { harness, happen, order, world } = start({ rules: [{ ...ssh, ...secret }] });
    await happen(authorized([ssh]));
    await order('undo');
    expect((await harness.findings())[0]).toMatchObject({ status: 'undone' });
    expect(world.rules).toMatchObject([{ CidrIpv4: '0.0.0.0/0', Tags: [{ Key: 'team', Value: 'web' }] }]);
    expect(world.rules[0]?.Description).toBeUndefined();
    expect(await harness.output()).not.toContain(token);
  });

  test('stays where the rule is narrowed, and is in no output either', async () => {
    const { harness, happen, order, world } = start(
      { rules: [{ ...ssh, Description: `pull with ${token}` }] },
      { replaceBy: ['10.0.0.0/8'] },
    );
    await happen(authorized([ssh]));
    expect(world.rules).toMatchObject([{ SecurityGroupRuleId: 'sgr-ssh', CidrIpv4: '10.0.0.0/8' }]);
    await order('undo');
    expect(world.rules).toMatchObject([{ SecurityGroupRuleId: 'sgr-ssh', CidrIpv4: '0.0.0.0/0' }]);
    expect(await harness.output()).not.toContain(token);
  });
});

test('a look that finds nothing open leaves nothing behind', async () => {
  const { harness, happen } = start({ rules: [rule('sgr-1', 'tcp 443 0.0.0.0/0')] });
  await happen(scheduled());
  expect(await harness.findings()).toEqual([]);
});
