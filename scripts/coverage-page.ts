import type { AnyControl } from '#shared/control/control.ts';
import { GENERATED } from './control-page.ts';
import { covers, pages, type SentenceId, sentences } from './coverage-data.ts';
import { table } from './words.ts';

const HEAD = ['What AWS asks or promises', 'Controls', 'Besides'];

/** The line of a control; the tag controls of all kinds share three. */
export function lineOf({ id }: Pick<AnyControl, 'id'>): string {
  return id.replace(/^.+-(owner-tag|required-tags|sensitive-tags)$/, '*-$1');
}

/** The page that puts a control, or the reason why none can, beside each sentence of AWS's pages, and AWS's pages beside each control. */
export function coveragePage(controls: readonly AnyControl[]): string {
  const rows = (page: keyof typeof pages | undefined) =>
    ids(sentences)
      .filter((id) => pageOf(id) === page)
      .map((id) => [sentences[id].asks, controlsFor(id, controls).join(', ') || 'none', besidesOf(id)]);
  const links = Object.values(pages).map(({ title, url }) => `[${title}](${url})`);
  const own = ids(pages).filter((page) => rows(page).length > 0);
  return `${[
    GENERATED,
    '# What of AWS’s data protection pages is covered',
    `AWS has a page about data protection for each of its services. Those of ${new Intl.ListFormat('en-GB').format(links)} are gone through here, sentence by sentence and in our own words: beside each stand the controls that cover it, or the reason why none can. Which control covers what stands in [scripts/coverage-data.ts](../scripts/coverage-data.ts).`,
    '## On all of them',
    table(HEAD, rows(undefined)),
    ...own.flatMap((page) => [`## ${pages[page].title}`, `Besides, [its page](${pages[page].url}) says:`, table(HEAD, rows(page))]),
    '## What each control goes by',
    'The pages of AWS behind each control, which its own page names too.',
    table(
      ['Control', 'Pages'],
      controls.map((control) => [link(control), control.references.map((url) => `[${nameOf(url)}](${url})`).join(', ')]),
    ),
  ].join('\n\n')}\n`;
}

/** The controls that cover a sentence, as links; those of tags by their sort. */
function controlsFor(id: SentenceId, controls: readonly AnyControl[]): string[] {
  const its = controls.filter((control) => covers[lineOf(control)]?.includes(id));
  return [...new Set(its.map((control) => (lineOf(control) === control.id ? link(control) : `\`${lineOf(control)}\``)))];
}

function link({ id }: Pick<AnyControl, 'id'>): string {
  return `[\`${id}\`](controls/${id}.md)`;
}

/** The last part of an address, which AWS names its pages by. */
function nameOf(url: string): string {
  return (
    url
      .split('/')
      .findLast((part) => part !== '')
      ?.replace(/\.html$/, '') ?? url
  );
}

function pageOf(id: SentenceId): keyof typeof pages | undefined {
  const sentence = sentences[id];
  return 'on' in sentence ? sentence.on : undefined;
}

function besidesOf(id: SentenceId): string {
  const sentence = sentences[id];
  return 'besides' in sentence ? sentence.besides : '';
}

function ids<Key extends string>(of: { readonly [key in Key]: unknown }): Key[] {
  return Object.keys(of) as Key[];
}
