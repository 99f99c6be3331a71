import { type Finding, saysOf, statuses } from '#shared/finding/finding.ts';
import { costOfReport } from '../../cli/report/cost.ts';
import { reportData } from '../../cli/report/data.ts';
import { reportPage } from '../../cli/report/page.ts';
import { STACK } from '../cost/shape.ts';
import { HOSTILE } from './samples.ts';

const UNTIL = new Date('2027-01-31T12:00:00Z');
const HOUR = 3_600_000;
const controls = [
  { control: 'volume-encrypted', title: 'EBS volumes are encrypted', type: 'AWS::EC2::Volume' },
  { control: 'security-group-admin-closed', title: 'Administration ports are closed to the internet', type: 'AWS::EC2::SecurityGroup' },
  { control: 'parameter-secure', title: 'Parameters keep no secrets in plaintext', type: 'AWS::SSM::Parameter' },
] as const;
const people = ['dana', 'sam', 'ci-deploy', HOSTILE];

/** The page of a report of a month: a finding each four hours in every status, some of which hold hostile text. */
export function reportOfMonth(): ReturnType<typeof reportPage> {
  const findings = Array.from({ length: 180 }, (_one, n) => findingOf(n));
  const data = reportData({ since: new Date('2027-01-01T00:00:00Z'), until: UNTIL, findings });
  return reportPage(data, findings, costOfReport(data, { ...STACK, limited: 8, daily: 76, hourly: 4, dailyRuns: 8, hourlyRuns: 2 }), UNTIL);
}

function findingOf(n: number): Finding {
  const { control, title, type } = controls[n % controls.length] ?? controls[0];
  const status = statuses[n % statuses.length] ?? 'open';
  const at = (hours: number) => new Date(UNTIL.getTime() - (n * 4 + 5 - hours) * HOUR).toISOString();
  const id = n % 11 === 0 ? HOSTILE : `resource-${n}`;
  const story = {
    found: `${id} is not as it has to be.`,
    now: null,
    ...(n % 7 === 0 && { reason: { code: 'managed', says: `CloudFormation manages it, in the stack ${HOSTILE}.` } as const }),
  };
  return {
    type: 'finding',
    schemaVersion: '2',
    id: `f-20270131-${String(n).padStart(12, '0')}`,
    announcement: `f-20270131-${String(n).padStart(12, '0')}-1`,
    control,
    title,
    status,
    mode: 'fix',
    severity: n % 5 === 0 ? 'critical' : 'high',
    account: '111122223333',
    region: n % 4 === 0 ? 'us-east-1' : 'eu-west-1',
    resource: { type, id, arn: `arn:aws:ec2:eu-west-1:111122223333:x/${id}` },
    actor: { arn: null, name: people[n % people.length] ?? '', via: 'Terraform', sourceIp: null },
    event: { is: 'call', id: `e-${n}`, name: 'CreateVolume', time: at(0) },
    count: 1,
    ...story,
    says: saysOf(story),
    changes: status === 'fixed' ? [{ api: 'ec2:CopyVolumes', says: `Copy ${id} to an encrypted volume.` }] : [],
    later: [],
    advice: [],
    ...(status === 'exempt' && { exemption: { until: '2027-03-01', owner: 'dana', reason: HOSTILE, isEnding: false } }),
    timings: { eventTime: at(0), receivedAt: at(0), decidedAt: at(0), doneAt: status === 'fixed' ? at(0.01 * (1 + (n % 9))) : null },
  };
}
