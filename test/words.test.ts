import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasBlank } from '#shared/control/blank.ts';
import type { AnyControl } from '#shared/control/control.ts';
import { tools } from '#shared/control/tools.ts';
import { controlsOf, discoverFunctions } from '../infra/catalog.ts';

/** The words that readers stumbled over: how each is found, one as it was written, and what to say. A space stands for a line break too. */
const table: readonly (readonly [pattern: RegExp, stumbled: string, say: string])[] = [
  [/\b(tell|tells|told|telling) of\b/, 'An attached one is told of.', 'report, reported'],
  [/\bonly (tells?|told)\b/, 'This control only tells.', 'Reports only; changes nothing.'],
  [/\b(is|are|was|were|been) told\b(?! apart)/, 'People are told so.', 'name who does it: Redress reports it to …'],
  [/\b(told|tells?) (nobody|somebody|a person|people)\b/, 'The alarm tells somebody.', 'report to, notify; an alarm goes off'],
  [/\bcould not be told\b/, 'A finding could not be told.', 'could not report'],
  [/\bhears? of\b/, 'Nobody hears of it.', 'get, see'],
  [/\b(leave|leaves|left|leaving) (\S+ ){0,3}alone\b/, 'So it is left alone.', 'skip; left unchanged'],
  [/\b(wants|needs) somebody\b|\bneeds you\b/, 'It needs you.', 'action needed'],
  [/\bin plain\b(?! (English|text)\b)/, 'Others read it in plain.', 'plaintext, as plaintext'],
  [/\bat the (most|least)\b/, 'At the most 100.', 'at most, at least'],
  [/\banew\b/, 'Redress made it anew.', 'again'],
  [/\bthe (state|states|version|versions) before\b(?! and after)/, 'It puts the state before back.', 'the previous state'],
  [/\bowns\b|\bowned by\b/, 'Terraform owns it.', 'manages, managed by; an owner is who the owner tag names'],
  [/\b(a|the|each|no|its) waivers?\b|\bwaiv(es|ed)\b/, 'A waiver ends.', 'exemption'],
  [/\bbegun (fix|fixes|undo|change)\b|\b(be|what (it )?has) begun\b/, 'A begun fix goes on.', 'change in progress'],
  [/\bof these (\d+ )?minutes\b/, 'Its 25 fixes of these 10 minutes.', 'rate limit reached: 25 fixes in 10 minutes; the rest wait'],
  [/\b(do|does|did) not show yet\b/, 'It does not show yet.', 'not visible yet'],
  [/\bin hand\b|\bfor later\b/, '3 in hand, 5 for later.', 'in flight, delayed'],
  [/\b(nothing|none): (it|this)\b/, 'Nothing: it tells.', 'Reports only; changes nothing.'],
  [/\bputs? (it|them|the case|a case) down\b|\bbe put down\b/, 'A case could not be put down.', 'release'],
  [/\bwhat is over\b/, 'What is over waits.', 'the rest'],
  [/\btak(e|es|en|ing) (\S+ ){0,3}away\b/, 'It takes the tag away.', 'remove'],
  [/\b(is|are|be|was|were) rid of\b/, 'How code is rid of it.', 'removes'],
  [/\b(set|sets) ((it|them|that|this|these) )?right\b/, 'Redress sets right what is wrong.', 'fix'],
  [/\bsees to\b/, 'What it sees to.', 'checks, makes sure'],
  [/\bmend(s|ed|ing)?\b/, 'What stopped them is mended.', 'fix'],
];

const root = join(import.meta.dirname, '..');
// tests are read by those who write them; what is generated says what its source says
const skipped = /(^|\/)(node_modules|cdk\.out|dist|\..*)(\/|$)|^(test|coverage|reports)(\/|$)|\.test\.ts$|^docs\/controls\//;

async function texts(folder = root): Promise<{ file: string; text: string }[]> {
  const found = await Promise.all(
    (await readdir(folder, { withFileTypes: true })).map(async (entry) => {
      const path = join(folder, entry.name);
      const file = relative(root, path).replaceAll('\\', '/');
      if (skipped.test(file)) return [];
      if (entry.isDirectory()) return await texts(path);
      if (!entry.isFile() || !/\.(ts|md)$/.test(file)) return [];
      const text = await readFile(path, 'utf8');
      return [{ file, text: file === 'CHANGELOG.md' ? unreleased(text) : text }];
    }),
  );
  return found.flat();
}

