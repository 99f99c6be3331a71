import { isRestOne } from './checks.ts';
import { wordsOf } from './names.ts';

/** Something that looks random and is no secret, with where its form is described. */
interface Public {
  readonly pattern: RegExp;
  readonly source: string;
  readonly confirm?: (match: string) => boolean;
}

/** Words that say of the value beside them that everybody may see it: what it is a digest, a signature or a public half of, or which thing it names. */
const publicWords =
  'etag checksum crc digest sha md hash integrity fingerprint thumbprint signature commit revision etags build-id version-id pub pubkey publickey public publishable site-key sitekey verification verify recipient kid id ids uid guid uuid cursor marker anchor certificate cert csr crl ca cachekey cache-key asset artifact nonce salt-id parent traceparent trace span lei isin vin bic tracking serial ciphertext encrypted ref blob next-token page-token continuation-token pagination-token starting-token client-token client-request-token idempotency-token idempotency-key receipt-handle sequence-number deduplication'
    .split(' ')
    .map((word) => ` ${word.replaceAll('-', ' ')} `);

/** Words beside which none of those counts: a session's id and a password's hash are as good as the secret. */
const secretWords = / (?:secret|session|sessionid|sid|private|password|passwd|pwd|credential|credentials|access|refresh|bearer|master) /;

