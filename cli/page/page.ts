import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { jsonLine, plain } from '#shared/finding/text.ts';
import { trying } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import type { PageData } from './data.ts';

/** Where the chart library is, whose styles and licence go into each page. */
const LIBRARY = new URL('../../node_modules/uplot/', import.meta.url);

/** So many rows are written at once. */
const TOGETHER = 200;

/** Writes a page to a file, and says so. */
export async function writePage(file: string, data: PageData, { err }: Pick<Terminal, 'err'>): Promise<void> {
  const parts = await pageOf(data);
  await trying(`write ${file}`, () => writeFile(file, parts));
  err(`The page is ${plain(file)}.`);
}

/** A page as one file that loads nothing (`npm run build:page` bundles its script): its styles, its script and its data stand in it, and its policy allows no others. */
export async function pageOf(data: PageData): Promise<Iterable<string>> {
  const { head, foot } = await framed(data);
  // in parts, for one text of it all would take several times its size
  return (function* () {
    yield head;
    yield* asData(data);
    yield foot;
  })();
}

/** What stands around the data of a page. */
async function framed({ title, made }: PageData): Promise<{ readonly head: string; readonly foot: string }> {
  const [script, own, library, licence] = await Promise.all([
    readFile(new URL('script.min.js', import.meta.url), 'utf8'),
    readFile(new URL('style.css', import.meta.url), 'utf8'),
    readFile(new URL('dist/uPlot.min.css', LIBRARY), 'utf8'),
    readFile(new URL('LICENSE', LIBRARY), 'utf8'),
  ]);
  const style = `${library}\n${own}`;
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const head = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${markup(plain(title))}</title>
<style>${style}</style>
</head>
<body>
<main><noscript><p>This page draws itself with a script of its own; it loads nothing. Allow it, or use the JSON of the same command.</p></noscript></main>
<footer>
<p>Made by Redress at ${markup(plain(made))}. This file loads nothing and sends nothing.</p>
<details><summary>Licence of the chart library uPlot</summary><pre>${markup(licence)}</pre></details>
</footer>
<script type="application/json" id="data">`;
  const foot = `</script>
<script>${script}</script>
</body>
</html>
`;
  return { head, foot };
}

/** JSON in parts that ends no script element, whatever stands in it: without `<` there is neither a tag nor a comment. */
export function* asData({ items, ...data }: PageData): Generator<string> {
  yield `${inScript(data).slice(0, -1)},"items":[`;
  for (let n = 0; n < items.length; n += TOGETHER) yield `${n > 0 ? ',' : ''}${inScript(items.slice(n, n + TOGETHER)).slice(1, -1)}`;
  yield ']}';
}

function inScript(data: object): string {
  return jsonLine(data).replaceAll('<', '\\u003c');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function markup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
