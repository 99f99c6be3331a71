import { expect, test } from 'vitest';
import { ratesOf } from '../../bench/detect.ts';
import { hardStarts, repeated } from '../../bench/hard-texts.ts';

const sample = (about: string, detector?: string) => ({
  about,
  source: 'https://example.com',
  value: about,
  ...(detector && { detector }),
});

test('recall is of secrets and of personal data apart, and false positives are of what is benign', () => {
  const corpus = {
    sensitive: [sample('a', 'github-token'), sample('b', 'assignment'), sample('c', 'iban')],
    benign: [sample('d'), sample('e'), sample('f'), sample('g')],
  };
  expect(ratesOf(corpus, ({ about }) => ['a', 'c', 'd'].includes(about))).toEqual({ secrets: 0.5, personal: 1, falsePositives: 0.25 });
});

test('what a corpus has none of has no rate', () => {
  expect(ratesOf({ sensitive: [sample('a', 'jwt')], benign: [] }, () => true)).toEqual({
    secrets: 1,
    personal: undefined,
    falsePositives: undefined,
  });
});

test('texts made to be slow are of one length, and each begins as it says', () => {
  for (const start of hardStarts) {
    expect(repeated(start, 8192)).toHaveLength(8192);
    expect(repeated(start, 8192).startsWith(start)).toBe(true);
  }
});
