const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const NEWLINE = 0x0a;
const LETTER_N = 0x6e;

const EVENT_NAME = Buffer.from('eventName');
const EVENT_TYPE = Buffer.from('eventType');
const ERROR_CODE = Buffer.from('errorCode');
const API_CALL = Buffer.from('"AwsApiCall"');
const RECORDS = Buffer.from('Records');

/** Deeper than this nobody nests a record, and what walks one would have no end. */
const DEEPEST = 200;

/** What a byte means outside of strings, and whether one ends what is plain inside: most bytes mean nothing, and cost one look. */
const STRUCTURE = marks(QUOTE, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, COMMA);
const STOPS = marks(QUOTE, BACKSLASH, NEWLINE);

function marks(...bytes: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}

/** What a scan of one object found, without parsing it. */
export interface Scanned {
  /**
   * `whole`: the object ends before `end`. `records`: it is a file's own object, and its records begin at `end`.
   * `cut`: the bytes end before it does. `broken`: it is no JSON at `end`.
   */
  is: 'whole' | 'records' | 'cut' | 'broken';
  end: number;
  /** The value of its own `eventName`, as it is written; undefined where it has none, several, or one that is no plain text. */
  name: string | undefined;
  /** Whether it is written in a way in which bytes need not mean what they show, such as `\u0065`: only a parse tells. */
  isUnusual: boolean;
  isTooDeep: boolean;
  /** Whether its own `eventType` is `AwsApiCall`; false where it has none or several. */
  isApiCall: boolean;
  /** Whether its own `errorCode` is a text; false where it has none or several. */
  isFailed: boolean;
  /** Whether it holds one of the texts that were looked for; undefined where none were. */
  holdsText: boolean | undefined;
}

/** What a scan writes into. */
export function unscanned(): Scanned {
  const none = { isUnusual: false, isTooDeep: false, isApiCall: false, isFailed: false };
  return { is: 'cut', end: 0, name: undefined, ...none, holdsText: undefined };
}

/** Whether a byte is white space of JSON. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;
}

/**
 * Scans the object whose inside begins at `from`, `depth` levels down, for where it ends and what its `eventName` is. It is made to
 * be fast, and proposes only: whoever takes the proposal parses. With `opensRecords` a list called `Records` ends the scan.
 */
export function scanObject(bytes: Uint8Array, from: number, depth: number, opensRecords: boolean, out: Scanned): Scanned {
  const end = bytes.length;
  let at = from;
  let level = depth;
  let deepest = depth;
  let isKey = depth === 1;
  let names = 0;
  let types = 0;
  let errors = 0;
  out.name = undefined;
  out.isUnusual = false;
  out.isTooDeep = false;
  out.isApiCall = false;
  out.isFailed = false;
  out.holdsText = undefined;
  for (;;) {
    while (at < end && STRUCTURE[bytes[at] as number] === 0) at += 1;
    if (at >= end) return ended(out, 'cut', end);
    const byte = bytes[at];
    if (byte === QUOTE) {
      const start = at + 1;
      const close = stringEnd(bytes, start, end, out);
      if (close < 0) return ended(out, close === -1 ? 'cut' : 'broken', out.end);
      at = close + 1;
      if (level !== 1 || !isKey) continue;
      isKey = false;
      const isName = sameBytes(bytes, start, close, EVENT_NAME);
      const isType = !isName && sameBytes(bytes, start, close, EVENT_TYPE);
      const isError = !isName && !isType && sameBytes(bytes, start, close, ERROR_CODE);
      if (!isName && !isType && !isError && !(opensRecords && sameBytes(bytes, start, close, RECORDS))) continue;
      const value = valueAfter(bytes, at, end);
      if (value >= end) return ended(out, 'cut', end);
      if (isType) {
        types += 1;
        out.isApiCall = sameBytes(bytes, value, Math.min(value + API_CALL.length, end), API_CALL);
        continue;
      }
      if (isError) {
        errors += 1;
        out.isFailed = bytes[value] === QUOTE;
        continue;
      }
      if (!isName) {
        if (bytes[value] === OPEN_LIST) return ended(out, 'records', value + 1);
        continue;
      }
      names += 1;
      if (bytes[value] !== QUOTE) {
        out.isUnusual = true;
        continue;
      }
      const last = stringEnd(bytes, value + 1, end, out);
      if (last < 0) return ended(out, last === -1 ? 'cut' : 'broken', out.end);
      out.name = Buffer.prototype.latin1Slice.call(bytes, value + 1, last);
      at = last + 1;
    } else if (byte === OPEN || byte === OPEN_LIST) {
      if (byte === OPEN && !mayOpen(bytes, at, from)) return ended(out, 'broken', at);
      level += 1;
      if (level > deepest) deepest = level;
      at += 1;
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      level -= 1;
      at += 1;
      if (level === 0) {
        // of two names a parser takes the last
        if (names !== 1) out.name = undefined;
        if (types !== 1) out.isApiCall = false;
        if (errors !== 1) out.isFailed = false;
        out.isTooDeep = deepest > DEEPEST;
        return ended(out, 'whole', at);
      }
    } else {
      if (level === 1) isKey = true;
      at += 1;
    }
  }
}

function ended(out: Scanned, is: Scanned['is'], end: number): Scanned {
  out.is = is;
  out.end = end;
  return out;
}

/** Where the string ends that began before `from`; -1 if the bytes end first, -2 if it is none. */
function stringEnd(bytes: Uint8Array, from: number, end: number, out: Scanned): number {
  let at = from;
  for (;;) {
    while (at < end && STOPS[bytes[at] as number] === 0) at += 1;
    if (at >= end) break;
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) {
      const next = bytes[at + 1];
      // a quote, a backslash and a line's end are common in policies, and are in no name
      if (next !== QUOTE && next !== BACKSLASH && next !== LETTER_N) out.isUnusual = true;
      at += 2;
    } else {
      // a line's end stands in no string: the line before it was broken
      out.end = at;
      return -2;
    }
  }
  out.end = end;
  return -1;
}

/** Where the value after a key begins; the end if the bytes end first. */
function valueAfter(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (isBlank(bytes[at]) || bytes[at] === COLON)) at += 1;
  return at;
}

/** Whether an object may begin here: behind a colon, a comma or a list's beginning. Else the one before it was not closed. */
function mayOpen(bytes: Uint8Array, at: number, from: number): boolean {
  let before = at - 1;
  while (before >= from && isBlank(bytes[before])) before -= 1;
  const byte = bytes[before];
  return byte === COLON || byte === COMMA || byte === OPEN_LIST;
}

function sameBytes(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  if (end - start !== wanted.length) return false;
  for (let n = 0; n < wanted.length; n += 1) if (bytes[start + n] !== wanted[n]) return false;
  return true;
}