/** A name, joined to a long value; the word before the name counts too, as in `Public key: …`. */
const named =
  /(?<![\p{L}\w.#-])((?:[\p{L}][\w.#-]{0,40} ){0,2}["']?[\p{L}_][\w.#-]{0,60})\\?["']?\s{0,4}(?:=>|[:=])\s{0,4}(?:W\/)?[\\"']{0,4}[A-Za-z0-9+/_-][A-Za-z0-9+/_=.:-]{11,1400}/gu;

/** Taken out before anything is judged, in this order. */
const publicForms: readonly Public[] = [
  {
    pattern: /(?<![A-Za-z0-9+/])M[A-Za-z0-9+/]{31,8192}={0,2}/g,
    confirm: isPublicDer,
    source: 'https://www.rfc-editor.org/rfc/rfc5280 (X.509 in DER)',
  },
  {
    pattern: /(?<![\w/])\/?(?:[\w.@+-]{1,100}\/){1,12}[\w.@+-]{1,100}\.[a-z][a-z0-9]{1,9}(?![\w/+=-])/g,
    source: 'https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap03.html (pathnames of files)',
  },
  {
    pattern: /(?:sha-?\d{1,3}|md5|checksum|digest|fingerprint|etag)["']?[ :=]{1,3}["']?[A-Za-z0-9+/_-]{16,128}={0,2}/gi,
    source: 'https://www.rfc-editor.org/rfc/rfc9530 (digests)',
  },
  { pattern: /-----BEGIN (?![A-Z0-9 ]{0,30}PRIVATE)[A-Z0-9 ]{3,40}-----[^-]{0,8192}/g, source: 'https://www.rfc-editor.org/rfc/rfc7468' },
  { pattern: /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, source: 'https://www.rfc-editor.org/rfc/rfc9562 (UUID)' },
  {
    pattern:
      /(?<![A-Za-z0-9])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})(?:-\d{1,5})?(?![A-Za-z0-9])/gi,
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html (digests in hex, and ETags of parts)',
  },
  {
    pattern: /\barn:aws[a-z-]{0,12}:[\w:/.*+=,@-]{1,512}|\bocid1\.[a-z0-9._-]{10,200}/g,
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html',
  },
  { pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>]{1,2048}/gi, source: 'https://www.rfc-editor.org/rfc/rfc3986 (URL)' },
  {
    pattern: /(?<![\w.-])(?:[a-z0-9_-]{1,63}\.){1,10}(?:com|net|org|io|dev|aws|cloud|internal|local|app|_domainkey|cn)(?![\w-])/g,
    source: 'https://www.rfc-editor.org/rfc/rfc1123 (host names)',
  },
  { pattern: /\bsha(?:1|256|384|512)-[A-Za-z0-9+/]{27,88}={0,2}/g, source: 'https://www.w3.org/TR/sri/ (subresource integrity)' },
  { pattern: /(?<![\w])h1:[A-Za-z0-9+/]{43}=/g, source: 'https://go.dev/ref/mod#go-sum-files' },
  {
    pattern: /\b1-[0-9a-f]{8}-[0-9a-f]{24}\b|\b00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b/g,
    source: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html',
  },
  {
    pattern: /(?<![\w+/-])(?:AIDA|AROA|AGPA|AIPA|ANPA|ANVA|APKA|ASCA)[A-Z0-9]{16,17}(?![\w+/-])/g,
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html',
  },
  {
    pattern: /(?<![\w+/-])Z[A-Z0-9]{12,31}(?![\w+/-])/g,
    source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html',
  },
  {
    pattern: /\b(?:db|cluster|prx|prx-endpoint)-[A-Z0-9]{24,28}\b/g,
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html (resource ids)',
  },
  {
    pattern: /(?<![A-Za-z0-9_])[a-z0-9]{26}(?![A-Za-z0-9_])/g,
    source:
      'https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html (client ids; sessions of Systems Manager end so, too)',
  },
  {
    pattern: /Encoded authorization failure message: [\w-]{20,8192}/g,
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html',
  },
  { pattern: /(?<![\w+/])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![\w+/])/g, source: 'https://github.com/ulid/spec' },
  { pattern: /\b[a-z]{1,30}_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g, source: 'https://github.com/jetify-com/typeid/tree/main/spec' },
  { pattern: /(?<![\w+/])c[k-m][a-z0-9]{23}(?![\w+/])/g, source: 'https://github.com/paralleldrive/cuid' },
  {
    pattern:
      /\b(?:acct|ba|bps|card|ch|cs|cus|dp|evt|fee|file|ii|in|il|li|link|mandate|pi|pk|plan|pm|po|price|prod|promo|py|qt|re|seti|si|src|sub|tr|txn|we)_(?:(?:live|test)_)?[A-Za-z0-9]{14,66}(?![\w])/g,
    source: 'https://docs.stripe.com/api (ids of objects)',
  },
  {
    pattern:
      /\b(?:[a-z]{2,10}_)?(?:publishable|public|pub|pk|phc)[_-][A-Za-z0-9_-]{16,200}|\bpk\.eyJ[\w-]{20,200}\.[\w-]{20,40}|\bFLWPUBK[\w-]{10,60}|\bpub[a-f0-9]{32}\b/g,
    source: 'https://supabase.com/docs/guides/api/api-keys (keys that are published)',
  },
  { pattern: /\b\d{6,16}-[a-z0-9]{32}\b/g, source: 'https://developers.google.com/identity/protocols/oauth2 (client ids)' },
  {
    pattern:
      /\bAAAA(?:[BCH]3NzaC1|E2VjZHNh|[GI][A-Za-z0-9]2stc3No|[GIJ][A-Za-z0-9]{4}|KGVjZHNh|[KM][A-Za-z0-9]{2}No)[A-Za-z0-9+/]{20,4096}={0,2}/g,
    source: 'https://www.rfc-editor.org/rfc/rfc4253#section-6.6 (SSH public keys)',
  },
  {
    pattern: /\b(?:age|bc|tb|npub|note|nevent|nprofile)1[ac-hj-np-z02-9]{38,100}\b/g,
    source: 'https://github.com/C2SP/C2SP/blob/main/age.md (bech32)',
  },
  {
    pattern: /\b0x[0-9a-fA-F]{40}\b|\bxpub[1-9A-HJ-NP-Za-km-z]{107}\b|(?<![\w+/-])[13][1-9A-HJ-NP-Za-km-z]{25,34}(?![\w+/=-])/g,
    source: 'https://eips.ethereum.org/EIPS/eip-55 (addresses of chains)',
  },
  { pattern: /\bQm[1-9A-HJ-NP-Za-km-z]{44}\b|\bbaf[a-z2-7]{56}\b/g, source: 'https://github.com/multiformats/cid' },
  {
    pattern: /(?<![\w+/-])[A-Z0-9]{18}\d{2}(?![\w+/-])/g,
    confirm: isRestOne,
    source: 'https://www.gleif.org/en/about-lei/iso-17442-the-lei-code-structure',
  },
  {
    pattern:
      /\bAQ(?:I|E)[A-D]AH[A-Za-z0-9+/]{50,8192}={0,2}|\bvault:v\d{1,4}:[A-Za-z0-9+/=]{20,8192}|\bENC\[[^\]]{1,8192}\]|\bAQEB[A-Za-z0-9+/]{80,2048}={0,2}/g,
    source: 'https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html (ciphertext)',
  },
  {
    pattern:
      /\bdata:[a-z]{2,20}\/[a-z0-9.+-]{2,60};base64,[A-Za-z0-9+/]{1,8192}={0,2}|(?<![A-Za-z0-9+/])(?:iVBORw0KGgo|R0lGOD|\/9j\/|H4sIA|UEsDB|JVBERi0|UklGR|d09GM|AAABAA)[A-Za-z0-9+/]{20,8192}={0,2}/g,
    source: 'https://www.rfc-editor.org/rfc/rfc2397 (files)',
  },
  {
    pattern: /\b[A-Za-z][A-Za-z0-9]{0,63}(?:-[A-Za-z0-9]{1,80}){1,4}-[A-Za-z0-9]{12,13}(?![\w-])/g,
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html (physical ids)',
  },
  {
    pattern: /\b(?:[A-Z]{1,4}[a-z]{2,24}\d?){2,12}(?:[0-9A-F]{8}|[0-9A-F]{16})\b/g,
    source: 'https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html (logical ids)',
  },
  {
    pattern: /\b[a-z]{2,8}-[0-9a-f]{8}(?:[0-9a-f]{9})?\b/g,
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html',
  },
  { pattern: /\bp=[A-Za-z0-9+/]{40,800}={0,2}/g, source: 'https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1 (DKIM)' },
  {
    pattern: /"(?:n|e|x|y|x5c|x5t(?:#S256)?)\\{0,3}"\s{0,4}:\s{0,4}\[?\\{0,3}"[A-Za-z0-9_+/=-]{1,2048}\\{0,3}"/g,
    source: 'https://www.rfc-editor.org/rfc/rfc7517',
  },
];

