import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import { describe, expect, test } from 'vitest';
import type { AlertsConfig } from '#shared/finding/alerts-config.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { aFinding, aVolumeFinding } from '../../test/support/alerts/findings.ts';
import type { AmazonQNotification } from './render/amazon-q.ts';
import { mentionFor } from './route/route.ts';
import { tellAll } from './route/tell.ts';
import { alertView } from './view.ts';

const slack = {
  channels: {
    security: { tokenParameter: '/redress/slack/token', channel: 'C0123456789' },
    hook: { webhookParameter: '/redress/slack/hook' },
  },
};

/** Ways out that note what went through them, and a memory of what is done. */
class Ways {
  readonly topic: string[] = [];
  readonly texts: string[] = [];
  readonly amazonQ: AmazonQNotification[] = [];
  readonly hub: AwsSecurityFinding[][] = [];
  readonly pended: string[] = [];
  readonly done = new Set<string>();
  readonly logs: string[] = [];
  /** Which topic publish fails, by the finding's id. */
  failing: string | undefined;
  refusing: string | undefined;
  /** Whose Security Hub does not answer. */
  silent: string | undefined;

  tell(alerts: AlertsConfig, ...findings: readonly Finding[]) {
    return tellAll(findings, {
      alerts,
      view: (finding) => alertView(finding, { alerts }),
      store: {
        pend: async (channel, { id }) => void this.pended.push(`${channel} ${id}`),
      },
      ledger: {
        done: async (keys) => new Set(keys.filter((key) => this.done.has(key))),
        markDone: async (keys) => {
          for (const key of keys) this.done.add(key);
        },
      },
      isImported: ({ account }) => account !== '999988887777',
      toTopic: async ({ id, found }) => {
        this.texts.push(found ?? '');
        if (id === this.failing) throw new Error('SNS does not answer');
        this.topic.push(id);
      },
      toAmazonQ: async (notification) => void this.amazonQ.push(notification),
      toSecurityHub: async (all, { account }) => {
        if (account === this.silent) throw new Error('Security Hub does not answer');
        this.hub.push([...all]);
        return new Map(all.flatMap(({ Id = '' }) => (Id.endsWith(this.refusing ?? ' ') ? [[Id, 'InvalidInput: no']] : [])));
      },
      now: () => Date.parse('2026-11-21T09:00:00.000Z'),
      log: (message, fields) => void this.logs.push(`${message} ${JSON.stringify(fields)}`),
    });
  }
}

const fixed = aFinding();
const open = aVolumeFinding('open', { severity: 'critical' });

test('a finding that is too large is told in a shorter form, and settles under its own name', async () => {
  const ways = new Ways();
  const large = aFinding({ found: 'x'.repeat(200_000) });
  const { failed } = await ways.tell({ amazonQ: true, securityHub: true }, large);
  expect([...failed]).toEqual([]);
  expect(ways.texts.map(({ length }) => length)).toEqual([4000]);
  expect([...ways.done].every((key) => key.endsWith(large.announcement))).toBe(true);
});

