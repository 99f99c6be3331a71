import type { Colors } from 'picocolors/types.js';
import wrapAnsi from 'wrap-ansi';
import { NO_MARKUP } from '#shared/finding/slack.ts';
import { plain } from '#shared/finding/text.ts';
import type { Block, BlockText } from './rules.ts';
import type { SlackPost } from './sink.ts';

/** A message as lines for a terminal, in a frame, `width` columns wide. */
export function terminalLines({ blocks }: Pick<SlackPost, 'blocks'>, colours: Colors, width: number): string[] {
  const lines = blocks.flatMap((block) => linesOf(block, colours)).flatMap((line) => wrapAnsi(line, width - 2, { trim: true }).split('\n'));
  return lines.map((line) => `${colours.dim('│')} ${line}`);
}

function linesOf(block: Block, c: Colors): string[] {
  switch (block.type) {
    case 'header':
      return [c.bold(plain(block.text.text))];
    case 'section':
      return [...(block.text ? textOf(block.text, c) : []), ...pairsOf(block.fields ?? [], c), ''];
    case 'context':
      // reasons, which are long, stand apart from what follows
      return isLong(block.elements) ? [pieces(block.elements, c).join('\n'), ''] : [pieces(block.elements, c).join(c.dim(' · '))];
    case 'actions':
      return [block.elements.map(({ text }) => `[ ${c.bold(plain(text.text))} ]`).join('  '), ''];
    case 'divider':
      return [''];
  }
}

function pieces(elements: readonly BlockText[], c: Colors): string[] {
  return elements.map((one) => textOf(one, c).map(c.dim).join('\n'));
}

function isLong(elements: readonly BlockText[]): boolean {
  return elements.some(({ text }) => text.includes('\n'));
}

/** A field's name and value on one line. */
function pairsOf(fields: readonly BlockText[], c: Colors): string[] {
  return fields.map((field) => {
    const [name = '', ...value] = textOf(field, c);
    return `${name}: ${value.join(' ')}`;
  });
}

function textOf({ text }: BlockText, c: Colors): string[] {
  return text.split('\n').map((line) =>
    line
      .split(NO_MARKUP)
      .map(plain)
      .join(NO_MARKUP)
      .replace(/<(https:[^|>]*)\|([^>]*)>/g, (_all, _url, label: string) => c.underline(label))
      .replace(/<[@!]([^>]*)>/g, (_all, who: string) => c.cyan(`@${who}`))
      .replace(/`([^`]*)`/g, (_all, code: string) => c.cyan(code))
      .replace(/(^|\s)\*(?!\u200b)([^*]+)\*/g, (_all, before: string, strong: string) => `${before}${c.bold(strong)}`)
      .replace(/&(amp|lt|gt);/g, (_all, name: 'amp' | 'lt' | 'gt') => ({ amp: '&', lt: '<', gt: '>' })[name])
      .replaceAll(NO_MARKUP, ''),
  );
}
