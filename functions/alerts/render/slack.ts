import type { ActionsBlock, Button, ContextBlock, HeaderBlock, KnownBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import { adviceText } from '#shared/control/iac.ts';
import { statuses as allStatuses } from '#shared/finding/finding.ts';
import { commandText } from '#shared/finding/next-steps.ts';
import { ACTIONS_BLOCK, type ButtonOrder, buttonOf, buttonValue } from '#shared/finding/slack-actions.ts';
import { AT_THE_SOURCE, CHANGED, factText, headOf, minuteOf, PREVENT, TO_DO, type View, WHY } from '#shared/finding/view.ts';
import type { Digest } from '../slack/digest.ts';
import { code, joined, limits, link, literal, sentence, step } from './slack-text.ts';

/** A message as Slack takes it: blocks, and the text of notifications. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** How a finding is drawn in one channel. */
export interface SlackOptions {
  /** Whether clicks are taken. */
  readonly hasActions: boolean;
  /** The Slack id of whoever is asked to look. */
  readonly mention?: string | undefined;
}

const icons: { readonly [mood in View['mood']]: string } = { good: '✅', waiting: '✋', bad: '🔴', calm: '⚪' };

const buttons: { readonly [action in ButtonOrder]: { readonly text: string; readonly style?: 'primary' | 'danger' } } = {
  fix: { text: 'Fix', style: 'primary' },
  undo: { text: 'Undo', style: 'danger' },
  exempt: { text: 'Exempt 7 days' },
};

/** Draws a finding for Slack: what happened first, what to do next, the reasons after. */
export function slackMessage(view: View, { hasActions, mention }: SlackOptions): SlackMessage {
  const { finding, headline, story, changes, why, source, prevention } = view;
  const actions = hasActions ? view.next.flatMap(({ order }) => order ?? []) : [];
  // a button takes the place of its command
  const commands = view.next.filter(({ order }) => !(order && hasActions)).map(commandText);
  const next = [...view.advice.map(adviceText), ...commands];
  const lines = changes.entries.map(({ api, says }) => `${sentence(says, 400)} ${code(api)}`);
  const ways = source.map(({ tool, says }) => `*${tool}*: ${sentence(says, 400)}`);
  const reasons = [
    ...(why ? [`*${WHY}*: ${sentence(why, 600)}`] : []),
    ...(ways.length > 0 ? [`*${AT_THE_SOURCE}*\n${joined(ways, '\n', 1400)}`] : []),
    ...(prevention ? [`*${PREVENT}*: ${sentence(prevention, 300)}`] : []),
  ];
  return {
    text: `${sentence(headline, 200)} in ${finding.account} ${finding.region}. ${sentence(story.join(' '), 300)}`,
    blocks: fitting(
      [
        header(`${icons[view.mood]} ${headline}`),
        section(`${mention ? `${mentionOf(mention)} ` : ''}${story.map((says) => sentence(says, 1400)).join('\n')}`),
        { type: 'section', fields: fieldsOf(view) },
      ],
      [
        ...list(changes.title, lines),
        ...list(
          TO_DO,
          next.map((says) => step(says, finding)),
        ),
      ],
      [
        ...(reasons.length > 0 ? [context(reasons)] : []),
        ...(actions.length > 0 ? [actionsOf(finding, actions)] : []),
        context(footOf(view)),
      ],
    ),
  };
}

/** Draws what is said under a finding's message when it means something else, for an update of a message reaches nobody. */
export function changeMessage({ finding, headline, story, facts }: View, mention: string | undefined): SlackMessage {
  const changed = facts.find(({ name }) => name === CHANGED);
  const what = changed ? `${CHANGED}: ${factText(changed)}` : CHANGED;
  const says = story.map((one) => sentence(one, 1000)).join('\n');
  return {
    text: `${sentence(`${headline}. ${what}`, 300)} in ${finding.account} ${finding.region}.`,
    blocks: [section(`${mention ? `${mentionOf(mention)} ` : ''}*${sentence(what, 200)}*\n${says}`)],
  };
}

/** Draws a digest: how many, of which kind, and the ten most frequent. */
export function digestMessage({ count, place, since, until, statuses, pairs }: Digest): SlackMessage {
  const minutes = Math.max(1, Math.round((Date.parse(until) - Date.parse(since)) / 60_000));
  const title = `${count.toLocaleString('en-US')} ${count === 1 ? 'finding' : 'findings'} within ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  // in the order of the list: what needs action comes first
  const byStatus = allStatuses.flatMap((status) => {
    const n = statuses[status];
    return n ? [`${n.toLocaleString('en-US')} ${headOf(status)}`] : [];
  });
  const most = pairs
    .slice(0, 10)
    .map(({ control, actor, count: n }) => `*${n.toLocaleString('en-US')}* ${code(control)} by ${code(actor)}`);
  return {
    text: `${title} in ${place}`,
    blocks: [
      header(`📊 ${title}`),
      section(joined(byStatus, '  ·  ', 2000)),
      ...list('Most of them', most),
      context([place, `${minuteOf(since)} to ${minuteOf(until)}`, 'All of them: `redress findings --since 1d`']),
    ],
  };
}

function fieldsOf({ facts, page }: View): MrkdwnElement[] {
  return facts.map(({ name, value, hasPage }) => {
    const text = value.map((piece) => (piece.isName ? code(piece.text, 300) : sentence(piece.text, 300))).join('');
    // a link's text may hold no code of its own, so the address stands behind the id
    return mrkdwn(`*${name}*\n${text}${hasPage && page ? ` ${link(page.url, 'open')}` : ''}`);
  });
}

function footOf({ finding, links }: View): string[] {
  return [...links.map(({ text, url }) => link(url, text)), `${code(finding.control)} ${code(finding.id)}`];
}

function list(title: string, lines: readonly string[]): SectionBlock[] {
  if (lines.length === 0) return [];
  const bullets = lines.map((line) => `•  ${line}`);
  return [section(`*${title}*\n${joined(bullets, '\n', 2800)}`)];
}

/** Leaves out the last lists while all is too long for Slack, and says so; the ledger has the whole. */
function fitting(head: readonly KnownBlock[], lists: readonly SectionBlock[], foot: readonly KnownBlock[]): readonly KnownBlock[] {
  const shortened = context(['_Shortened: see it in full with_ `redress show`']);
  for (let kept = lists.length; ; kept -= 1) {
    const blocks = [...head, ...lists.slice(0, kept), ...(kept < lists.length ? [shortened] : []), ...foot];
    if (kept === 0 || JSON.stringify(blocks).length <= limits.blocks) return blocks;
  }
}

function header(text: string): HeaderBlock {
  return { type: 'header', text: { type: 'plain_text', text: literal(text, limits.header), emoji: false } };
}

function section(text: string): SectionBlock {
  return { type: 'section', text: mrkdwn(text) };
}

function context(texts: readonly string[]): ContextBlock {
  return { type: 'context', elements: texts.map(mrkdwn) };
}

/** `verbatim` keeps Slack from making links and mentions of what only looks like one. */
function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

function actionsOf(finding: View['finding'], actions: readonly ButtonOrder[]): ActionsBlock {
  const elements = actions.map((action): Button => {
    const { text, style } = buttons[action];
    const label = { type: 'plain_text' as const, text, emoji: false };
    return { type: 'button', action_id: buttonOf(action), value: buttonValue(action, finding), text: label, ...(style && { style }) };
  });
  return { type: 'actions', block_id: ACTIONS_BLOCK, elements };
}

/** A user's or a group's mention; the id comes from the config, which checked it. */
function mentionOf(id: string): string {
  return id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>`;
}
