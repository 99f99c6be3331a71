import { isFilled, shannon, textOfBase64 } from './entropy.ts';
import { detectInName } from './names.ts';
import { isIdempotencyToken, isPlaceholder, isProse } from './placeholders.ts';

/** Words that stand for something else elsewhere, and in a URL are the password that somebody chose. */
const commonPassword = /^(?:secrets?|passw[o0]rd|passphrase|default|token|sample|random|external|internal|admin|test)$/i;

/** A URL's user information with a password that is none but itself; `user:password` is how the form is written down. */
export function isPasswordInUrl(match: string): boolean {
  const [, user = '', inner = ''] = /:\/\/([^:]*):([^@]*)@/.exec(match) ?? [];
  // brackets say in manuals that it may be left out, and in a password they would be written as `%5B`
  if (inner === '' || user.startsWith('[') || (/^(?:user(?:name)?|login)$/i.test(user) && /^(?:pass(?:wor|w)?d?|pwd)$/i.test(inner)))
    return false;
  return commonPassword.test(inner) || !isPlaceholder(inner);
}

/** What follows the first line of a private key: not what only stands for one. */
export function isKeyBody(match: string): boolean {
  return !/^(?:\.{3}|…|x{4}|\*{3}|[<[{$]|your|example|redacted|-)/i.test(match);
}

/** A JWT: its first part decodes to JSON that names the algorithm. */
export function isJwt(match: string): boolean {
  try {
    const header: unknown = JSON.parse(Buffer.from(match.slice(0, match.indexOf('.')), 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null && ('alg' in header || 'enc' in header) && isFilled(match);
  } catch {
    // Never with the error: JSON's quotes what it could not read.
    return false;
  }
}

/** `user:password` in base64, as HTTP's Basic scheme, Docker's `auth` and npm's `_auth` have it. */
export function isBasic(match: string): boolean {
  const token = /[A-Za-z0-9+/_-]{8,}={0,2}/.exec(match.replace(/^.*?(?:basic\s+|auth["'\\]*\s*[:=]\s*["'\\]*)/i, ''))?.[0] ?? '';
  return /^[^:]{1,128}:.{0,512}$/.test(textOfBase64(token) ?? '');
}

/** What every term of the table of names has one of; spares most names the closer look. */
const mayTell =
  /pass|pwd|pw|psk|pin|secre|token|key|cred|jwt|dsn|conn|hook|auth|salt|phrase|mnemonic|code|wort|contras|clave|senha|wachtw|senord|salas|has[lł]o|heslo|jelsz|parol|[sş]ifre|kode|passe|парол|密码|パスワ|비밀|pepper|store/i;

/** A name and a value, joined by `=` or `:`: the name says secret, and the value is neither a placeholder nor a word of prose. */
export function isAssignment(match: string): boolean {
  const parts = /^["']?([\p{L}\w.-]+)\\?["']?\s*([!=]==?|=>|:=|[:=])\s*(\\?["']?)(.*)$/su.exec(match);
  if (parts === null) return false;
  const [, name = '', joint = '', quote = '', value = ''] = parts;
  // Compared with: as often the name of a state as a secret.
  if (/^[!=]=/.test(joint) && (quote === '' || !/\d/.test(value))) return false;
  if (quote === '' && joint === ':' && /^[\p{L}'’.,!?()-]+$/u.test(value)) return false;
  return value.length >= 6 && isNamedSecret(name, quote === '' ? value.replace(/[)\]}>`]+$/, '') : value);
}

/** A name and its value that a form holds apart, joined by a line feed for the check. */
export function isPair(match: string): boolean {
  const [name = '', ...value] = match.split('\n');
  return isNamedSecret(name, value.join('\n'));
}

/** A name and its value as two members of a list, where only a long value with digits is taken for one. */
export function isListed(match: string): boolean {
  return isPair(match) && /\d/.test(match) && match.slice(match.indexOf('\n') + 1).length >= 12;
}

function isNamedSecret(name: string, value: string): boolean {
  if (value.length < 4 || !mayTell.test(name) || isIdempotencyToken(name, value)) return false;
  // who signed a URL, which every signed URL says: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
  if (/^x-amz-credential$/i.test(name)) return false;
  const kind = detectInName(name)[0]?.detector;
  if (kind === undefined || kind === 'name:folder' || isPlaceholder(value) || isProse(value)) return false;
  const isPassword = kind === 'name:password';
  // A number is a count unless the name says password; words joined by hyphens are the name of a secret that is kept elsewhere.
  if (/^[\d.,_]+[smhd]?$/.test(value)) return isPassword && value.length >= 6 && !/[.,_]/.test(value);
  if (isMember(value, isPassword)) return false;
  if (isPassword) return true;
  return /^[a-z]+$/i.test(value) ? value.length >= 10 : !/^[a-z]{2,}(?:[-_/.: ][a-z]{2,})+$/i.test(value);
}

/** What stands behind a prefix that says secret: letters and digits mixed as in no word. */
export function isPrefixed(match: string): boolean {
  const body = /[A-Za-z0-9]+$/.exec(match)?.[0] ?? '';
  return !/(?:^|[_-])(?:pub|public|publishable|pk|anon|next|page)[_-]/i.test(match) && isMixed(body) && shannon(body) >= 3;
}

/** Letters with three digits or more among them. */
function isMixed(match: string): boolean {
  return /[A-Za-z]/.test(match) && (match.match(/\d/g)?.length ?? 0) >= 3;
}

/** A key in a URL's query: small letters, capitals and digits mixed, and no digest. */
export function isQueryKey(match: string): boolean {
  return /[a-z]/.test(match) && /[A-Z]/.test(match) && (match.match(/\d/g)?.length ?? 0) >= 2 && shannon(match) >= 3.5;
}

/** A member of an object, as programs write it: `ec2.HttpTokens.REQUIRED`; where a password stands, only one that says password itself. */
function isMember(value: string, isPassword: boolean): boolean {
  if (!/^[A-Za-z_$][\w$]{0,40}(?:\.[A-Za-z_$][\w$]{0,40}){1,6}$/.test(value) || (value.match(/\d/g)?.length ?? 0) > 2) return false;
  return !isPassword || detectInName(value.slice(value.lastIndexOf('.') + 1)).length > 0;
}

/** A value of an option of its own name: long enough, and no placeholder, path or further option. */
export function isCommandSecret(match: string): boolean {
  const value = unquoted(match);
  return value.length >= 6 && isBareSecret(value) && !/^[a-z]+$/.test(value) && !/^\d+$/.test(value);
}

/** What stands where only a secret can stand. */
export function isBareSecret(match: string): boolean {
  const value = unquoted(match).replace(/@$/, '');
  return value.length >= 3 && !value.startsWith('-') && !isPlaceholder(value);
}

/** A password behind curl's user: not one of the words by which the form is explained. */
export function isCurlPassword(match: string): boolean {
  return isBareSecret(match) && !/^(?:pass|pwd|test|token)$/i.test(unquoted(match));
}

/** A word behind `password` in a sentence: only what has a digit, and capitals within or signs, as no word of prose has. */
export function isSpokenPassword(match: string): boolean {
  const value = unquoted(match).replace(/[.,;:!?)\]]+$/, '');
  if (value.length < 8 || value.length > 128 || isPlaceholder(value)) return false;
  if (/^[\d.:/+TZ-]+$|^[\w-]+(?:\/[\w.-]+)+$|^\w+\(|[=<>{}]|^[a-z]+(?:[-_.][a-z0-9]+)*$|^[A-Z][A-Z0-9_-]+$/.test(value)) return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value) && (/[^A-Za-z0-9]/.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value)));
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/s, '$2');
}
