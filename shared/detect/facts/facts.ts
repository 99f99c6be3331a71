import { applications } from './applications.ts';
import { hosting } from './hosting.ts';

/** What is known of the keys of one service. */
export interface Fact {
  readonly detector: string;
  /** Names of the service of which one must stand in the name beside the key, in lower case; none where the form tells by itself. */
  readonly beside: readonly string[];
  /** Whether the service's name is enough; else a word that says key must stand beside it. */
  readonly isAlone: boolean;
  /** Text as it stands, `<alphabet length>` for what is drawn, `{a,b}` for one of several. */
  readonly forms: readonly string[];
  /** The fewest bits a character that a key has. */
  readonly floor: number;
  readonly source: string;
}

/** Lists that others keep: what they know of a form was looked up there one by one; no expression is taken over. */
const lists: { readonly [list: string]: readonly [before: string, after: string] } = {
  gitleaks: ['https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml', ''],
  noseyparker: ['https://github.com/praetorian-inc/noseyparker/blob/main/crates/noseyparker/data/default/builtin/rules/', '.yml'],
  kingfisher: ['https://github.com/mongodb/kingfisher/blob/main/crates/kingfisher-rules/data/rules/', '.yml'],
  trufflehog: ['https://github.com/trufflesecurity/trufflehog/tree/main/pkg/detectors/', ''],
};

/** The table, one fact a line: detector, names beside the key or `-`, form, floor, source. */
export const facts: readonly Fact[] = `${hosting.trim()}\n${applications.trim()}`.split('\n').map((line) => {
  const [detector = '', names = '', form = '', floor = '', source = ''] = line.split(' | ');
  const beside =
    names === '-'
      ? []
      : names
          .replace('=', '')
          .split(' ')
          .map((name) => name.replaceAll('_', ' '));
  return { detector, beside, isAlone: names.startsWith('='), forms: form.split(' or '), floor: Number(floor), source: addressOf(source) };
});

function addressOf(source: string): string {
  const [list = '', file = ''] = source.split(' ');
  const known = lists[list];
  return known === undefined ? source : known[0] + file + known[1];
}
