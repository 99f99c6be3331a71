import { type Finding, type Status, saysOf } from '#shared/finding/finding.ts';

/** A finding as the engine announces it; the rest is for a test to change. */
export function aFinding(changes: Partial<Omit<Finding, 'says'>> = {}): Finding {
  const { id = 'f-20261121-0123456789ab', status = 'fixed' } = changes;
  const finding = {
    type: 'finding',
    schemaVersion: '2',
    id,
    announcement: `${id}-1-${status}`,
    control: 'ebs-default-encryption',
    title: 'EBS encryption by default is on',
    status,
    mode: 'fix',
    severity: 'high',
    account: '111122223333',
    region: 'eu-west-1',
    resource: { type: 'AWS::::Account', id: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
    actor: { arn: 'arn:aws:iam::111122223333:user/dana', name: 'dana', via: 'AWS CLI', sourceIp: '192.0.2.10' },
    event: { is: 'call', id: '0f1e2d3c-0000-4000-8000-000000000000', name: 'CreateVolume', time: '2026-11-21T09:00:00.000Z' },
    count: 1,
    found: 'EBS encryption by default is off.',
    now: 'EBS encryption by default is on, with alias/aws/ebs.',
    changes: [{ api: 'ec2:EnableEbsEncryptionByDefault', says: 'Turn on EBS encryption by default for this Region.' }],
    later: [],
    advice: [],
    timings: {
      eventTime: '2026-11-21T09:00:00.000Z',
      receivedAt: '2026-11-21T09:00:01.000Z',
      decidedAt: '2026-11-21T09:00:02.000Z',
      doneAt: ['fixed', 'superseded', 'undone'].includes(status) ? '2026-11-21T09:00:02.000Z' : null,
    },
    ...changes,
  } satisfies Omit<Finding, 'says'>;
  return { ...finding, says: saysOf(finding) };
}

/** A finding about a volume, of any status. */
export function aVolumeFinding(status: Status, changes: Partial<Omit<Finding, 'says'>> = {}): Finding {
  const id = 'vol-0a1b2c3d4e5f60718';
  return aFinding({
    id: 'f-20261121-ba9876543210',
    control: 'volume-encrypted',
    title: 'EBS volumes are encrypted',
    canUndo: false,
    resource: { type: 'AWS::EC2::Volume', id, arn: `arn:aws:ec2:eu-west-1:111122223333:volume/${id}` },
    actor: {
      arn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci',
      name: 'deploy/ci',
      via: 'Terraform',
      sourceIp: '192.0.2.11',
    },
    found: 'The volume is not encrypted, and not attached.',
    now: null,
    changes: [{ api: 'ec2:CopyVolumes', says: `Copy ${id} to an encrypted volume of the same size, type, zone and tags.` }],
    later: [{ api: 'ec2:CreateTags', says: `Tag ${id} with the id of the copy that replaces it; Redress never deletes it.` }],
    status,
    ...changes,
  });
}

/** Names and texts that want to be more than text. */
export const hostile =
  '<!channel> <@U0123456789> <https://evil.example|click> & *bold* `code` :rotating_light: </h2><script>alert(1)</script>\r\n\u2028next';

/** A finding in which everything that a record can carry is hostile, or long. */
export function aHostileFinding(status: Status): Finding {
  const long = `${hostile} ${'é<&>'.repeat(2560)}`;
  return aVolumeFinding(status, {
    resource: { type: 'AWS::SSM::Parameter', id: long, arn: `arn:aws:ssm:eu-west-1:111122223333:parameter/${long}` },
    actor: { arn: long, name: long, via: long, sourceIp: long },
    owner: long,
    found: long,
    reason: { code: 'refused', says: long },
    changes: Array.from({ length: 40 }, () => ({ api: 'ec2:CopyVolumes', says: long })),
    advice: Array.from({ length: 40 }, () => ({ says: long })),
    order: { kind: 'fix', id: 'o', by: long, sender: long, outcome: 'refused', says: long },
  });
}
