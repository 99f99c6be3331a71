import type { Finding } from '#shared/finding/finding.ts';
import { wholeStep } from '#shared/finding/next-steps.ts';
import { NO_MARKUP, slackText } from '#shared/finding/slack.ts';
import { plain } from '#shared/finding/text.ts';

/** The characters of a header, and of all blocks of a message: undocumented, but more than about 13,000 is refused as `msg_blocks_too_long`. */
export const limits = { header: 150, step: 1200, blocks: 12_000 } as const;

const lookalikes: { readonly [character: string]: string } = { '&': '＆', '<': '‹', '>': '›' };

/**
 * Text from records in Slack's mrkdwn: it can neither mention, link, nor look bold. What stands between backticks stays
 * code, because the controls' own sentences use them; a lone backtick is only itself.
 */
export function sentence(text: string, most: number): string {
  const one = shorten(plain(text), most, slackText);
  const parts = one.split('`');
  // an even number of parts means that a backtick has no partner
  return parts.map((part, n) => (n % 2 === 1 && n < parts.length - 1 ? `\`${part}\`` : unmarked(part))).join('');
}

/** A step of what a person can do, with its commands whole. */
export function step(text: string, finding: Finding): string {
  return sentence(
    wholeStep(text, finding, limits.step, (one) => slackText(plain(one))),
    limits.step,
  );
}

/** A name or an id as code, which it cannot leave. */
export function code(text: string, most = 200): string {
  const one = shorten(plain(text).replaceAll('`', 'ˋ'), most, slackText);
  return one.trim() === '' ? '' : `\`${one}\``;
}

/** A link of ours; the address is one that we built. */
export function link(url: string, text: string): string {
  return `<${slackText(url).replaceAll('|', '%7C')}|${slackText(text)}>`;
}

/** Text for a `plain_text` object: Slack's documents do not say whether it reads `&lt;`, so it gets neither form. */
export function literal(text: string, most: number): string {
  return shorten(
    plain(text).replace(/[&<>]/g, (one) => lookalikes[one] ?? one),
    most,
  );
}

/** Pieces with a separator, as many whole ones as fit, and how many were left out. */
export function joined(pieces: readonly string[], separator: string, most: number): string {
  let text = '';
  for (const [n, piece] of pieces.entries()) {
    const more = text === '' ? piece : `${text}${separator}${piece}`;
    const left = `${separator}… and ${pieces.length - n} more`;
    if (more.length > most - (n === pieces.length - 1 ? 0 : left.length)) return `${text}${left}`;
    text = more;
  }
  return text;
}

/** Takes the force from what Slack would read as bold, italic, struck, or an emoji. */
function unmarked(text: string): string {
  return text.replace(/(?<!\w)([*_~]|(?<!:):(?=[\w+-]+:))/g, `$1${NO_MARKUP}`).replaceAll('`', 'ˋ');
}

/** Cuts text so that it fits in its escaped form, and shows that it was cut; never through a character. */
function shorten(text: string, most: number, as: (text: string) => string = (same) => same): string {
  const whole = as(text);
  if (whole.length <= most) return whole;
  const characters = [...text];
  let kept = '';
  let n = 0;
  // the mark of what is missing is at most 16 characters
  for (; n < characters.length; n += 1) {
    const next = as(characters[n] ?? '');
    if (kept.length + next.length > most - 16) break;
    kept += next;
  }
  return `${kept}… (+${characters.length - n})`;
}
