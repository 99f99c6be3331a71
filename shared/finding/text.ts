// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const steering = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** Text from records as one line: names and tags come from whoever made the resource, and must steer neither a terminal nor a letter. */
export function plain(text: string): string {
  return text.toWellFormed().replace(steering, ' ');
}

/** The beginning of a text, with a mark where more was; never half of a character. */
export function cut(text: string, most: number, mark = '…'): string {
  return text.length > most ? `${text.slice(0, most - mark.length).replace(/[\ud800-\udbff]$/, '')}${mark}` : text;
}

/** A value as one line of JSON, with the same characters escaped. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(steering, (all) =>
    [...all].map((one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join(''),
  );
}
