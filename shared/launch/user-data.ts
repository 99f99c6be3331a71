import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { errorCode } from '#shared/aws/errors.ts';
import { Secret } from '#shared/control/secret.ts';

/** The most that is unpacked of one user data, in bytes: AWS takes 16 KB of it, and a few of these can be a thousand times as many. */
const MOST_BYTES = 128 * 1024;
/** So many parts of a message are opened. */
const MOST_PARTS = 100;
/** So many wrappings are taken off: cloud-init itself reads base64 of a multipart whose parts are compressed. */
const MOST_LAYERS = 4;

/** A compressed file in base64, in one line or in several, as `base64` breaks them. */
const compressedFile =
  /(?<![A-Za-z0-9+/])H4sI[A-Za-z0-9+/]{20,}(?:\r?\n[ \t]{0,40}[A-Za-z0-9+/]{20,})*(?:\r?\n[ \t]{0,40}[A-Za-z0-9+/]{1,19}(?=[=\s]|$))?={0,2}/g;

/** A text of user data, and where it stands in it; empty for the whole. */
export interface UserDataPart {
  readonly name: string;
  readonly text: string;
}

/** All texts of one user data; `isWhole` is false where some of it could not be unpacked. */
export interface UserDataTexts {
  readonly parts: readonly UserDataPart[];
  readonly isWhole: boolean;
}

interface Budget {
  bytes: number;
  isWhole: boolean;
}

/**
 * The texts within user data as AWS's API gives it, in base64: compressed, of several parts, encoded once more, and files within it.
 * https://cloudinit.readthedocs.io/en/latest/explanation/format.html
 */
export function textsOf(userData: Secret): UserDataTexts {
  const budget: Budget = { bytes: MOST_BYTES, isWhole: true };
  const parts = open(Buffer.from(revealed(userData), 'base64'), '', MOST_LAYERS, budget);
  return { parts, isWhole: budget.isWhole };
}

/** What tells one user data from another, and nothing of what it says. */
export function digestOf(userData: Secret): string {
  return createHash('sha256').update(revealed(userData)).digest('base64');
}

function revealed(userData: Secret): string {
  return String(Reflect.get(Secret.reveal({ userData }).input, 'userData'));
}

function open(bytes: Buffer, name: string, layers: number, budget: Budget): UserDataPart[] {
  if (layers === 0 || bytes.length > budget.bytes) {
    budget.isWhole = false;
    return [];
  }
  if (isCompressed(bytes)) {
    const inner = unpacked(bytes, budget);
    return inner ? open(inner, name, layers - 1, budget) : [];
  }
  budget.bytes -= bytes.length;
  const text = decoded(bytes);
  const [head, ...several] = partsOf(text);
  if (head !== undefined) {
    if (several.length > MOST_PARTS) budget.isWhole = false;
    return [
      { name: named(name, 'its head'), text: head },
      ...several.slice(0, MOST_PARTS).flatMap((one, n) => open(one, named(name, `part ${n + 1}`), layers - 1, budget)),
    ];
  }
  // some tools encode what the SDK encodes again
  const again = text.trim();
  if (again.length >= 16 && /^[A-Za-z0-9+/\s]+={0,2}$/.test(again) && !/[ \t]/.test(again))
    return open(Buffer.from(again, 'base64'), name, layers - 1, budget);
  const files = [...text.matchAll(compressedFile)].flatMap(([file], n) =>
    open(Buffer.from(file, 'base64'), named(name, `compressed file ${n + 1}`), layers - 1, budget),
  );
  return [{ name, text: text.replace(/data:[\w/;=+-]{0,60},[^\s"']+/g, unescaped) }, ...files];
}

function named(outer: string, inner: string): string {
  return outer === '' ? inner : `${inner} of ${outer}`;
}

function isCompressed(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unpacked(bytes: Buffer, budget: Budget): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: budget.bytes });
  } catch (error) {
    // too long, cut off, or only like a file in its first bytes
    if (!/^(?:ERR_BUFFER_TOO_LARGE|Z_\w+)$/.test(errorCode(error))) throw error;
    budget.isWhole = false;
    return undefined;
  }
}

/** Windows writes scripts as UTF-16, too. */
function decoded(bytes: Buffer): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.toString(isWide ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
}

/**
 * The parts of a multipart message with their headers, as cloud-init reads it; none where it is no such message.
 * People leave out the empty line behind the headers, so only an encoded body is parted from them.
 */
function partsOf(text: string): [head?: string, ...bodies: Buffer[]] {
  const start = text.slice(0, 4096).split(/\r?\n\r?\n/, 1)[0] ?? '';
  const boundary = /^content-type:\s*multipart\/[\w-]+;[\s\S]*?\bboundary=(?:"([^"\r\n]+)"|([^\s;]+))/im.exec(start);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return [];
  const [head = '', ...parts] = text.split(`--${mark}`);
  const bodies = parts.map((part) => {
    const [, headers = '', body = ''] = /^([\s\S]*?\n)\r?\n([\s\S]*)$/.exec(part) ?? [];
    const isEncoded = /^content-transfer-encoding:\s*base64/im.test(headers);
    return isEncoded ? Buffer.from(body, 'base64') : Buffer.from(part.trimStart());
  });
  return [head, ...bodies];
}

/** Ignition has its files as URLs. */
function unescaped(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
