import type { View } from '#shared/finding/view.ts';
import { amazonQNotification } from '../../../functions/alerts/render/amazon-q.ts';
import { securityFinding } from '../../../functions/alerts/render/asff.ts';
import { textAlert } from '../../../functions/alerts/render/email.ts';
import { slackMessage } from '../../../functions/alerts/render/slack.ts';

/** Every form in which people get a finding, by the end of its golden file. */
export const renderings: { readonly [name: string]: (view: View) => unknown } = {
  'slack.json': (view) => slackMessage(view, { hasActions: true, mention: 'U0123456789' }),
  'email.txt': (view) => textAlert(view),
  'amazon-q.json': (view) => amazonQNotification(view),
  'security-hub.json': (view) => securityFinding(view),
};
