import type { Detection } from './detection.ts';
import { isHighEntropy, textOfBase64 } from './entropy.ts';
import { secretFormats } from './formats.ts';
import { personalForms } from './personal.ts';
import { serviceKeysIn } from './services.ts';

export type { Detection } from './detection.ts';
export { detectInName } from './names.ts';

// A library was weighed and left: secretlint, the well-kept one that runs in Node, would fit (84 KB bundled with its recommended rules, as of
// November 2026) but finds 51 of the 203 secrets in bench/, knows neither assignments nor random strings nor personal data, and its messages
// quote what they found. Lists made for scanning repositories (gitleaks, detect-secrets) need their own program.

/** User information in a URL: its `password@host` would look like an e-mail address. */
const userInfo = /:\/\/[^\s/@"'<>]{1,385}@/g;

/** What only points elsewhere: CloudFormation's dynamic references, templates, shell variables, ARNs (whose `secret:name` is no assignment). */
const references = /\barn:aws[a-z-]{0,12}:[\w:/.*+=,@-]{1,512}|\{\{[^{}]{1,512}\}\}|\$\{[^{}]{1,256}\}/g;

/** Colours of a terminal, whose last letter would join the word behind it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with a control character
const colours = /\u001b\[[\d;]{0,20}m/g;

/**
 * The detectors that hit a text, secrets first, each once: well-known formats, then `high-entropy` if no format tells more, then personal data.
 * Base64 is looked into, one layer deep. Time grows with the text's length only, and what matched is neither returned, thrown nor logged.
 */
export function detectInValue(value: string): readonly Detection[] {
  const text = value.replace(colours, ' ').replace(references, '{}');
  const layers = [text, ...layersOf(text)];
  const secrets = layers.flatMap(formatsIn);
  if (secrets.length === 0 && isHighEntropy(text)) secrets.push('high-entropy');
  const personal = layers.flatMap(personalIn);
  return [
    ...[...new Set(secrets)].map((detector) => ({ detector, kind: 'secret' as const })),
    ...[...new Set(personal)].map((detector) => ({ detector, kind: 'personal' as const })),
  ];
}

/** Whether a text holds what looks like a secret. */
export function isSecret(text: string): boolean {
  return detectInValue(text).some(({ kind }) => kind === 'secret');
}

function formatsIn(text: string): string[] {
  const found = secretFormats
    .filter(({ hints }) => hints.length === 0 || hints.some((hint) => text.includes(hint)))
    .filter(({ pattern, confirm }) => matches(text, pattern, confirm))
    .map(({ detector }) => detector);
  return [...found, ...serviceKeysIn(text)];
}

function personalIn(text: string): string[] {
  const rest = text.replace(userInfo, '://');
  return personalForms
    .filter(({ pattern, confirm, near }) => (near === undefined || near.test(text)) && matches(rest, pattern, confirm))
    .map(({ detector }) => detector);
}

function matches(text: string, pattern: RegExp, confirm: ((match: string) => boolean) | undefined): boolean {
  if (confirm === undefined) return text.search(pattern) >= 0;
  for (const [match, ...groups] of text.matchAll(pattern)) if (confirm(groups.length > 0 ? groups.join('\n') : match)) return true;
  return false;
}

/** The texts within base64 that is long enough to hold one. */
function layersOf(text: string): readonly string[] {
  const tokens = text.match(/[A-Za-z0-9+/_-]{16,}={0,2}/g) ?? [];
  return tokens.map(textOfBase64).filter((inner) => inner !== undefined);
}
