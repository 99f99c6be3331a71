import { isAssignment, isBasic, isJwt, isKeyBody, isPasswordInUrl, isPrefixed, isQueryKey } from './confirm.ts';
import { isFilled } from './entropy.ts';

/** One well-known format of a secret. */
export interface SecretFormat {
  readonly detector: string;
  /** Strings of which one must stand in the text before the pattern is tried; none means always. */
  readonly hints: readonly string[];
  readonly pattern: RegExp;
  readonly confirm: (match: string) => boolean;
  /** The document that describes the format. */
  readonly source: string;
}

/** A form that is known by more than a prefix; without a check of its own, what fills it must not be a placeholder. */
export function shape(
  detector: string,
  hints: readonly string[],
  pattern: RegExp,
  source: string,
  confirm: SecretFormat['confirm'] = isFilled,
): SecretFormat {
  return { detector, hints, pattern, confirm, source };
}

/** Forms of secrets that belong to no one provider. */
export const generalForms: readonly SecretFormat[] = [
  shape(
    'private-key',
    ['PRIVATE KEY'],
    /-{4,5} ?BEGIN (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)? ?-{4,5}(?![\s-]{0,12}END)(?:\s|\\[nr]){0,8}([^\s\\]{0,16})/g,
    'https://www.rfc-editor.org/rfc/rfc7468',
    isKeyBody,
  ),
  shape(
    'private-key',
    ['PuTTY-User-Key-File'],
    /PuTTY-User-Key-File-\d/g,
    'https://the.earth.li/~sgtatham/putty/0.83/htmldoc/AppendixC.html',
  ),
  shape('private-key', ['"kty"'], /"[dk]"\s{0,4}:\s{0,4}"[A-Za-z0-9_-]{20,1400}"/g, 'https://www.rfc-editor.org/rfc/rfc7518#section-6'),
  shape(
    'private-key',
    ['MI', 'MC4C', 'MHcC', 'MHQC', 'b3BlbnNzaC1rZXkt'],
    /(?<![A-Za-z0-9+/])(?:MI[A-Za-z0-9+/]{4}IBA(?:D|AK|zCC)|MC4CAQAwBQYDK2V|MH[cQ]CAQEE|b3BlbnNzaC1rZXktdjEA)[A-Za-z0-9+/]{20}/g,
    // In DER: PKCS 8, PKCS 1, PKCS 12, Ed25519 and EC keys; and OpenSSH's own format.
    'https://www.rfc-editor.org/rfc/rfc5208',
  ),
  shape(
    'jwt',
    ['eyJ', 'ewo'],
    /(?<![A-Za-z0-9_-])e[yw][A-Za-z0-9_-]{10,1024}\.(?:[A-Za-z0-9_-]{0,6000}\.[A-Za-z0-9_.-]{10,4096}|e[yw][A-Za-z0-9_-]{16,6000}(?![A-Za-z0-9_.-]))/g,
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
    'url-credentials',
    ['@'],
    // A token in the user's place; a DSN of Sentry has a public key there.
    /(?<![a-z])(?:https?|nats|rediss?|amqps?):\/\/([A-Za-z0-9_-]{16,256}):?@(?![\w.-]{0,100}sentry)/gi,
    'https://docs.stripe.com/api/authentication',
    (match) => isQueryKey(match) || /^[a-f0-9]{32,}$/.test(match),
  ),
  shape(
    'query-key',
    ['key=', 'code=', 'auth=', 'signature='],
    /[?&](?:key|code|auth|signature|subscription-key)=([A-Za-z0-9_%+/=-]{24,512})/g,
    'https://learn.microsoft.com/azure/azure-functions/function-keys-how-to',
    isQueryKey,
  ),
  shape(
    'prefixed-key',
    ['sk', 'secret', 'pat', 'token', 'key'],
    /(?<![A-Za-z0-9_-])(?:[a-z][a-z0-9]{0,15}[_-]){0,3}(?:sk|secret|pat|token|apikey|api_key|api-key|privkey)[_-](?:[a-z0-9]{1,10}[_-]){0,2}[A-Za-z0-9]{20,200}(?![A-Za-z0-9])/g,
    // Services begin their keys with what they are.
    'https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partner-program',
    isPrefixed,
  ),
  shape(
    'basic-credentials',
    [],
    /(?:\bbasic\s{1,4}|"auth\\?"\s{0,4}:\s{0,4}\\?"|\b_auth\s{0,4}[=:]\s{0,4}["']?)[A-Za-z0-9+/_-]{8,700}={0,2}/gi,
    'https://www.rfc-editor.org/rfc/rfc7617',
    isBasic,
  ),
  shape(
    'bearer-token',
    [],
    /authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:bearer|token|bot|apikey|ssws|key|splunk|genie-?key)\s{1,4}[A-Za-z0-9._~+/-]{16,4096}|authorization:\s{1,4}[a-f0-9]{8}(?:-?[a-f0-9]{4}){3}-?[a-f0-9]{12}/gi,
    'https://www.rfc-editor.org/rfc/rfc6750',
  ),
  shape(
    'password-hash',
    ['$'],
    /(?<![\w$])\$(?:2[abxy]\$\d{2}\$[./A-Za-z0-9]{53}|(?:[156y7]|gy|apr1|sha1|md5)\$[./A-Za-z0-9$=]{1,90}\$[./A-Za-z0-9]{22,100}|(?:argon2(?:id|i|d)|scrypt|pbkdf2(?:-sha\d{1,3})?)\$[^\s"']{20,300})/g,
    'https://man7.org/linux/man-pages/man5/crypt.5.html',
  ),
  shape(
    'password-hash',
    ['SHA', 'pbkdf2_', 'MD5}', 'CRYPT}', 'argon2'],
    /\{(?:S?SHA(?:\d{3})?|S?MD5|CRYPT|PBKDF2\S{0,12})\}[^\s"']{13,200}|SCRAM-SHA-\d{1,3}\$\d{1,7}:[^\s"']{40,300}|\b(?:pbkdf2_sha\d{1,3}|argon2|bcrypt_sha256)\$[^\s"']{30,300}/g,
    'https://www.rfc-editor.org/rfc/rfc3112',
  ),
  shape(
    'assignment',
    ['=', ':'],
    // The value is only looked at, so that in `env: DB_PASSWORD=…` the second name is tried too. Within quotes, or ODBC's braces, it may hold any sign.
    /(?<![\p{L}\w.-])(?=(["']?[\p{L}_][\p{L}\w.-]{1,80}\\?["']?\s{0,4}(?:[!=]==?|=>|:=|[:=])\s{0,4}(?:\\?["'][^"'\\\r\n]{6,512}|\{[^{}\r\n]{4,256}\}|[^\s"',;&\\]{6,512})))["']?[\p{L}_][\p{L}\w.-]{1,80}/gu,
    'https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax',
    isAssignment,
  ),
];
