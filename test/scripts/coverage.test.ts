import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { covers, pages, sentences } from '../../scripts/coverage-data.ts';
import { coveragePage, lineOf } from '../../scripts/coverage-page.ts';
import { finished } from '../support/controls.ts';

const controls = controlsOf(await discoverFunctions());
const page = coveragePage(controls);

test('each control has its line, and each line its control', () => {
  const lines = new Set(finished(controls).map(lineOf));
  expect(
    [...lines].filter((line) => !(line in covers)),
    'add a line to `covers` in scripts/coverage-data.ts',
  ).toEqual([]);
  expect(
    Object.keys(covers).filter((line) => !lines.has(line)),
    'there is no such control',
  ).toEqual([]);
  for (const [line, its] of Object.entries(covers)) {
    expect(its.length, line).toBeGreaterThan(0);
    expect(new Set(its).size, line).toBe(its.length);
  }
});

test('each sentence has a control, or the reason why none can', () => {
  const covered = new Set(Object.values(covers).flat());
  for (const [id, sentence] of Object.entries(sentences)) {
    const hasReason = 'besides' in sentence;
    expect(covered.has(id as keyof typeof sentences) || hasReason, id).toBe(true);
    for (const text of [sentence.asks, hasReason ? sentence.besides : sentence.asks]) expect(text, id).toMatch(/^[A-Z].+\.$/);
  }
});

test('every reference of every control is on the page, and every page of AWS that is gone through', () => {
  for (const url of [...controls.flatMap(({ references }) => references), ...Object.values(pages).map(({ url: its }) => its)])
    expect(page).toContain(`](${url})`);
});

test('a control stands beside its sentences, and the tag controls of all kinds by their sort', () => {
  const rowOf = (asks: string) => page.split('\n').find((line) => line.includes(asks)) ?? '';
  expect(rowOf(sentences.managed.asks)).toContain('[`guardduty-on`](controls/guardduty-on.md), [`macie-on`](controls/macie-on.md)');
  expect(rowOf(sentences.text.asks)).toContain('`*-sensitive-tags`');
  expect(rowOf(sentences.emptied.asks)).toContain('| none |');
});

test('the page in the repository is the one that is generated', async () => {
  expect(await readFile(join(import.meta.dirname, '..', '..', 'docs', 'coverage.md'), 'utf8'), 'run `npm run generate`').toBe(page);
});
