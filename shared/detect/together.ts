import type { Detection } from './detection.ts';
import { detectInValue } from './index.ts';
import { detectInName, wordsOf } from './names.ts';
import { isIdempotencyToken, isPlaceholder } from './placeholders.ts';
import { isPublicName } from './public.ts';
import { serviceKey } from './services.ts';

/** What says on or off, nothing, or that a value will follow: beside no name is it a secret. */
const plain =
  /^(?:true|false|yes|no|on|off|enabled|disabled|null|nil|none|undefined|unset|unused|empty|tbd|todo|n\/?a|placeholder|not[-_ ]?(?:set|used|applicable)|to[-_ ]be[-_ ](?:set|defined|filled|replaced)|(?:replace|change|fill|update)[-_ ]?(?:me|this|it))$/i;

/** What says where a secret, or another thing, lies. */
const pointer =
  /^(?:arn:[\w-]+:\S+|alias\/[\w/-]+|(?:resolve:)?(?:ssm|ssm-secure|secretsmanager):\S+|vault:(?!v\d)\S+|op:\/\/\S+|file:\S+|env[.:]\w+|@Microsoft\.KeyVault\(.*\)|projects\/[\w-]+\/secrets\/\S+)$/i;

/** A certificate or the public half of a key, as PEM or OpenSSH have them. */
const publicHalf =
  /^(?:-{5}BEGIN (?![A-Z0-9 ]{0,30}PRIVATE)[A-Z0-9 ]{3,40}-{5}[^-]*-{5}END [A-Z0-9 ]+-{5}\s*)+$|^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) AAAA\S+(?: [^\r\n]*)?$/;

/** The end of a path that says nothing of its own: the segment before it tells what the number is. */
const general = /^(?:value|values|number|num|no|nr|id|text|data|current)$/i;

/** The longest value that can be a number of a person, or a day. */
const longestPersonal = 64;

/** Whether a value is no secret, whatever its name says: a switch, a pointer, a placeholder, a public half, or what keeps a call from being made twice. */
export function saysNothing(name: string, value: string): boolean {
  const text = value.trim();
  return (
    isIdempotencyToken(name, text) ||
    plain.test(text) ||
    pointer.test(text) ||
    publicHalf.test(text) ||
    isReference(text) ||
    isPublicJwk(text)
  );
}

/** The detectors that hit a name (a parameter's, or a tag's key) or its value, each judged in the light of the other. */
export function detectInNamed(name: string, value: string, patterns: readonly string[] = []): readonly Detection[] {
  return [...named(name, value, patterns), ...detectBeside(name, value)];
}

/** The detectors that hit a value, its name known: a public id is no secret, however random, and a name can say what a number is or whose key. */
export function detectBeside(name: string, value: string): readonly Detection[] {
  const leaf = leafOf(name);
  const found = detectInValue(value).filter(({ detector }) => detector !== 'high-entropy' || !isPublicName(leaf));
  const isShort = value.length <= longestPersonal && /\d/.test(value);
  const told = isShort ? detectInValue(`${wordsOf(meaning(name)).join(' ')}: ${value}`).filter(({ kind }) => kind === 'personal') : [];
  const service = serviceKey(name, value);
  const more = service === undefined ? told : [{ detector: service, kind: 'secret' as const }, ...told];
  return [...found, ...more.filter(({ detector }) => !found.some((other) => other.detector === detector))];
}

/** What only the name and the value together tell; a short value, a number, a pointer or a placeholder is no secret by its name. */
export function secretByName(name: string, value: string): readonly Detection[] {
  const isPlain =
    value.length < 6 || isPlaceholder(value) || saysNothing(name, value) || /^(?:[\d.]+|arn:\S+|[\w-]*(?:enabled|disabled))$/i.test(value);
  return isPlain ? [] : detectInName(name);
}

function named(name: string, value: string, patterns: readonly string[]): readonly Detection[] {
  const found = detectInName(name, patterns);
  return saysNothing(name, value) ? found.filter(({ detector }) => detector === 'name:configured') : found;
}

function leafOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** The last segment of a path, with the one before it where the last is as general as `value`. */
function meaning(name: string): string {
  const [before = '', last = ''] = ['', ...name.split('/')].slice(-2);
  return general.test(last) ? `${before} ${last}` : last;
}

/** The path of another parameter, of a name in each segment, or what is filled in elsewhere. */
function isReference(text: string): boolean {
  return /^(?:\/[A-Za-z][\w.-]{0,60}){2,15}$/.test(text) || /^(?:\{\{[^{}]*\}\}|\$\{[^{}]*\})$/.test(text) || isRunOfCrosses(text);
}

function isRunOfCrosses(text: string): boolean {
  return /x{6}|\*{4}|^(.)\1{5,}$/i.test(text) && isPlaceholder(text);
}

/** A key of RFC 7517 without its private members. */
function isPublicJwk(text: string): boolean {
  const plainText = text.replaceAll('\\"', '"');
  return /"kty"\s*:/.test(plainText) && !/"(?:d|k|p|q|dp|dq|qi|oth)"\s*:/.test(plainText);
}
