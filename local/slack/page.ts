import type { HttpAnswer } from '../http.ts';
import type { Block, BlockText } from './rules.ts';
import type { SlackPost, SlackSink } from './sink.ts';
import { style } from './style.ts';

/** The name behind a Slack id. */
type Who = (id: string) => string;

/** The messages as Slack would draw them. Nothing in them can become markup of this page: every text is escaped once, here. */
export function slackPage(sink: SlackSink): HttpAnswer {
  const byChannel = Map.groupBy(sink.posts(), ({ channel }) => channel);
  const who: Who = (id) => sink.personOf(id);
  const channels = [...byChannel].map(([channel, posts]) => {
    const roots = posts.filter(({ thread_ts }) => thread_ts === undefined);
    const drawn = roots.map((root) => {
      const replies = posts.filter(({ thread_ts }) => thread_ts === root.ts);
      const count = replies.length === 0 ? '' : `<div class="count">${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}</div>`;
      return `${drawPost(root, who)}${count}<div class="thread">${replies.map((reply) => drawPost(reply, who)).join('')}</div>`;
    });
    return `<section class="channel"><h1># ${html(sink.nameOf(channel))}</h1>${drawn.join('')}</section>`;
  });
  const body = channels.join('') || '<p class="none">No message yet.</p>';
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Slack, as the local cloud stands for it</title><style>${style}</style></head><body>${body}</body></html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'x-content-type-options': 'nosniff',
  };
  return { status: 200, headers, body: Buffer.from(page) };
}

function drawPost({ ts, blocks, text, updates }: SlackPost, who: Who): string {
  const time = new Date(Number(ts) * 1000).toISOString().slice(11, 16);
  const edited = updates > 0 ? ' <span class="edited">(edited)</span>' : '';
  const content = blocks.length > 0 ? blocks.map((block) => drawBlock(block, who)).join('') : `<p>${markup(text, who)}</p>`;
  return `<article><div class="avatar">R</div><div class="post"><div class="who"><b>Redress</b> <span class="app">APP</span> <time>${time}</time>${edited}</div>${content}</div></article>`;
}

function drawBlock(block: Block, who: Who): string {
  switch (block.type) {
    case 'header':
      return `<h2>${html(block.text.text)}</h2>`;
    case 'section':
      return `${block.text ? `<p>${drawText(block.text, who)}</p>` : ''}${block.fields ? `<div class="fields">${block.fields.map((one) => `<p>${drawText(one, who)}</p>`).join('')}</div>` : ''}`;
    case 'context':
      return `<div class="context">${block.elements.map((one) => `<span>${drawText(one, who)}</span>`).join('')}</div>`;
    case 'actions':
      return `<div class="actions">${block.elements.map(({ text, style: look }) => `<button class="${look ?? ''}" disabled>${html(text.text)}</button>`).join('')}</div>`;
    case 'divider':
      return '<hr>';
  }
}

function drawText(text: BlockText, who: Who): string {
  return text.type === 'plain_text' ? html(text.text) : markup(text.text, who);
}

/** Slack's mrkdwn as HTML: its `<…>` forms first, then what is left as text. */
export function markup(mrkdwn: string, who: Who = (id) => id): string {
  return mrkdwn
    .split(/(`[^`\n]+`|<[^<>\n]*>)/)
    .map((part, n) =>
      n % 2 === 0 ? styled(part) : part.startsWith('`') ? `<code>${entities(part.slice(1, -1))}</code>` : special(part, who),
    )
    .join('');
}

function special(form: string, who: Who): string {
  const [target = '', label = target] = form.slice(1, -1).split('|');
  if (/^(@|!subteam\^)/.test(target)) return `<span class="mention">${html(`@${who(target.replace(/^(@|!subteam\^)/, ''))}`)}</span>`;
  if (/^!(channel|here|everyone)/.test(target)) return `<span class="mention loud">${html(target.replace('!', '@'))}</span>`;
  return /^https:\/\//.test(target) ? `<a href="${entities(target)}" rel="noreferrer">${entities(label)}</a>` : entities(form);
}

function styled(text: string): string {
  return entities(text)
    .replace(/(^|[\s(])\*([^*\n]+)\*(?=$|[\s.,:;)])/g, '$1<b>$2</b>')
    .replace(/(^|[\s(])_([^_\n]+)_(?=$|[\s.,:;)])/g, '$1<i>$2</i>')
    .replaceAll('\n', '<br>');
}

/** Undoes the three entities that Slack undoes, and escapes for HTML. */
function entities(text: string): string {
  return html(text.replace(/&(amp|lt|gt);/g, (_all, name: 'amp' | 'lt' | 'gt') => ({ amp: '&', lt: '<', gt: '>' })[name]));
}

function html(text: string): string {
  const safe: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (one) => safe[one] ?? one);
}
