import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';
import type { PageData } from '../../cli/page/data.ts';
import { reportData } from '../../cli/report/data.ts';
import { deployed, finding, keepingTerminal, NOW, redress } from './world.ts';

const since = new Date('2027-01-29T00:00:00.000Z');
let number = 0;

/** A finding of a day, and so many seconds from its call to its end. */
function made(changes: Partial<Omit<Finding, 'says'>> & { day?: string; seconds?: number } = {}): Finding {
  const { day = '2027-01-31', seconds, ...rest } = changes;
  number += 1;
  const time = `${day}T08:00:00.000Z`;
  const doneAt = seconds === undefined ? null : new Date(Date.parse(time) + seconds * 1000).toISOString();
  return finding({
    id: `f-${day.replaceAll('-', '')}-${String(number).padStart(12, '0')}`,
    event: { is: 'call', id: `e-${number}`, name: 'CreateVolume', time },
    timings: { eventTime: time, receivedAt: time, decidedAt: time, doneAt },
    ...rest,
  });
}

const of = (...findings: readonly Finding[]) => reportData({ since, until: NOW, findings });
const by = (name: string): Finding['actor'] => ({ arn: null, name, via: 'SDK', sourceIp: null });

describe('the data of a report', () => {
  test('of nothing is nothing, day by day', () => {
    expect(of()).toEqual({
      since: '2027-01-29T00:00:00.000Z',
      until: '2027-01-31T12:00:00.000Z',
      all: 0,
      counts: { fixed: 0, waiting: 0, exempt: 0, failed: 0, ended: 0 },
      controls: [],
      waiting: [],
      exempt: [],
      toFixed: { alone: { count: 0, median: null, p95: null }, ordered: { count: 0, median: null, p95: null } },
      people: [],
      stacks: [],
      days: ['2027-01-29', '2027-01-30', '2027-01-31'].map((day) => ({ day, found: 0, fixed: 0 })),
    });
  });

  test.each<[Finding['status'], string]>([
    ['fixed', 'fixed'],
    ['superseded', 'fixed'],
    ['open', 'waiting'],
    ['would-fix', 'waiting'],
    ['awaiting-approval', 'waiting'],
    ['failed', 'failed'],
    ['exempt', 'exempt'],
    ['skipped', 'ended'],
    ['undone', 'ended'],
    ['closed', 'ended'],
  ])('counts %s as %s', (status, group) => {
    const { counts, controls } = of(made({ status }));
    expect(counts).toMatchObject({ [group]: 1 });
    expect(Object.values(counts).reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(controls).toEqual([{ control: 'volume-encrypted', title: 'EBS volumes are encrypted', severity: 'high', all: 1, ...counts }]);
  });

  test('has median and 95 % of what was fixed after a call, by Redress alone and by order', () => {
    const alone = Array.from({ length: 20 }, (_, n) => made({ status: 'fixed', seconds: n + 1 }));
    const swept = made({
      status: 'fixed',
      seconds: 9999,
      event: { is: 'sweep', id: 's', name: 'sweep', time: '2027-01-31T08:00:00.000Z' },
    });
    const ordered = made({ status: 'superseded', seconds: 600, doneBy: 'arn:aws:iam::111122223333:user/dana' });
    expect(of(...alone, swept, ordered, made()).toFixed).toEqual({
      alone: { count: 20, median: 10, p95: 19 },
      ordered: { count: 1, median: 600, p95: 600 },
    });
  });

  test('names what waits, the most severe and oldest first', () => {
    const [late, early] = [made({ day: '2027-01-31' }), made({ day: '2027-01-30' })];
    const critical = made({ severity: 'critical', status: 'failed' });
    const open = made({ severity: 'critical', status: 'open' });
    expect(of(late, early, critical, open).waiting.map(({ id }) => id)).toEqual([open.id, early.id, late.id]);
  });

  test('says until when what is exempt, the first end first', () => {
    const exemption = (until: string) => ({ until, owner: 'dana', reason: 'being migrated', isEnding: false });
    const data = of(
      made({ status: 'exempt', exemption: exemption('2027-09-01') }),
      made({ status: 'exempt', exemption: exemption('2027-03-01') }),
    );
    expect(data.exempt.map(({ until, owner, reason }) => [until, owner, reason])).toEqual([
      ['2027-03-01', 'dana', 'being migrated'],
      ['2027-09-01', 'dana', 'being migrated'],
    ]);
  });

  test('names ten people, and the stacks that findings name', () => {
    const people = Array.from({ length: 12 }, (_, n) => Array.from({ length: n + 1 }, () => made({ actor: by(`p${n}`) }))).flat();
    expect(of(...people).people.map(({ name, findings }) => `${name} ${findings}`)).toEqual(
      Array.from({ length: 10 }, (_, n) => `p${11 - n} ${12 - n}`),
    );
    const managed = (says: string) => made({ status: 'skipped', reason: { code: 'managed', says } });
    const { stacks } = of(
      managed('The CloudFormation stack shop-prod manages it, so it is left unchanged: fix it there.'),
      managed('It claims to be managed by the CloudFormation stack shop-prod, so it is left unchanged: fix it there.'),
      managed('Elastic Beanstalk (stack awseb-e-1) manages it, so it is left unchanged: fix it there.'),
      managed('Terraform manages it, so it is left unchanged: fix it there.'),
    );
    expect(stacks).toEqual([
      { name: 'shop-prod', findings: 2 },
      { name: 'awseb-e-1', findings: 1 },
    ]);
  });

  test('counts by the day of the call', () => {
    expect(of(made({ day: '2027-01-30', status: 'fixed' }), made({ day: '2027-01-30' })).days[1]).toEqual({
      day: '2027-01-30',
      found: 2,
      fixed: 1,
    });
  });
});

describe('`redress report`', () => {
  let cloud: ReturnType<typeof deployed>;
  beforeEach(() => {
    cloud = deployed();
    const exemption = { until: '2027-03-01', owner: 'dana', reason: 'being migrated', isEnding: false };
    for (const one of [made({ status: 'fixed', seconds: 4 }), made(), made({ status: 'exempt', exemption })]) cloud.put({ finding: one });
  });
  afterEach(() => cloud.restore());

  test('draws tables', async () => {
    const { code, out } = await redress(['report', '--since', '7d'], keepingTerminal({ width: 200 }));
    expect(code).toBe(0);
    expect(out).toMatch(/^3 findings since 2027-01-24: 1 fixed, 1 waiting, 1 exempt, 0 failed, 0 ended without a fix\.\n/);
    expect(out).toContain('From the call to fixed: median 4.0 s, 95 % within 4.0 s, of 1; where a person ordered it none.');
    expect(out).toMatch(/^volume-encrypted +high +3 +1 +1 +1 +0$/m);
    expect(out).toMatch(/^2027-03-01 +volume-encrypted +vol-1 +dana +being migrated$/m);
    expect(out).toMatch(/At list prices about \d+\.\d\d USD for being there, and less than 0\.01 USD for the findings/);
    expect(out).not.toContain('Stacks');
  });

  test('writes a page of every finding, whatever text is in it', async () => {
    cloud.put({ finding: made({ status: 'failed', found: '</script><script>alert(1)</script>' }) });
    const folder = await mkdtemp(join(tmpdir(), 'redress-report-'));
    const file = join(folder, 'report.html');
    expect((await redress(['report', '--html', file])).code).toBe(0);
    const html = await readFile(file, 'utf8');
    await rm(folder, { recursive: true });
    const data: PageData = JSON.parse(/<script type="application\/json" id="data">(.*)<\/script>/.exec(html)?.[1] ?? '');
    const names = data.items.map(({ outcome }) => data.outcomes[outcome]?.name);
    expect(names.toSorted()).toEqual(['Exempt', 'Failed', 'Fixed', 'Waiting']);
    expect(data.cells.reduce((all, cell) => all + (cell.at(-1) ?? 0), 0)).toBe(4);
    expect(data.texts).toContain('</script><script>alert(1)</script>');
    expect(html).not.toContain('<script>alert');
    expect(data.lead.join(' ')).toMatch(/From the call to fixed: median 4\.0 s, .* At list prices about/);
  });

  test('answers in JSON with the cost of the time', async () => {
    const [week, month] = [await redress(['report', '--json', '--since', '7d']), await redress(['report', '--json'])];
    const [one, other] = [JSON.parse(week.out), JSON.parse(month.out)];
    expect(one).toMatchObject({ type: 'report', all: 3, counts: { fixed: 1, waiting: 1, exempt: 1 } });
    expect(other.costUsd.idle / one.costUsd.idle).toBeCloseTo(30 / 7, 6);
    expect(one.costUsd.findings.atMost).toBeGreaterThan(one.costUsd.findings.atLeast);
  });
});
