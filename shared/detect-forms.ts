import { isAssignment, isBasic, isJwt, isPasswordInUrl } from './detect-confirm.ts';

/** One well-known format of a secret. */
export interface SecretFormat {
  readonly detector: string;
  /** Strings of which one must stand in the text before the pattern is tried; none means always. */
  readonly hints: readonly string[];
  readonly pattern: RegExp;
  readonly confirm: ((match: string) => boolean) | undefined;
  /** The document that describes the format. */
  readonly source: string;
}

/** A form that is known by more than a prefix. */
export function shape(
  detector: string,
  hints: readonly string[],
  pattern: RegExp,
  source: string,
  confirm?: SecretFormat['confirm'],
): SecretFormat {
  return { detector, hints, pattern, confirm, source };
}

/** Forms of secrets that belong to no one provider. */
export const generalForms: readonly SecretFormat[] = [
  shape(
    'private-key',
    ['PRIVATE KEY'],
    /-----BEGIN (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----/g,
    'https://www.rfc-editor.org/rfc/rfc7468',
  ),
  shape(
    'private-key',
    ['PuTTY-User-Key-File'],
    /PuTTY-User-Key-File-\d/g,
    'https://the.earth.li/~sgtatham/putty/0.83/htmldoc/AppendixC.html',
  ),
  shape('private-key', ['"kty"'], /"d"\s{0,4}:\s{0,4}"[A-Za-z0-9_-]{30,1400}"/g, 'https://www.rfc-editor.org/rfc/rfc7518#section-6'),
  shape(
    'private-key',
    ['MI', 'MC4C'],
    /(?<![A-Za-z0-9+/])(?:MI[A-Za-z0-9+/]{4}IBAD|MI[A-Za-z0-9+/]{4}IBAAK|MC4CAQAwBQYDK2V)[A-Za-z0-9+/]{20}/g,
    'https://www.rfc-editor.org/rfc/rfc5208',
  ),
  shape(
    'jwt',
    ['eyJ', 'ewo'],
    /(?<![A-Za-z0-9_-])e[yw][A-Za-z0-9_-]{10,1024}\.[A-Za-z0-9_-]{0,6000}\.[A-Za-z0-9_.-]{10,4096}/g,
    'https://www.rfc-editor.org/rfc/rfc7519',
    isJwt,
  ),
  shape(
    'url-credentials',
    ['://'],
    /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@"'<>]{0,128}:[^\s/@"'<>]{1,256}@/gi,
    'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1',
    isPasswordInUrl,
  ),
  shape(
    'basic-credentials',
    [],
    /(?:\bbasic\s{1,4}|"auth\\?"\s{0,4}:\s{0,4}\\?")[A-Za-z0-9+/_-]{8,700}={0,2}/gi,
    'https://www.rfc-editor.org/rfc/rfc7617',
    isBasic,
  ),
  shape(
    'bearer-token',
    [],
    /authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:bearer|token)\s{1,4}[A-Za-z0-9._~+/-]{16,4096}/gi,
    'https://www.rfc-editor.org/rfc/rfc6750',
  ),
  shape(
    'password-hash',
    ['$'],
    /(?<![\w$])\$(?:2[abxy]\$\d{2}\$[./A-Za-z0-9]{53}|[156y7]\$[./A-Za-z0-9$=]{1,90}\$[./A-Za-z0-9]{22,100}|argon2(?:id|i|d)\$v=\d{1,3}\$[^\s]{20,300})/g,
    'https://man7.org/linux/man-pages/man5/crypt.5.html',
  ),
  shape(
    'assignment',
    ['=', ':'],
    // The value is only looked at, so that in `env: DB_PASSWORD=…` the second name is tried too. Within quotes it may hold commas and spaces.
    /(?<![\w.-])(?=(["']?[A-Za-z][\w.-]{1,80}\\?["']?\s{0,4}(?:=>|:=|[:=])\s{0,4}(?:\\?["'][^"'\\\r\n]{6,512}|[^\s"',;&\\]{6,512})))["']?[A-Za-z][\w.-]{1,80}/g,
    'https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax',
    isAssignment,
  ),
];
