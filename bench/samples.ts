import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** One value of a corpus. */
export interface Sample {
  readonly about: string;
  /** The document that the value's form is from. */
  readonly source: string;
  readonly value: string;
  /** The detector that should hit, or what it would be called; absent where the value is benign. */
  readonly detector?: string;
}

const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const alphabets: { readonly [name: string]: string } = {
  digit: '0123456789',
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
  base36: 'abcdefghijklmnopqrstuvwxyz0123456789',
  upper36: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  upper32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  bech32: 'qpzry9x8gf2tvdw0s3jn54khce6mua7l',
  BECH32: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
  alpha: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  base62,
  base64: `${base62}+/`,
  url64: `${base62}-_`,
  django: 'abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)',
  terraform: `${base62}!@#$%&*()-_=+[]{}<>:?`,
  printable: `${base62}!#$%&()*+,-./:;<=>?@[]^_{|}~`,
};

/** The same bytes for the same seed, spread as a digest's are. */
function bytes(seed: string, length: number): Buffer {
  const digests: Buffer[] = [];
  for (let round = 0; digests.length * 32 < length; round++) {
    digests.push(createHash('sha256').update(`${seed} ${round}`).digest());
  }
  return Buffer.concat(digests).subarray(0, length);
}

function fake(seed: string, length: number, alphabet: string): string {
  return [...bytes(seed, length)].map((byte) => alphabet[byte % alphabet.length] ?? '').join('');
}

/** So many characters and their checksum, as the tokens of GitHub and npm end. */
function checked(seed: string, length: number): string {
  const text = fake(seed, length, base62);
  const digits = `0123456789${base62.slice(0, 52)}`;
  let sum = '';
  for (let rest = crc32(text); rest > 0; rest = Math.floor(rest / 62)) sum = `${digits[rest % 62] ?? ''}${sum}`;
  return text + sum.padStart(6, '0');
}

/** `RSA PRIVATE KEY/MIIEpA/1190`: a block of that label, whose base64 begins so and goes on for so many bytes. */
function pem(rest: string, seed: string): readonly string[] {
  const [label = '', start = '', length = ''] = rest.split('/');
  const body = `${start}${bytes(seed, Number(length)).toString('base64')}`.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...body, `-----END ${label}-----`];
}

function jwt(algorithm: string, seed: string): string {
  const parts = [
    { alg: algorithm, typ: 'JWT' },
    { sub: '1234567890', iat: 1_516_239_022 },
  ].map((json) => Buffer.from(JSON.stringify(json)).toString('base64url'));
  return `${parts.join('.')}.${fake(seed, 86, alphabets['url64'] ?? '')}`;
}

/** What a place is filled with, by its kind: `rest` is what stands behind the kind. */
const fills: { readonly [kind: string]: (rest: string, seed: string) => string } = {
  '': () => '',
  basic: (rest) => Buffer.from(rest).toString('base64'),
  text: (rest) => Buffer.from(rest).toString('base64'),
  url: (rest) => Buffer.from(rest).toString('base64url'),
  bytes: (rest, seed) => bytes(seed, Number(rest)).toString('base64'),
  crc: (rest, seed) => checked(seed, Number(rest)),
  uuid: (_, seed) => fake(seed, 32, alphabets['hex'] ?? '').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5'),
  pem: (rest, seed) => pem(rest, seed).join('\n'),
  pemjson: (rest, seed) => pem(rest, seed).join('\\n'),
  pem64: (rest, seed) => Buffer.from(`${pem(rest, seed).join('\n')}\n`).toString('base64'),
};

/** Fills `«base62 36»`, `«jwt RS256»`, `«basic user:password»` and the other kinds; an empty `«»` only keeps scanners from seeing a key in the file. */
export function filled(template: string, seed: string): string {
  let place = 0;
  let drawn = 0;
  const fill = (kind: string, rest: string): string => {
    if (kind === 'jwt') return jwt(rest, seed);
    const known = fills[kind];
    if (known !== undefined) return known(rest, `${seed} ${kind} ${drawn++}`);
    const alphabet = alphabets[kind];
    if (alphabet === undefined) throw new RangeError(`there is no alphabet ${kind}`);
    return fake(`${seed} ${place++}`, Number(rest), alphabet);
  };
  return template
    .replace(/\\(\\?)n/g, (_, kept) => (kept === '' ? '\n' : '\\n'))
    .replace(/«(\w*) ?([^»]*)»/g, (_, kind, rest) => fill(kind, rest));
}

/** Reads a table of samples, one a line: the detector where the table has detectors, what it is, the document, the value. */
export function samples(table: string, hasDetector: boolean): readonly Sample[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const cells = line.split(' | ');
      const detector = hasDetector ? { detector: cells.shift() ?? '' } : {};
      const [about = '', source = '', ...value] = cells;
      return { about, source, value: filled(value.join(' | '), about), ...detector };
    });
}
