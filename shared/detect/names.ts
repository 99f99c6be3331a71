import type { Detection } from './detection.ts';

/** Whose `pass` is a password; alone it is also a ticket, a filter and a test that went well. */
const owners =
  'db database user admin smtp mail email ftp sftp ssh redis mysql postgres pg root ldap bind mongo rabbitmq amqp mq default proxy vpn wifi basic auth login account client service app api key store keystore truststore cert ssl sudo sql oracle elastic kafka imap nexus jenkins git snmp rdp zip vault sa become master superuser rabbit grafana kibana influx minio harbor keycloak tomcat sonar splunk';

/** Word sequences that say that a value is secret, and the detector that is named. */
const terms: readonly (readonly [detector: string, ...sequences: string[]])[] = [
  [
    'name:password',
    'password',
    'passwords',
    'passwd',
    'passphrase',
    'pass phrase',
    'pass word',
    'pwd',
    'htpasswd',
    ...'dbpass pgpass mypass userpass adminpass rootpass dbpw'.split(' '),
    'psk',
    'pre shared key',
  ],
  ['name:password', ...owners.split(' ').flatMap((owner) => [`${owner} pass`, `${owner} pw`])],
  [
    'name:password',
    // German, Dutch, French, Spanish, Portuguese, Italian, the Nordic and Slavic languages, Hungarian, Turkish, Russian, Chinese, Japanese, Korean.
    ...'passwort kennwort zugangscode wachtwoord motdepasse contraseña contrasena contrasenya senha adgangskode lösenord losenord passord salasana hasło haslo heslo lozinka geslo jelszó jelszo parola şifre sifre пароль 密码 密碼 パスワード 비밀번호'.split(
      ' ',
    ),
    ...[
      'mot de passe',
      'mot passe',
      'palavra passe',
      'clave secreta',
      'clave de acceso',
      'clave acceso',
      'parola chiave',
      'parola de acces',
    ],
  ],
  ['name:password', 'pin code', 'pincode', 'recovery codes', 'recovery code', 'backup codes', 'seed phrase', 'recovery phrase', 'mnemonic'],
  ['name:webhook', 'webhook', 'webhooks', 'web hook'],
  ['name:connection-string', 'connection string', 'connectionstring', 'connection uri', 'conn str', 'conn string', 'connstr', 'dsn'],
  ['name:api-key', 'apikey', 'apikeys', ...keys('api access account auth license licence shared app application subscription functions')],
  ['name:api-key', ...keys('client iam sending ingest ingestion integration deploy admin server service secure preshared security')],
  [
    'name:private-key',
    'privatekey',
    'privkey',
    ...['keystore', 'truststore', 'pfx', 'jks'].flatMap((store) => [store, `${store} base64`, `${store} b64`]),
    ...['id rsa', 'id ecdsa', 'id ed25519'],
    ...keys('private priv cert certificate signing signature encryption decryption ssh host master hmac cipher crypto aes session cookie'),
  ],
  ['name:private-key', 'service account key', 'client key data', 'tls key', 'ssl key', 'jwt key', 'rsa key', 'data encryption key'],
  ['name:credential', 'credential', 'credentials', 'creds', 'zugangsdaten', 'netrc', 'npmrc', 'kubeconfig'],
  ['name:credential', 'service account json', 'credentials json', 'docker config json', 'dockerconfigjson'],
  ['name:token', 'token', 'tokens', 'jwt', 'jeton', 'bearer', 'authtoken'],
  ['name:secret', 'secret', 'secrets', 'secreto', 'segredo', 'geheimnis', 'segreto', 'totp seed', 'otp seed', 'salt', 'pepper'],
];

const detectorOf = new Map(terms.flatMap(([detector, ...sequences]) => sequences.map((sequence) => [sequence, detector])));
const longest = Math.max(...[...detectorOf.keys()].map((sequence) => sequence.split(' ').length));

/** Words written together whose end still tells: `dbpassword`, `clientsecret`. */
const endings: readonly (readonly [ending: string, word: string])[] = [
  ['password', 'password'],
  ['passwd', 'password'],
  ['passwort', 'password'],
  ['kennwort', 'password'],
  ['wachtwoord', 'password'],
  ['apikey', 'apikey'],
  ['privatekey', 'privatekey'],
  ['connectionstring', 'connectionstring'],
  ['secret', 'secret'],
  ['token', 'token'],
  ['credentials', 'credentials'],
];

/** Words after a term that make the value a thing about the secret, not the secret: where it is, how long it lives, what it must look like. */
const describes = new Set(
  [
    'name names arn arns id ids alias ref reference path prefix suffix location region bucket file filename folder table column field header',
    'url uri urls endpoint endpoints host hostname port domain issuer audience scope scopes type kind format algorithm algorithms ciphers alg provider service store',
    'manager policy policies complexity strength rules length min max size count limit quota threshold attempts history version versions',
    'expiry expires expiration expired ttl lifetime validity age period duration timeout interval retention rotation rotate schedule days hours',
    'minutes seconds sec secs ms millis millisecond milliseconds enabled disabled required allowed supported status state mode label',
    'description owner role template page reset recovery parameter counter rate usage events topic queue date time at updated created',
    'hint help placeholder title text message error errors caption tooltip prompt heading link button source cookie encryption hashing hasher',
    'encoder encoding strategy backend engine class plugin handler module method grant flow use exchange introspection validation validator',
    'verification verify verifier check checker generator factory filter controller expression selection bits expired valid invalid missing prefixes placeholders',
    'ts js mjs cjs py go java rb php json yaml yml toml xml ini conf md txt html css tf sh sql env variable var ref refs selector projection namespace fingerprint thumbprint hash checksum mode modes config',
  ].flatMap((line) => line.split(' ')),
);

