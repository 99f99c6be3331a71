import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pc from 'picocolors';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { writePage } from '../cli/page/page.ts';
import { run } from '../cli/program.ts';
import { reportOfMonth } from './pages/findings.ts';
import { samples, writeSample } from './pages/samples.ts';

// Opens the pages in Chromium: `npm run check:pages [folder for pictures]`. CHROMIUM names another browser than Debian's.
const WIDTHS = [360, 768, 1280];
/** What the filters of a page say, and what each opened row does. */
const REPLAY = { rows: /^[\d,]+ of [\d,]+ matches/, explains: 'Why it matters' };
const REPORT = { rows: /^[\d,]+ of [\d,]+ findings/, explains: 'Severity' };
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const pictures = process.argv[2];
if (pictures !== undefined) await mkdir(pictures, { recursive: true });
const folder = await mkdtemp(join(tmpdir(), 'redress-pages-'));
const browser = await chromium.launch({ executablePath: EXECUTABLE });
const wrong: string[] = [];
try {
  for (const sample of samples()) await check(sample.name, async (file) => replayInto(file, await writeSample(sample, folder)));
  await check('report', (file) => writePage(file, reportOfMonth(), { err: () => undefined }));
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
for (const line of wrong) console.error(pc.red(line));
if (wrong.length > 0) process.exitCode = 1;
else console.log(pc.green('Every page opens without an error, keeps its policy, and passes the rules of axe.'));

/** Writes a page, and looks at it at each width, light and dark. */
async function check(name: string, write: (file: string) => Promise<void>): Promise<void> {
  const file = join(folder, `${name}.html`);
  const begun = performance.now();
  await write(file);
  for (const scheme of ['light', 'dark'] as const)
    for (const width of name === 'large' ? WIDTHS.slice(-1) : WIDTHS) wrong.push(...(await look(browser, { name, file, scheme, width })));
  console.log(`${name}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}

/** What is wrong with one page at one width. */
async function look(
  on: Browser,
  { name, file, scheme, width }: { name: string; file: string; scheme: 'light' | 'dark'; width: number },
): Promise<string[]> {
  const found: string[] = [];
  const at = `${name}, ${scheme}, ${width} wide`;
  const context = await on.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') found.push(`${at}: console: ${message.text()}`);
  });
  page.on('pageerror', (error) => found.push(`${at}: ${error.message}`));
  page.on('dialog', (dialog) => {
    found.push(`${at}: a script of the data ran`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== pathToFileURL(file).href) found.push(`${at}: asks for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await page.getByRole('heading', { level: 1 }).waitFor();
  if ((name === 'hostile' || name === 'report') && !(await textOf(page.locator('main'))).includes('<script>alert(1)</script>'))
    found.push(`${at}: hostile text does not show as text`);
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}-${scheme}-${width}.png`), fullPage: true });
  if (name !== 'empty') found.push(...(await useByKeys(page, name === 'report' ? REPORT : REPLAY)).map((line) => `${at}: ${line}`));
  if (pictures !== undefined && name === 'month')
    await page.screenshot({ path: join(pictures, `${name}-${scheme}-${width}-filtered.png`), fullPage: true });
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  if (overflow !== 0) found.push(`${at}: is ${overflow} px wider than the window`);
  found.push(...(await violations(page)).map((line) => `${at}: ${line}`));
  await context.close();
  return found;
}

/** Chooses a person, opens a row and shows all again, by keys alone. */
async function useByKeys(page: Page, { rows, explains }: { rows: RegExp; explains: string }): Promise<string[]> {
  const said = page.locator('.said');
  const before = await textOf(said);
  await page.getByLabel('Outcome').focus();
  await page.keyboard.press('ArrowDown');
  const chosen = await textOf(said);
  const opener = page.getByRole('button', { name: /^Explain/ }).first();
  await opener.focus();
  await page.keyboard.press('Enter');
  const detail = await textOf(page.locator('.detail:not([hidden])'));
  return [
    ...(rows.test(before) && rows.test(chosen) ? [] : [`the filters say "${before}", then "${chosen}"`]),
    ...(detail.includes(explains) ? [] : ['an opened row explains nothing']),
  ];
}

async function textOf(place: Locator): Promise<string> {
  return (await place.textContent()) ?? '';
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const result: { violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] } = await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return result.violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.length}): ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary ?? ''}`,
  );
}

async function replayInto(file: string, records: string): Promise<void> {
  const quiet = {
    out: () => undefined,
    err: () => undefined,
    progress: () => undefined,
    showsProgress: false,
    confirm: undefined,
    width: undefined,
  };
  const paint = pc.createColors(false);
  const code = await run(['replay', records, '--html', file, '--json'], { ...quiet, paint, paintError: paint });
  if (code !== 0) throw new Error(`replay ended with ${code}`);
}
