import { describe, expect, test } from 'vitest';
import { redressItself } from '#shared/control/actor.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { readMessage } from '../../local/slack/rules.ts';
import { aFinding, aVolumeFinding } from '../../test/support/alerts/findings.ts';
import { renderings } from '../../test/support/alerts/forms.ts';
import { securityFinding } from './render/asff.ts';
import { textAlert } from './render/email.ts';
import { slackMessage } from './render/slack.ts';
import { alertView } from './view.ts';

describe('what a person reads', () => {
  const textOf = (finding: Finding) => textAlert(alertView(finding)).text;

  test('a sweep made nothing: it found it', () => {
    const event = { is: 'sweep', id: 'e', name: 'Scheduled Event', time: '2026-11-21T09:00:00.000Z' } as const;
    expect(textOf(aVolumeFinding('open', { actor: redressItself, event }))).toContain('Found by:  a sweep');
  });

  test('a service that reports by itself made nothing, unless it says so; a caller does not become a sweep', () => {
    const { event, actor } = aFinding();
    const who = (is: typeof event.is, more: Partial<typeof actor>) =>
      textOf(
        aVolumeFinding('open', { actor: { arn: null, name: 'unknown', via: 'unknown', sourceIp: null, ...more }, event: { ...event, is } }),
      );
    expect(who('notice', {})).toContain('Reported by: AWS');
    expect(who('notice', { name: 'imagebuilder.amazonaws.com' })).toContain('Made by:   imagebuilder.amazonaws.com\n');
    // a call about what a sweep had found
    expect(who('sweep', { name: 'dana', via: 'AWS CLI' })).toContain('Made by:   dana with AWS CLI');
    expect(who('order', { name: 'erin', via: 'redress' })).toContain('Ordered by: erin');
  });

  test('a fix that failed offers another try, an undo that failed another undo, and never the other', () => {
    const undo = alertView(aFinding({ status: 'failed', isFailedUndo: true }));
    expect([undo.headline, undo.next.map((one) => one.order)]).toEqual(['Failed to undo: ebs-default-encryption', ['undo']]);
    const fix = alertView(aFinding({ status: 'failed', changes: [] }));
    expect([fix.headline, fix.next.map((one) => one.order)]).toEqual(['Failed to fix: ebs-default-encryption', ['fix', 'exempt']]);
    // what is half made is finished first, whoever asked for an undo meanwhile
    const order = { kind: 'undo', id: 'o', by: 'dana', sender: null, outcome: 'refused', says: 'It is not undone.' } as const;
    expect(alertView(aFinding({ status: 'failed', order })).next.map((one) => one.order)).toEqual(['fix']);
  });

  test('who ordered what was done stays, whoever came too late with another order', () => {
    const order = { kind: 'fix', id: 'o', by: 'sam', sender: null, outcome: 'nothing-to-do', says: 'It no longer applies.' } as const;
    expect(textOf(aFinding({ doneBy: 'slack:U0DANA (dana)', order }))).toContain(
      'Order:     fix by slack:U0DANA (dana), 2026-11-21 09:00 UTC; then fix by sam: It no longer applies.',
    );
  });

  test.each([
    [5, '5 s'],
    [600, '10 min'],
    [86_400, '24 h'],
    [604_800, '7 days'],
  ])('%d seconds are %s', (seconds, says) => {
    const doneAt = new Date(Date.parse(aFinding().timings.eventTime) + seconds * 1000).toISOString();
    expect(textOf(aFinding({ timings: { ...aFinding().timings, doneAt } }))).toContain(`Took:      ${says} from the event`);
  });

  test('a command stands where no button takes its place', () => {
    const message = JSON.stringify(slackMessage(alertView(aVolumeFinding('would-fix')), { hasActions: true }));
    expect(message).toContain('approve or fix in redress.config.ts');
    expect(message).not.toContain('redress exempt');
  });

  test('an ARN can be copied', () => {
    const arn = 'arn:aws:iam::111122223333:user/dana';
    expect(JSON.stringify(slackMessage(alertView(aVolumeFinding('open', { found: `Let ${arn} go.` })), { hasActions: false }))).toContain(
      arn,
    );
  });

  test('what is cut is cut between characters, whatever they are', () => {
    for (const says of [`${'x'.repeat(1999)}${'😀'.repeat(2000)}`, `a lone \ud83d half ${'😀'.repeat(600)}`]) {
      const view = alertView(aVolumeFinding('open', { found: says, resource: { ...aVolumeFinding('open').resource, id: says } }));
      for (const drawn of Object.values(renderings).map((render) => render(view))) expect(JSON.stringify(drawn)).not.toMatch(/\\ud[89a-f]/);
    }
  });

  test('a resource whose address would be too long for a field has no link', () => {
    const group = { type: 'AWS::AutoScaling::AutoScalingGroup', id: '群'.repeat(255), arn: 'arn:aws:autoscaling:x' };
    const message = slackMessage(alertView(aVolumeFinding('open', { resource: group })), { hasActions: true });
    expect(readMessage(message)).toHaveProperty('message');
  });

  test('what is gone is over for Security Hub', () => {
    expect(
      securityFinding(alertView(aVolumeFinding('skipped', { found: null, reason: { code: 'gone', says: 'The resource is gone.' } })))
        .RecordState,
    ).toBe('ARCHIVED');
    expect(securityFinding(alertView(aVolumeFinding('skipped'))).RecordState).toBe('ACTIVE');
  });
});
