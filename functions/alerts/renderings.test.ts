import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adviceOf } from '#shared/control/iac.ts';
import { type Finding, statuses } from '#shared/finding/finding.ts';
import { fittingFinding } from '#shared/finding/fitting.ts';
import { markup } from '../../local/slack/page.ts';
import { readMessage } from '../../local/slack/rules.ts';
import { aFinding, aHostileFinding, aVolumeFinding } from '../../test/support/alerts/findings.ts';
import { renderings } from '../../test/support/alerts/forms.ts';
import {
  address,
  leakingCommand,
  ownedVolume,
  replacedTemplate,
  restartedTrail,
  sensitiveName,
  undoneSetting,
} from '../../test/support/alerts/told.ts';
import volumeEncrypted from '../volumes/volume-encrypted.ts';
import { amazonQNotification } from './render/amazon-q.ts';
import { securityFinding } from './render/asff.ts';
import { textAlert } from './render/email.ts';
import { digestMessage, slackMessage } from './render/slack.ts';
import { openDigest, withFindings } from './slack/digest.ts';
import { threadKey } from './slack/pending.ts';
import { alertView } from './view.ts';

const fixtures = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'alerts');
const config = { alerts: { docs: 'https://example.com/redress/docs/' } };

/** The alerts that people see most; `npm test -- functions/alerts -u` writes the files again. */
const cases: { readonly [name: string]: Finding } = {
  fixed: aFinding(),
  'waiting-for-approval': aVolumeFinding('awaiting-approval', { owner: 'shop', count: 3 }),
  'left-to-terraform': aVolumeFinding('skipped', {
    found: 'The volume is not encrypted. Terraform manages it, so it is left unchanged: fix it there.',
    changes: [],
    later: [],
    advice: adviceOf(volumeEncrypted.iac ?? {}, 'terraform'),
  }),
  undone: await undoneSetting(),
  'template-replaced': await replacedTemplate(),
  'sensitive-tag': await sensitiveName(),
  'secret-in-a-command': await leakingCommand(),
  'owner-tagged': await ownedVolume(),
  'trail-started': await restartedTrail(),
};

describe.each(Object.entries(cases))('%s', (name, finding) => {
  test.each(Object.entries(renderings))('as %s', async (file, render) => {
    const drawn = render(alertView(finding, config));
    const alert = drawn as { subject?: string; text?: string };
    const text = file.endsWith('.txt') ? `${alert.subject}\n\n${alert.text}\n` : `${JSON.stringify(drawn, null, 2)}\n`;
    expect(text).not.toContain(address);
    await expect(text).toMatchFileSnapshot(join(fixtures, `${name}.${file}`));
  });
});