describe('who is told', () => {
  test('without routes, everybody that the config names', async () => {
    const ways = new Ways();
    const { channels } = await ways.tell({ slack, amazonQ: true, securityHub: true }, fixed);
    expect(ways.topic).toEqual([fixed.id]);
    expect(ways.amazonQ).toHaveLength(1);
    expect(ways.hub.flat()).toHaveLength(1);
    expect(ways.pended).toEqual([`security ${fixed.id}`, `hook ${fixed.id}`]);
    expect([...channels.keys()]).toEqual(['security', 'hook']);
  });

  test('by control, severity, account and status; what no route takes goes to the topic', async () => {
    const routes = [
      { controls: ['volume-encrypted'], atLeast: 'high', statuses: ['open'], to: ['slack:security'] },
      { accounts: ['999999999999'], to: ['slack:hook'] },
    ] as const;
    const ways = new Ways();
    await ways.tell({ slack, routes }, open, fixed, { ...open, id: 'low', announcement: 'low', severity: 'low' });
    // what may have a message in a channel by another status or severity is left to the channel's own flow
    expect(ways.pended).toEqual([`security ${open.id}`, 'security low']);
    expect(ways.topic).toEqual([fixed.id, 'low']);
  });

  test('a bot may have to hear the end of what no route sends it; a webhook has no message to update', async () => {
    const routes = [{ statuses: ['open'], to: ['slack:security', 'slack:hook'] }] as const;
    const ways = new Ways();
    await ways.tell({ slack, routes }, { ...open, status: 'superseded', announcement: 'end' });
    expect(ways.pended).toEqual([`security ${open.id}`]);
  });

  test('an announcement that is twice in a batch goes out once', async () => {
    const ways = new Ways();
    await ways.tell({}, fixed, fixed);
    expect(ways.topic).toEqual([fixed.id]);
  });

  test('one that cannot be drawn keeps no other from being told', async () => {
    const ways = new Ways();
    const odd = { ...open, event: { ...open.event, time: 'no time' } };
    const { failed } = await ways.tell({ securityHub: true }, odd, fixed);
    expect(ways.hub.flat()).toHaveLength(1);
    expect([...failed]).toEqual([open.announcement]);
  });

  test('where none can be drawn, Security Hub is not called with nothing', async () => {
    const ways = new Ways();
    const odd = { ...open, event: { ...open.event, time: 'no time' } };
    const { failed } = await ways.tell({ securityHub: true }, odd);
    expect(ways.hub).toEqual([]);
    expect([...failed]).toEqual([open.announcement]);
  });

  test('what Security Hub would refuse here, as of another account, goes the other ways alone', async () => {
    const ways = new Ways();
    const { failed } = await ways.tell({ securityHub: true }, { ...fixed, account: '999988887777' });
    expect([ways.topic, ways.hub, [...failed]]).toEqual([[fixed.id], [], []]);
  });

  test('those of each place are imported there, and a place that fails keeps those of no other', async () => {
    const ways = new Ways();
    const [there, elsewhere] = ['444455556666', '777788889999'].map((account) => ({
      ...fixed,
      account,
      id: account,
      announcement: account,
    }));
    ways.silent = there?.account;
    const { failed } = await ways.tell({ securityHub: true }, fixed, ...[there, elsewhere].flatMap((one) => one ?? []));
    expect(ways.hub.map((part) => part.map(({ AwsAccountId }) => AwsAccountId))).toEqual([[fixed.account], ['777788889999']]);
    expect([...failed]).toEqual(['444455556666']);
    expect(ways.topic).toHaveLength(3);
  });

  test('quiet statuses reach neither topic nor Amazon Q, but Security Hub, which must not be left with what is over', async () => {
    const ways = new Ways();
    await ways.tell({ quiet: ['fixed'], amazonQ: true, securityHub: true }, fixed);
    expect([ways.topic, ways.amazonQ]).toEqual([[], []]);
    expect(ways.hub.flat()).toHaveLength(1);
  });

  test('a quiet status is told all the same where it answers an order, or an exemption ends', async () => {
    const order = {
      kind: 'fix',
      id: 'o1',
      by: 'slack:U0DANA (dana)',
      sender: null,
      outcome: 'nothing-to-do',
      says: 'It is fixed already.',
    } as const;
    const answer = { ...fixed, order, announcement: `${fixed.id}-answer-o1` };
    const exemption = { until: '2026-12-20', owner: 'dana', reason: 'being migrated', isEnding: true };
    const reminder = aFinding({ id: 'reminder', status: 'exempt', exemption });
    const quiet = ['fixed', 'exempt'] as const;
    const ways = new Ways();
    await ways.tell({ quiet }, answer, reminder, { ...fixed, id: 'later', announcement: 'later', order }, aFinding({ status: 'exempt' }));
    expect(ways.topic).toEqual([fixed.id, 'reminder']);
  });

  test('a quiet status is told all the same where the resource claims to be managed, but for the least severe', async () => {
    const reason = { code: 'claimed', says: 'It claims to be managed by Terraform, so a person decides.' } as const;
    const status = 'awaiting-approval';
    const claims = (['medium', 'low'] as const).map((severity) =>
      aFinding({ id: severity, announcement: severity, status, severity, reason }),
    );
    const ways = new Ways();
    await ways.tell({ quiet: [status] }, ...claims, aFinding({ id: 'asked', announcement: 'asked', status, severity: 'high' }));
    expect(ways.topic).toEqual(['medium']);
  });
});

describe('each way is gone once', () => {
  test('what failed is tried again, what went through is not', async () => {
    const ways = new Ways();
    ways.failing = open.id;
    const first = await ways.tell({ amazonQ: true }, fixed, open);
    expect([...first.failed]).toEqual([open.announcement]);
    ways.failing = undefined;
    const second = await ways.tell({ amazonQ: true }, fixed, open);
    expect(second.failed.size).toBe(0);
    expect(ways.topic).toEqual([fixed.id, open.id]);
    expect(ways.amazonQ).toHaveLength(2);
  });

  test('Security Hub takes a hundred a call, and only the last of each finding', async () => {
    const many = Array.from({ length: 150 }, (_, n) => ({ ...open, id: `f-${n}`, announcement: `f-${n}-1` }));
    const end = { ...open, id: 'f-0', announcement: 'f-0-2', status: 'superseded' } as const;
    const ways = new Ways();
    ways.refusing = '/f-7';
    const { failed } = await ways.tell({ securityHub: true, routes: [{ to: [] }] }, ...many, {
      ...end,
      timings: { ...end.timings, decidedAt: '2026-11-21T10:00:00.000Z' },
    });
    expect(ways.hub.map((part) => part.length)).toEqual([100, 50]);
    expect(ways.hub.flat().find(({ Id }) => Id?.endsWith('/f-0'))?.RecordState).toBe('ARCHIVED');
    expect([...failed]).toEqual(['f-7-1']);
    expect(ways.logs.join()).toContain('InvalidInput');
  });
});

test('an owner is known by the tag, the ARN, the name or the session, and never by what every object has', () => {
  const owners = { shop: 'S0123456789', 'deploy/ci': 'U0000000001', 'erin@example.com': 'U0000000002' };
  const config = { slack: { ...slack, owners } };
  const named = (name: string, owner?: string) =>
    mentionFor({ ...open, ...(owner && { owner }), actor: { ...open.actor, arn: null, name } }, config);
  expect(named('deploy/ci', 'shop')).toBe('S0123456789');
  expect(named('deploy/ci', 'nobody')).toBe('U0000000001');
  expect(named('Admin/erin@example.com')).toBe('U0000000002');
  expect(named('mallory', 'constructor')).toBeUndefined();
});