/** A text without what is as random as a key and public by its form or by the name beside it. */
export function withoutPublic(text: string): string {
  const unnamed = text.replace(named, (match, name: string) => (isPublicName(name) ? name : match));
  return publicForms.reduce(
    (left, { pattern, confirm }) => left.replace(pattern, (match) => (confirm === undefined || confirm(match) ? ' ' : match)),
    unnamed,
  );
}

/** Whether a name says of the value beside it that everybody may see it. */
export function isPublicName(name: string): boolean {
  const words = ` ${wordsOf(name).join(' ')} `;
  return publicWords.some((word) => words.includes(word)) && !secretWords.test(words);
}

/** In DER a certificate or a request, a public key as X.509 or PKCS 1 have it, signed data, or the two numbers of a signature. */
function isPublicDer(token: string): boolean {
  const start = Buffer.from(token.slice(0, 40), 'base64').toString('hex');
  return (
    /^3082[0-9a-f]{4}3082[0-9a-f]{4}(?:a003020102|02)/.test(start) ||
    /^3082[0-9a-f]{4}(?:0282[0-9a-f]{4}00|06092a864886f70d0107)/.test(start) ||
    /^304[4-6]022[01]/.test(start) ||
    /^30(?:82[0-9a-f]{4}|81[0-9a-f]{2}|[0-7][0-9a-f])30[01][0-9a-f]06/.test(start)
  );
}
