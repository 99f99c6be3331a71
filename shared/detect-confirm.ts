import { textOfBase64 } from './detect-entropy.ts';
import { detectInName } from './detect-names.ts';

/** What stands where a secret will be filled in, or points to one: no secret. */
const placeholder =
  /^(?:\$|\{|<|%|\*{3}|x{4}|#\{|\.{3}|_{3}|@\w+@$|\[|arn:aws|resolve:|your[-_]|my[-_](?:secret|password|token)$|secretsmanager:|ssm:|vault:|file:|env[.:]|https?:\/\/[^@]*$|\/[\w./-]*$)/i;

/** Plain words that follow `password:` in prose, schemas and switches. */
const words =
  /^(?:required?|optional|string|boolean|number|integer|object|array|secret|password|token|bearer|basic|default|disabled?|enabled?|hidden|masked|redacted|removed|example|undefined|none|null|true|false|yes|no|reset|forgotten|expired|invalid|missing|changed|unchanged|rotated?|securestring|parameter|must|should|will|cannot|never|always|plaintext|encrypted|authentication|managed|automatic|external|internal)$/i;

/** Whether what stands in a secret's place is only a placeholder or a reference. */
export function isPlaceholder(text: string): boolean {
  return placeholder.test(text) || words.test(text);
}

/** A URL's user information with a password that is none but itself. */
export function isPasswordInUrl(match: string): boolean {
  const inner = /:\/\/[^:]*:([^@]*)@/.exec(match)?.[1] ?? '';
  return inner.length > 0 && !isPlaceholder(inner);
}

/** A JWT: its first part decodes to JSON that names the algorithm. */
export function isJwt(match: string): boolean {
  try {
    const header: unknown = JSON.parse(Buffer.from(match.slice(0, match.indexOf('.')), 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null && ('alg' in header || 'enc' in header);
  } catch {
    // Never with the error: JSON's quotes what it could not read.
    return false;
  }
}

/** `user:password` in base64, as HTTP's Basic scheme and Docker's `auth` have it. */
export function isBasic(match: string): boolean {
  const token = /[A-Za-z0-9+/_-]{8,}={0,2}/.exec(match.replace(/^.*?(?:basic\s+|auth["'\\]+\s*:\s*["'\\]+)/i, ''))?.[0] ?? '';
  return /^[^:]{1,128}:.{1,512}$/.test(textOfBase64(token) ?? '');
}

/** What every term of the table of names has one of; spares most names the closer look. */
const mayTell = /pass|pwd|secret|token|key|cred|jwt|dsn|conn|hook/i;

/** A name and a value, joined by `=` or `:`: the name says secret, and the value is neither a placeholder nor a word of prose. */
export function isAssignment(match: string): boolean {
  const parts = /^["']?([\w.-]+)\\?["']?\s*(=>|:=|[:=])\s*(\\?["']?)(.*)$/s.exec(match);
  if (parts === null) return false;
  const [, name = '', joint = '', quote = '', value = ''] = parts;
  if (value.length < 6 || !mayTell.test(name) || isPlaceholder(value) || detectInName(name).length === 0) return false;
  const isProse = quote === '' && joint === ':' && /^[\p{L}'’.,!?-]+$/u.test(value);
  return !isProse && !/^[\d.]{1,5}[smhd]?$/.test(value);
}