/** The changelog up to the first version that was released, whose words stay as they were. */
function unreleased(text: string): string {
  const [before = '', ...versions] = text.split(/^(?=## \[)/m);
  const open = versions.findIndex((version) => !/^## \[[^\n]*unreleased/i.test(version));
  return [before, ...versions.slice(0, open < 0 ? versions.length : open)].join('');
}

/** The pattern for text whose lines may be broken, with the marks of a comment between. */
function spread({ source }: RegExp): RegExp {
  return new RegExp(source.replaceAll(' ', String.raw`\s+(?:(?:\*|\/\/|>|-)\s+)?`), 'gi');
}

function stumbled(file: string, text: string): string[] {
  return table.flatMap(([pattern, , say]) =>
    [...text.matchAll(spread(pattern))].flatMap(({ 0: match, index }) => {
      const words = match.replace(/\s+/g, ' ');
      return [`${file}:${text.slice(0, index).split('\n').length}: “${words}”; say: ${say}`];
    }),
  );
}

describe('the words that people read', () => {
  test('are plain: none of those that readers stumbled over', async () => {
    const all = await texts();
    expect(all.length).toBeGreaterThan(300);
    expect(all.flatMap(({ file, text }) => stumbled(file, text))).toEqual([]);
  });

  test.each(table)('%s is found, and its replacement passes', (_pattern, sentence, say) => {
    expect(stumbled('one.ts', sentence)).not.toEqual([]);
    expect(stumbled('one.ts', say)).toEqual([]);
  });

  test('are found across the lines of a comment', () => {
    expect(stumbled('one.ts', '/**\n * What people are told\n * of it.\n */')).toEqual([
      'one.ts:2: “told * of”; say: report, reported',
      expect.stringContaining('one.ts:2'),
    ]);
  });
});

const MOST_WORDS = 25;

/** The sentences of a text; code counts as one word, and its dots end nothing. */
function sentences(text: string): string[] {
  return text
    .replace(/`[^`]*`/g, 'CODE')
    .split(/(?<=[.!?])\s+(?=\S)/)
    .map((one) => one.trim());
}

function metadata({ title, why, remediation, costs, prevention, iac: { about: _about, ...iac } = {} }: AnyControl): {
  [name: string]: string | undefined;
} {
  const policy = prevention && ('none' in prevention ? prevention.none : prevention.breaks);
  return { title, why, remediation, costs, prevention: policy, ...iac };
}

const controls = controlsOf(await discoverFunctions());

describe('the ways of tools', () => {
  const sources = { cloudFormation: 'x.', cdk: 'x.', terraform: 'x.', kubernetes: 'x.' };
  const lines = Object.values(tools).flatMap((tool) => ['encryption', 'tags', 'text'].flatMap((about) => tool.fix({ ...sources, about })));

  test('are sentences, and short', () => {
    expect(lines.length).toBeGreaterThan(40);
    const wrong = lines.filter(({ says }) => !says.endsWith('.') || sentences(says).some((one) => one.split(/\s+/).length > MOST_WORDS));
    expect(wrong).toEqual([]);
  });
});

describe.each(controls)('the sentences of $id', (control) => {
  // a blank is no sentence yet
  const written = Object.entries(metadata(control)).flatMap(([name, text]) =>
    text === undefined || hasBlank(text) ? [] : [{ name, text }],
  );

  test('are short', () => {
    const long = written.flatMap(({ name, text }) =>
      sentences(text)
        .filter((one) => one.split(/\s+/).length > MOST_WORDS)
        .map((one) => `${name}: ${one}`),
    );
    expect(long).toEqual([]);
  });

  test('end with a dot, but for the title', () => {
    expect(control.title).not.toMatch(/\.$/);
    expect(written.filter(({ name, text }) => name !== 'title' && !text.endsWith('.'))).toEqual([]);
  });

  test('begin with a capital, where nothing stands before them, and have single spaces', () => {
    expect(written.filter(({ text }) => /\s{2}|^\s|\s$/.test(text))).toEqual([]);
    const whole = written.filter(({ name }) => ['title', 'why', 'remediation'].includes(name));
    expect(whole.filter(({ text }) => !/^[\p{Lu}`]/u.test(text))).toEqual([]);
  });
});
