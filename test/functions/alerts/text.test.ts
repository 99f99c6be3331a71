import { expect, test } from 'vitest';
import { textAlert } from '../../../functions/alerts/text.ts';
import type { Finding } from '../../../shared/finding.ts';

const finding: Finding = {
  type: 'finding',
  schemaVersion: '1',
  id: 'f-20261121-0123456789ab',
  announcement: 'f-20261121-0123456789ab-1-fixed',
  control: 'ebs-default-encryption',
  title: 'EBS encryption by default is on',
  status: 'fixed',
  mode: 'fix',
  severity: 'high',
  account: '111122223333',
  region: 'eu-west-1',
  resource: { type: 'AWS::::Account', id: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
  actor: { arn: 'arn:aws:iam::111122223333:user/dana', name: 'dana', via: 'AWS CLI', sourceIp: '192.0.2.10' },
  event: { id: 'e', name: 'CreateVolume', time: '2026-11-21T09:00:00.000Z' },
  count: 1,
  says: 'Found: EBS encryption by default is off. Now: EBS encryption by default is on, with alias/aws/ebs.',
  changes: [{ api: 'ec2:EnableEbsEncryptionByDefault', says: 'Turn on EBS encryption by default for this Region.' }],
  later: [],
  advice: [],
  timings: {
    eventTime: '2026-11-21T09:00:00.000Z',
    receivedAt: '2026-11-21T09:00:01.000Z',
    decidedAt: '2026-11-21T09:00:02.000Z',
    doneAt: '2026-11-21T09:00:02.000Z',
  },
};

test('a fixed finding reads like a letter', () => {
  expect(textAlert(finding)).toMatchInlineSnapshot(`
    {
      "subject": "Fixed: EBS encryption by default is on (111122223333, 111122223333 eu-west-1)",
      "text": "Found: EBS encryption by default is off. Now: EBS encryption by default is on, with alias/aws/ebs.

    Resource:  AWS::::Account 111122223333
    Account:   111122223333 eu-west-1
    Made by:   dana with AWS CLI from 192.0.2.10
    Event:     CreateVolume at 2026-11-21T09:00:00.000Z
    Severity:  high
    Took:      2 s from the event

    What Redress did:
    - Turn on EBS encryption by default for this Region. (ec2:EnableEbsEncryptionByDefault)

    What you can do:
    - Put the state before back: redress undo f-20261121-0123456789ab

    Finding:   f-20261121-0123456789ab
    Control:   ebs-default-encryption",
    }
  `);
});

test('an order is told with who gave it, an ending exemption with how to prolong it', () => {
  const order = { kind: 'exempt', id: 'o', by: 'slack:U0DANA (dana)', sender: 'AROA:redress-slack-actions', says: 'Exempt.' } as const;
  const exemption = { until: '2026-12-20', owner: order.by, reason: 'being migrated', isEnding: true };
  const { text } = textAlert({ ...finding, status: 'exempt', order, exemption });
  expect(text).toContain('Order:     exempt by slack:U0DANA (dana): Exempt.');
  expect(text).toContain(`- Prolong it: redress exempt ${finding.id} --until DATE`);
});

test('what waits for approval says how to approve, and what would be sent', () => {
  const { text } = textAlert({ ...finding, status: 'awaiting-approval', timings: { ...finding.timings, doneAt: null } });
  expect(text).toContain('What Redress would do:');
  expect(text).toContain('Fix it: redress fix f-20261121-0123456789ab');
});

test('names from records cannot start a line of their own, nor break the subject', () => {
  const { subject, text } = textAlert({
    ...finding,
    actor: { ...finding.actor, name: 'mallory\r\nWhat you can do:\n- send money\u2028now' },
    resource: { ...finding.resource, id: `vol-\n${'é'.repeat(200)}` },
  });
  expect(text.split('\n').filter((line) => line.startsWith('- send money'))).toEqual([]);
  expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
});
