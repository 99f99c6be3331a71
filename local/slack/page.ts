import { escapeUTF8 as html } from 'entities';
import { NO_MARKUP } from '#shared/finding/slack.ts';
import { plainLines } from '#shared/finding/text.ts';
import type { HttpAnswer } from '../http.ts';
import type { Block, BlockText, Button } from './rules.ts';
import type { SlackPost, SlackSink } from './sink.ts';
import { style } from './style.ts';
import { clock, dated } from './time.ts';

/** Where the local Slack stands under the endpoint; Slack's own paths follow. */
export const SLACK_PATH = '/_local/slack';

/** Why there is no message, and none to come. */
export const NO_CHANNEL = 'the config names no channel under alerts.slack. That of the demo does: --config local/demo/demo.config.json';

/** The name behind a Slack id. */
type Who = (id: string) => string;

/** What one person sees of the channels. */
interface Sight {
  readonly sink: SlackSink;
  /** The id of who looks. */
  readonly as: string;
  readonly who: Who;
}

/**
 * The messages as Slack would draw them for one person, the first who may click by default. Nothing in them can become
 * markup of this page, or steer it: every text is escaped once, here. `trouble` is what came in the way of a click.
 */
export function slackPage(sink: SlackSink, as: string | null, trouble?: string): HttpAnswer {
  const { clickers } = sink.people;
  const sight: Sight = { sink, as: as ?? clickers[0]?.id ?? '', who: (id) => sink.personOf(id) };
  const byChannel = Map.groupBy(sink.posts(), ({ channel }) => channel);
  const channels = [...byChannel].map(([channel, posts]) => drawChannel(channel, posts, sight));
  const none = sink.hasChannels ? 'No message yet.' : `There is nothing to see: ${NO_CHANNEL}`;
  const says = trouble === undefined ? '' : `<p class="trouble" role="alert">${html(trouble)}</p>`;
  const body = `${drawClickers(sight)}<main>${says}${channels.join('') || `<p class="none">${html(none)}</p>`}</main>`;
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Slack, as the local cloud stands for it</title><style>${style}</style></head><body>${body}</body></html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  };
  return { status: 200, headers, body: Buffer.from(plainLines(page.replaceAll(NO_MARKUP, ''))) };
}

/** The choice of who looks and clicks; a link each, since there is no script. */
function drawClickers({ sink, as }: Sight): string {
  const { clickers } = sink.people;
  if (clickers.length === 0) return '';
  const links = clickers.map(({ id, name, mayAct }) => {
    const current = id === as ? ' aria-current="true"' : '';
    return `<a href="${SLACK_PATH}?as=${html(encodeURIComponent(id))}"${current}>${html(name)} <small>${mayAct ? 'may act' : 'may not act'}</small></a>`;
  });
  return `<nav><span>You look and click as</span>${links.join('')}</nav>`;
}

function drawChannel(channel: string, posts: readonly SlackPost[], sight: Sight): string {
  const roots = posts.filter(({ thread_ts }) => thread_ts === undefined);
  const drawn = roots.map((root) => {
    const replies = posts.filter(({ thread_ts }) => thread_ts === root.ts);
    const count = `<div class="count">${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}</div>`;
    const thread = `<div class="thread">${count}${replies.map((reply) => drawPost(reply, sight)).join('')}</div>`;
    return `${drawPost(root, sight)}${replies.length === 0 ? '' : thread}`;
  });
  return `<section class="channel"><h1># ${html(sight.sink.nameOf(channel))}</h1>${drawn.join('')}</section>`;
}

/** A message, and below it what only this person sees about it; Slack would put that at the channel's end. */
function drawPost(post: SlackPost, sight: Sight): string {
  const { sink, as } = sight;
  const notes = sink.notes().filter(({ channel, about, to }) => channel === post.channel && about === post.ts && to === as);
  const below = notes.map((note) => `<div class="note"><div class="only">Only visible to you</div>${drawMessage(note, sight)}</div>`);
  return `<article id="m-${html(post.ts)}">${drawMessage(post, sight)}${below.join('')}</article>`;
}

