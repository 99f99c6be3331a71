import { createHash } from 'node:crypto';
import { adviceText } from '#shared/control/iac.ts';
import { commandText } from '#shared/finding/next-steps.ts';
import { AT_THE_SOURCE, factText, PREVENT, type View, WHY } from '#shared/finding/view.ts';
import { threadKey } from '../slack/pending.ts';
import { link, sentence, step } from './slack-text.ts';

/**
 * A notification in the schema of Amazon Q Developer in chat applications, which draws it in the markdown of the chat;
 * `threadId` keeps what one actor does to one control together.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export interface AmazonQNotification {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources: readonly string[];
    readonly additionalContext: { readonly [key: string]: string };
  };
}

/** Draws a finding for Amazon Q Developer; texts from records are escaped as for Slack, the narrower of its two chats. */
export function amazonQNotification({
  finding,
  headline,
  title,
  story,
  facts,
  changes,
  why,
  advice,
  next,
  source,
  prevention,
  page,
  links,
}: View): AmazonQNotification {
  const { id, announcement, control, severity, status, account, region, resource } = finding;
  const rows = facts.map((fact) => `*${fact.name}*: ${sentence(factText(fact), 300)}`);
  const entries = changes.entries.slice(0, 10).map(({ api, says }) => `• ${sentence(`${says} (${api})`, 400)}`);
  const ways = source.map(({ tool, says }) => `• *${tool}*: ${sentence(says, 400)}`);
  const steps = [...advice.slice(0, 10).map(adviceText), ...next.map(commandText)].map((says) => step(says, finding));
  const parts = [
    story.map((says) => sentence(says, 1400)).join('\n'),
    rows.join('\n'),
    ...(entries.length > 0 ? [`*${changes.title}*\n${entries.join('\n')}`] : []),
    ...(why ? [`*${WHY}*: ${sentence(why, 600)}`] : []),
    ...(ways.length > 0 ? [`*${AT_THE_SOURCE}*\n${ways.join('\n')}`] : []),
    ...(prevention ? [`*${PREVENT}*: ${sentence(prevention, 300)}`] : []),
    [...(page ? [page] : []), ...links].map(({ text, url }) => link(url, text)).join('  ·  '),
  ];
  return {
    version: '1.0',
    source: 'custom',
    id: announcement,
    content: {
      textType: 'client-markdown',
      title: sentence(title, 250),
      description: parts.filter((part) => part !== '').join('\n\n'),
      ...(steps.length > 0 && { nextSteps: steps }),
      keywords: [status, severity, control],
    },
    metadata: {
      threadId: createHash('sha256').update(threadKey(finding)).digest('hex').slice(0, 32),
      summary: sentence(`${headline}. ${story.join(' ')}`, 300),
      eventType: `redress-${status}`,
      relatedResources: [sentence(resource.arn, 400)],
      additionalContext: { finding: id, control, severity, account, region },
    },
  };
}
