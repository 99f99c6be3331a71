import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pc from 'picocolors';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { run } from '../cli/program.ts';
import { samples, writeSample } from './pages/samples.ts';

// Opens the pages in Chromium: `npm run check:pages [folder for pictures]`. CHROMIUM names another browser than Debian's.
const WIDTHS = [360, 768, 1280];
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const pictures = process.argv[2];
if (pictures !== undefined) await mkdir(pictures, { recursive: true });
const folder = await mkdtemp(join(tmpdir(), 'redress-pages-'));
const browser = await chromium.launch({ executablePath: EXECUTABLE });
const wrong: string[] = [];
try {
  for (const sample of samples()) {
    const file = join(folder, `${sample.name}.html`);
    const begun = performance.now();
    await replayInto(file, await writeSample(sample, folder));
    for (const scheme of ['light', 'dark'] as const)
      for (const width of sample.name === 'large' ? WIDTHS.slice(-1) : WIDTHS)
        wrong.push(...(await look(browser, { name: sample.name, file, scheme, width })));
    console.log(`${sample.name}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
for (const line of wrong) console.error(pc.red(line));
if (wrong.length > 0) process.exitCode = 1;
else console.log(pc.green('Every page opens without an error, keeps its policy, and passes the rules of axe.'));

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
  if (name === 'hostile' && !(await textOf(page.locator('main'))).includes('<script>alert(1)</script>'))
    found.push(`${at}: hostile text does not show as text`);
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}-${scheme}-${width}.png`), fullPage: true });
  if (name !== 'empty') found.push(...(await useByKeys(page)).map((line) => `${at}: ${line}`));
  if (pictures !== undefined && name === 'month')
    await page.screenshot({ path: join(pictures, `${name}-${scheme}-${width}-filtered.png`), fullPage: true });
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  if (overflow !== 0) found.push(`${at}: is ${overflow} px wider than the window`);
  found.push(...(await violations(page)).map((line) => `${at}: ${line}`));
  await context.close();
  return found;
}

/** Chooses a person, opens a row and shows all again, by keys alone. */
async function useByKeys(page: Page): Promise<string[]> {
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
    ...(/^[\d,]+ of [\d,]+ matches/.test(before) && /^[\d,]+ of [\d,]+ matches/.test(chosen)
      ? []
      : [`the filters say "${before}", then "${chosen}"`]),
    ...(detail.includes('Why it matters') ? [] : ['an opened row explains nothing']),
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