function drawMessage(message: SlackPost, sight: Sight): string {
  const { blocks, text, ts, updates } = message;
  const content = blocks.map((block) => drawBlock(block, message, sight)).join('') || `<p>${markup(text, sight.who)}</p>`;
  const broadcast = message.reply_broadcast ? '<div class="edited">Also sent to the channel</div>' : '';
  const edited = updates > 0 ? '<div class="edited">(edited)</div>' : '';
  return `<div class="message"><div class="avatar">R</div><div class="post"><div class="who"><b>Redress</b> <span class="app">APP</span> <time>${clock(Number(ts) * 1000)}</time></div>${broadcast}${content}${edited}</div></div>`;
}

function drawBlock(block: Block, { channel, ts }: SlackPost, { as, who }: Sight): string {
  switch (block.type) {
    case 'header':
      return `<h2>${html(block.text.text)}</h2>`;
    case 'section':
      return `${block.text ? `<p>${drawText(block.text, who)}</p>` : ''}${block.fields ? `<div class="fields">${block.fields.map((one) => `<p>${drawText(one, who)}</p>`).join('')}</div>` : ''}`;
    case 'context':
      return `<div class="context">${block.elements.map((one) => `<span>${drawText(one, who)}</span>`).join('')}</div>`;
    case 'actions':
      return `<form method="post" action="${SLACK_PATH}/click">${hidden({ as, channel, ts })}${block.elements.map(drawButton).join('')}</form>`;
    case 'divider':
      return '<hr>';
  }
}

function drawButton({ text, style: look, action_id: action = '' }: Button): string {
  return `<button class="${look ?? ''}" name="action" value="${html(action)}">${html(text.text)}</button>`;
}

function hidden(fields: { readonly [name: string]: string }): string {
  return Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${html(value)}">`)
    .join('');
}

function drawText(text: BlockText, who: Who): string {
  return text.type === 'plain_text' ? html(text.text) : markup(text.text, who);
}

/** Slack's mrkdwn as HTML: its `<…>` forms first, then what is left as text. */
export function markup(mrkdwn: string, who: Who = (id) => id): string {
  return mrkdwn
    .split(/(`[^`\n]+`|<[^<>\n]*>)/)
    .map((part, n) =>
      n % 2 === 0 ? styled(part) : part.startsWith('`') ? `<code>${unescaped(part.slice(1, -1))}</code>` : special(part, who),
    )
    .join('');
}

function special(form: string, who: Who): string {
  const [target = '', label = target] = form.slice(1, -1).split('|');
  if (/^(@|!subteam\^)/.test(target)) return `<span class="mention">${html(`@${who(target.replace(/^(@|!subteam\^)/, ''))}`)}</span>`;
  if (/^!(channel|here|everyone)/.test(target)) return `<span class="mention loud">${html(target.replace('!', '@'))}</span>`;
  const date = /^!date\^(\d+)\^([^^]+)/.exec(target);
  if (date) return unescaped(dated(Number(date[1]) * 1000, date[2] ?? '') ?? label);
  return /^https:\/\//.test(target) ? `<a href="${unescaped(target)}" rel="noreferrer">${unescaped(label)}</a>` : unescaped(form);
}

function styled(text: string): string {
  return unescaped(text)
    .replace(/(^|[\s(])\*(?!\u200b)([^*\n]+)\*(?=$|[\s.,:;)])/g, '$1<b>$2</b>')
    .replace(/(^|[\s(])_(?!\u200b)([^_\n]+)_(?=$|[\s.,:;)])/g, '$1<i>$2</i>')
    .replaceAll('\n', '<br>');
}

/** Undoes the three entities that Slack undoes, and escapes for HTML. */
function unescaped(text: string): string {
  return html(text.replace(/&(amp|lt|gt);/g, (_all, name: 'amp' | 'lt' | 'gt') => ({ amp: '&', lt: '<', gt: '>' })[name]));
}
