import { detectInValue } from './index.ts';
import { detectBeside } from './together.ts';

/** So many lines of a text are looked at one by one. */
const MOST_LINES = 5000;
/** So many places are named; the rest is counted. */
const MOST_NAMED = 5;

/** What a script, a component or a Dockerfile holds that looks like a secret, without any of its text. */
export interface FoundInLines {
  /** Kinds with their places, such as `assignment in line 3`. */
  readonly places: readonly string[];
  /** The kinds alone: lines move with each edit. */
  readonly kinds: readonly string[];
}

/** Judges a text of lines. */
export function secretsInLines(text: string): FoundInLines {
  const found = secretLines(text);
  return {
    places: [...new Set(found.map(([kind, line]) => (line === undefined ? kind : `${kind} in line ${line}`)))],
    kinds: [...new Set(found.map(([kind]) => kind))].sort(),
  };
}

/** Places in one part of a sentence. */
export function placesText(places: readonly string[]): string {
  const rest = places.length - MOST_NAMED;
  return [...places.slice(0, MOST_NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** Kinds of secrets with their lines, counted from one; of what spans several lines the line is not known. */
export function secretLines(text: string): [kind: string, line?: number][] {
  const all = formatsIn(text);
  const inLines = text
    .split(/\r?\n/)
    .slice(0, MOST_LINES)
    .flatMap((line, n) => {
      // the text around a line can tell that it holds only a placeholder
      const kinds = [...(all.length > 0 ? formatsIn(line).filter((kind) => all.includes(kind)) : []), ...besideName(line.trim())];
      return [...new Set(kinds)].map((kind): [string, number] => [kind, n + 1]);
    });
  const placed = new Set(inLines.map(([kind]) => kind));
  return [...inLines, ...all.flatMap((kind): [string][] => (placed.has(kind) ? [] : [[kind]]))];
}

/** What a line holds that assigns one literal: then a random string counts too, unless its name says that it is public. */
function besideName(line: string): string[] {
  const [, name, value] = (line.length < 1024 && pair.exec(line)) || [];
  if (name === undefined || value === undefined) return [];
  return detectBeside(name, value).flatMap(({ kind, detector }) => (kind === 'secret' ? [detector] : []));
}

/** A name and a literal of one word; what a shell or a template fills in is no literal. */
const pair =
  /^(?:(?:export|set|setx|ENV|env|Environment=|-)\s{0,4})?["']?(?:\$env:)?([A-Za-z_][\w.-]{1,80})["']?\s{0,4}(?:[:=]|=>)\s{0,4}["']?([^\s"'$`<>{}()|;]{16,512})["']?[,;]?$/;

/** Scripts are full of what looks random: digests, certificates, ids. Only what has the form of a secret counts. */
function formatsIn(text: string): string[] {
  return detectInValue(text).flatMap(({ kind, detector }) => (kind === 'secret' && detector !== 'high-entropy' ? [detector] : []));
}