/** A webhook's address is itself what must not be known. */
const addresses = new Set(['url', 'uri', 'urls', 'endpoint', 'endpoints']);

/** Words right before a term that turn it into something else: a count, a switch, what is public, design tokens. */
const turns = new Set(
  'max min num total count is has use enable disable allow require requires rotate public publishable design no site anon'.split(' '),
);

/** Tokens and keys that open nothing: they go on with a list, keep a call from being made twice, or mark a place in a text. */
const harmless =
  / to (?:store|keep|hold|read) | (?:(?:next|(?<! (?:facebook|fb|meta|instagram) )page|continuation|pagination|starting|client request|request|idempotency|csrf|xsrf|pad|eos|bos|stop|unk|sep|cls|mask|edit|position|resume|sync) token|idempotency key)s? /;

/** A variable of an environment, written as such, whoever's password it is. */
const environmentPass =
  /(?:^|\/)(?!(?:\w{0,40}_)?(?:BOARDING|BY|SINGLE|MULTI|FIRST|SECOND|TEST|QUALITY)_PASS$)[A-Z][A-Z0-9_]{0,60}_(?:PASS|PW)$/;

/** Folders under which every leaf that does not itself describe something is taken for a secret. */
const folders = new Set(['secret', 'secrets', 'password', 'passwords', 'credential', 'credentials', 'token', 'tokens', 'apikeys', 'creds']);

function keys(owners: string): string[] {
  return owners.split(' ').flatMap((owner) => [`${owner} key`, `${owner} keys`]);
}

/** Splits a name at `/ . _ -`, other punctuation and camelCase, in lower case. */
export function wordsOf(name: string): readonly string[] {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
  return spaced
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map(plain);
}

/** The detector of a term in the words of one leaf, unless the words around it say otherwise. */
function termIn(words: readonly string[]): string | undefined {
  const joined = ` ${words.join(' ')} `;
  if (/^ (?:pass|pw|pin|clave) $/.test(joined)) return 'name:password';
  if (harmless.test(joined)) return undefined;
  const last = lastTerm(words);
  if (last === undefined || turns.has(words[last.start - 1] ?? '')) return undefined;
  const isAbout = (word: string): boolean => describes.has(word) && !(last.detector === 'name:webhook' && addresses.has(word));
  return words.slice(last.end).some(isAbout) ? undefined : last.detector;
}

/** The term that ends last, and of those that end there the longest. */
function lastTerm(words: readonly string[]): { readonly detector: string; readonly start: number; readonly end: number } | undefined {
  for (let end = words.length; end > 0; end--) {
    for (let start = Math.max(0, end - longest); start < end; start++) {
      const detector = detectorOf.get(words.slice(start, end).join(' '));
      if (detector !== undefined) return { detector, start, end };
    }
  }
  return undefined;
}

/**
 * Whether a parameter's name or path says that its value is secret; at most one detection.
 * `patterns` add to the table: words (`licence-code`), or a glob over the whole name where they hold `*` or `/`; `!` before one takes names out.
 */
export function detectInName(name: string, patterns: readonly string[] = []): readonly Detection[] {
  const words = wordsOf(name);
  const fits = (pattern: string): boolean => (/[*/]/.test(pattern) ? isGlobOf(pattern, name) : holds(words, wordsOf(pattern)));
  if (patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))) return [];
  if (patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern))) return [{ detector: 'name:configured', kind: 'secret' }];
  const segments = name.split('/').filter(Boolean);
  const leaf = wordsOf(segments.at(-1) ?? '');
  const detector =
    termIn(leaf) ??
    (environmentPass.test(name) ? 'name:password' : undefined) ??
    (leaf.some((word) => describes.has(word)) ? undefined : folderOf(segments.slice(0, -1)));
  return detector === undefined ? [] : [{ detector, kind: 'secret' }];
}

function folderOf(segments: readonly string[]): string | undefined {
  return segments.some((segment) => folders.has(segment.toLowerCase())) ? 'name:folder' : undefined;
}

/** A word without the number behind it (`key2`), and of words written together the one that tells. */
function plain(word: string): string {
  const stem = word.replace(/(?<=[a-z])\d{1,4}$/, '');
  return endings.find(([ending]) => stem.endsWith(ending))?.[1] ?? stem;
}

function holds(words: readonly string[], sequence: readonly string[]): boolean {
  return sequence.length > 0 && ` ${words.join(' ')} `.includes(` ${sequence.join(' ')} `);
}

/** Piece by piece with `indexOf`, so that no pattern of a config can be slow. */
function isGlobOf(pattern: string, name: string): boolean {
  const text = name.toLowerCase();
  const pieces = pattern.toLowerCase().split('*');
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}