describe('whatever the names, tags and texts', () => {
  test.each(Object.entries(renderings))('%s shows nothing that is not seen, and no letter that passes for another', (_file, render) => {
    const name = 'x\u202e\u200d\u{e0041}\u061c\u00ad\ufe0f\u2028y-\u0430dmin';
    const named = { actor: { arn: name, name, via: name, sourceIp: name }, owner: name, found: name, advice: [{ says: name }] };
    const drawn = JSON.stringify(render(alertView(aVolumeFinding('failed', { ...named, reason: { code: 'refused', says: name } }))));
    expect(drawn).toContain('x y');
    expect(drawn).not.toMatch(/[\u061c\u00ad\u200c-\u200f\u2028-\u202e\u0430]|\ufe0f|\u200d|\u{e0041}/u);
  });

  test.each(statuses)('%s: Slack takes the message, and nothing in it acts', (status) => {
    const message = slackMessage(alertView(aHostileFinding(status)), { hasActions: true });
    expect(readMessage({ channel: 'C0123456789', ...message })).toHaveProperty('message');
    // all that Slack would see as its own form is a link that we built
    const forms = JSON.stringify(message).match(/<[^>]*>/g) ?? [];
    for (const form of forms)
      expect(form).toMatch(/^<https:\/\/(eu-west-1\.console\.aws\.amazon\.com|docs\.aws\.amazon\.com)\/[^|<>]*\|[\w -]+>$/);
    // what stands in code, and in a header, is drawn as it is
    const outsideOfCode = JSON.stringify(message.blocks.slice(1)).replace(/`[^`]*`/g, '');
    expect(outsideOfCode).toContain('bold');
    expect(outsideOfCode).not.toMatch(/\*bold\*|:rotating_light:/);
  });

  test('a text of 10 KB is cut where people see that it was', () => {
    const view = alertView(aHostileFinding('open'));
    expect(JSON.stringify(slackMessage(view, { hasActions: false }).blocks)).toMatch(/… \(\+\d+\)/);
    expect(textAlert(view).text).toMatch(/… \(\d+ more characters\)/);
    expect(textAlert(view).text.length).toBeLessThan(256 * 1024);
  });

  test('an e-mail keeps its lines, and its subject is what SNS takes', () => {
    const { subject, text } = textAlert(alertView(aHostileFinding('failed')));
    expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
    expect(text.split('\n').filter((line) => line.startsWith('next'))).toEqual([]);
  });

  test('Amazon Q gets no mention, and no more than SNS takes', () => {
    const text = JSON.stringify(amazonQNotification(alertView(aHostileFinding('open'))));
    expect(text).not.toMatch(/<[!@]/);
    expect(text.length).toBeLessThan(256 * 1024);
  });

  test('Security Hub gets what fits its limits', () => {
    const finding = securityFinding(alertView(aHostileFinding('open')));
    expect(finding.Title?.length).toBeLessThanOrEqual(256);
    expect(finding.Description?.length).toBeLessThanOrEqual(1024);
    expect(finding.Remediation?.Recommendation?.Text?.length).toBeLessThanOrEqual(512);
    expect(finding.Resources?.[0]?.Id?.length).toBeLessThanOrEqual(512);
    expect(JSON.stringify(finding).length).toBeLessThan(240 * 1024);
  });

  test('the largest finding that is announced fits wherever it goes', () => {
    const all = Array.from({ length: 2000 }, (_, n) => ({ api: `ec2:Call${n}`, says: `${n} ${'pаy'.repeat(1330)}` }));
    const text = 'ä'.repeat(100_000);
    const view = alertView(fittingFinding(aFinding({ found: text, changes: all, later: all, advice: all.map(({ says }) => ({ says })) })));
    for (const form of Object.values(renderings)) expect(Buffer.byteLength(JSON.stringify(form(view)))).toBeLessThan(240 * 1024);
    expect(readMessage(slackMessage(view, { hasActions: true }))).toHaveProperty('message');
  });

  test('what a channel remembers fits an item, however long the names are', () => {
    const findings = Array.from({ length: 200 }, (_, n) =>
      aFinding({ actor: { arn: `${n}${'a'.repeat(40_000)}`, name: `${n}${'n'.repeat(40_000)}`, via: 'v', sourceIp: null } }),
    );
    const keys = findings.map(threadKey);
    expect(new Set(keys).size).toBe(200);
    expect(threadKey({ control: 'c', actor: { arn: 'a'.repeat(992), name: 'n', via: 'v', sourceIp: null } })).toContain('aaa');
    expect(threadKey({ control: 'c', actor: { arn: 'a'.repeat(993), name: 'n', via: 'v', sourceIp: null } })).toMatch(/^[0-9a-f]{64}$/);
    const digest = withFindings(openDigest('d', '111122223333 eu-west-1', 0, 1000), findings, 60_000);
    expect(JSON.stringify([keys, digest]).length).toBeLessThan(100_000);
  });

  test('a digest of hostile names is one that Slack takes', () => {
    const findings = Array.from({ length: 30 }, (_, n) => {
      const finding = aHostileFinding('open');
      return { ...finding, actor: { ...finding.actor, name: `${n}${finding.actor.name}` } };
    });
    const message = digestMessage(withFindings(openDigest('d', '111122223333 eu-west-1', 0, 1000), findings, 60_000));
    expect(readMessage(message)).toHaveProperty('message');
    expect(JSON.stringify(message)).not.toMatch(/<[!@h]/);
  });

  test('the page draws text, never markup of its own', () => {
    const drawn = slackMessage(alertView(aHostileFinding('open')), { hasActions: false }).blocks.flatMap((block) =>
      block.type === 'section' && block.text ? [markup(block.text.text)] : [],
    );
    expect(drawn.length).toBeGreaterThan(0);
    expect(drawn.join('')).not.toMatch(/<(?!\/?(b|i|code|br)>)/);
  });
});

describe('who is asked, and for what', () => {
  test('an ending exemption is told with its owner and reason, and how to prolong it', () => {
    const exemption = { until: '2026-12-20', owner: 'slack:U0DANA (dana)', reason: 'being migrated', isEnding: true };
    const view = alertView(aVolumeFinding('exempt', { exemption }));
    const { text, subject } = textAlert(view);
    expect(subject).toMatch(/^Exemption ends/);
    expect(text).toContain('Exempt:    until 2026-12-20, by slack:U0DANA (dana): being migrated');
    expect(text).toContain(`- Exempt it for longer: \`redress exempt ${view.finding.id} --until DATE`);
    expect(JSON.stringify(slackMessage(view, { hasActions: false }))).toContain('being migrated');
    expect(view.next.map(({ order }) => order)).toEqual(['exempt']);
  });

  test('a button stands only where it can do something', () => {
    const actionsOf = (finding: Finding) =>
      slackMessage(alertView(finding), { hasActions: true }).blocks.flatMap((block) =>
        block.type === 'actions' ? block.elements.map((one) => one.type === 'button' && [one.action_id, one.value]) : [],
      );
    const id = 'f-20261121-ba9876543210';
    expect(actionsOf(aVolumeFinding('awaiting-approval'))).toEqual([
      ['redress_fix', id],
      ['redress_exempt', id],
    ]);
    expect(actionsOf(aVolumeFinding('would-fix'))).toEqual([['redress_exempt', id]]);
    expect(actionsOf(aVolumeFinding('skipped'))).toEqual([]);
    // the control of volumes has no undo
    expect(actionsOf(aVolumeFinding('fixed'))).toEqual([]);
    expect(actionsOf(aFinding())).toEqual([['redress_undo', 'f-20261121-0123456789ab']]);
    expect(slackMessage(alertView(aFinding()), { hasActions: false }).blocks.some(({ type }) => type === 'actions')).toBe(false);
  });

  test('the same id is open in Security Hub, and archived as passed once it is right', () => {
    const [open, fixed] = [aVolumeFinding('open'), aVolumeFinding('superseded')].map((one) => securityFinding(alertView(one)));
    expect(fixed?.Id).toBe(open?.Id);
    expect(open).toMatchObject({ RecordState: 'ACTIVE', Compliance: { Status: 'FAILED' }, Workflow: { Status: 'NEW' } });
    expect(fixed).toMatchObject({ RecordState: 'ARCHIVED', Compliance: { Status: 'PASSED' }, Workflow: { Status: 'RESOLVED' } });
  });

  test('what one actor does to one control is one thread of Amazon Q', () => {
    const thread = (finding: Finding) => amazonQNotification(alertView(finding)).metadata.threadId;
    expect(thread(aVolumeFinding('open'))).toBe(thread(aVolumeFinding('fixed', { id: 'f-20261122-0123456789ab' })));
    expect(thread(aVolumeFinding('open'))).not.toBe(thread(aFinding()));
  });
});
