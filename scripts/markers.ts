/** The comments around a generated part of a file that is written by hand. */
export interface Markers {
  readonly begin: string;
  readonly end: string;
}

/** Comments with a name of their own. */
export function markersOf(name: string): Markers {
  return { begin: `<!-- ${name}:begin -->`, end: `<!-- ${name}:end -->` };
}

/** Puts text between the markers of a file; throws if it does not hold each once, in their order. */
export function between(file: string, text: string, { begin, end }: Markers, inner: string): string {
  const [before, rest, more] = text.split(begin);
  const [, after, evenMore] = (rest ?? '').split(end);
  if (before === undefined || after === undefined || more !== undefined || evenMore !== undefined) {
    throw new Error(`${file} must hold ${begin} and, after it, ${end}, each once: what is generated goes between them`);
  }
  return `${before}${begin}\n${inner}\n${end}${after}`;
}
