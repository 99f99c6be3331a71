import { describe, expect, test } from 'vitest';
import { filled } from '../../bench/samples.ts';
import { detectInName, detectInValue } from './index.ts';

const detectors = (value: string): readonly string[] => detectInValue(filled(value, 'beside')).map(({ detector }) => detector);

describe('what stands beside a value tells that it is secret', () => {
  test.each([
    ['command-option', 'wget --http-password=tidy«»Kite88 https://x.example.com'],
    ['command-option', "sshpass -p 'tidy«»Kite88' ssh bob@host"],
    ['command-option', 'mysql -h db -u root -ptidy«»Kite88 orders'],
    ['command-option', 'openssl pkcs12 -in a.p12 -passin pass:tidy«»Kite88'],
    ['basic-credentials', 'curl -u admin:tidy«»Kite88 https://x.example.com'],
    ['netrc', 'machine api.example.com\n  login bob\n  password tidy«»Kite88'],
    ['pgpass', 'localhost:5432:orders:app:tidy«»Kite88'],
    ['url-credentials', 'jdbc:oracle:thin:scott/tidy«»Kite88@ora.example.com:1521/XE'],
    ['url-credentials', 'https://tk«base62 30»@git.example.com/a.git'],
    ['assignment', 'Driver={ODBC Driver 18 for SQL Server};UID=sa;PWD={tidy;«»Kite88};'],
    ['assignment', '<password>Heron4«»Delta</password>'],
    ['assignment', '[{"name":"DB_PASSWORD","value":"tidy-«»Kite-88"}]'],
    ['assignment', '- name: API_TOKEN\n  value: abcd12«»345efgh'],
    ['assignment', "define('AUTH_KEY', 'tidy«» Kite 88!')"],
    ['assignment', 'JWT_SECRET=supersecret«»jwtkey'],
    ['assignment', 'contraseña=Tidy«»Kite88'],
    ['assignment', 'пароль: Tidy«»Kite88'],
    ['assignment', 'パスワード=Tidy«»Kite88'],
    ['assignment', 'pin: 48«»2913'],
    ['spoken-password', 'The admin password is Tidy-«»Kite-88 for now'],
    ['spoken-password', 'Das Passwort ist Tidy«»Kite88!'],
    ['basic-credentials', '//npm.example.com/:_auth=«basic ci:tr33house»'],
    ['password-hash', 'alice:{SSHA}«base64 32»'],
    ['query-key', 'https://x.example.com/api/run?code=«base62 54»=='],
    ['prefixed-key', 'acme_pat_«base62 32»'],
    ['signed-url', 'https://b.s3.amazonaws.com/k?X-Amz-Signature=«hex 64»'],
    ['teams-webhook', 'https://outlook.office.com/webhook/«uuid»@«uuid»/IncomingWebhook/«hex 32»/«uuid»'],
  ])('%s: %s', (detector, value) => {
    expect(detectors(value)).toContain(detector);
  });
});

describe('a reference, a placeholder or a sentence is no secret', () => {
  test.each([
    'password: !Ref DbPassword',
    'password = os.environ["DB_PASSWORD"]',
    'password = random_password.db.result',
    'httpTokens: ec2.HttpTokens.REQUIRED',
    'password=change-me-please',
    'SECRET_KEY=insert-your-secret-key-here',
    'token: xxxxxxxxxxxx',
    'op://vault/item/password',
    'secret: orders-db-credentials',
    'private_key_file: certs/server.key',
    'PASSWORD=$(cat /run/secrets/db)',
    'PASSWORD_HASHERS=django.contrib.auth.hashers.Argon2PasswordHasher',
    '{"password":{"type":"string","minLength":12}}',
    'valueFrom: {secretKeyRef: {name: orders-db, key: password}}',
    'Password must contain at least 8 characters, one digit and one symbol',
    'The password was rotated on 2026-01-01T10:00:00Z',
    'mysqldump -h db -P 3306 -u app --password orders',
    'curl -u "$USER:$PASS" https://x.example.com',
    'docker login --username ci --password-stdin',
    'aws ssm get-parameter --name /prod/db/password --with-decryption',
    'clientToken=«uuid»',
    '{"nextToken":"«base64 120»=="}',
    'VITE_SENTRY_DSN=https://«hex 32»@o123.ingest.sentry.io/456',
    'http_proxy: http://[[user][:pass]@]host[:port]/',
    'https://x.s3.amazonaws.com/a?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260101%2Feu-west-1%2Fs3%2Faws4_request',
  ])('%s', (value) => {
    expect(detectors(value)).toEqual([]);
  });
});

describe('what is random and public is no secret', () => {
  test.each([
    'Root=1-«hex 8»-«hex 24»;Parent=«hex 16»;Sampled=1',
    'etag: W/"5f-«base64 27»"',
    '"«hex 32»-12"',
    'Content-MD5 «base64 22»==',
    'golang.org/x/net v0.30.0/go.mod h1:«bytes 32»',
    '256 SHA256:«base64 43» no comment (ED25519)',
    '{"VersionId":"«base62 32»"}',
    '{"keys":[{"kty":"RSA","kid":"«url64 43»","n":"«url64 342»","e":"AQAB"}]}',
    'wg public key: «bytes 32»',
    'AAAAC3NzaC1lZDI1NTE5AAAAI«base64 43»',
    '-----BEGIN PGP SIGNATURE-----\n\niQEzBAAB«base64 56»\n-----END PGP SIGNATURE-----',
    'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA«base64 300»IDAQAB',
    'facebook-domain-verification=«base36 30»',
    '«base36 32»._domainkey.example.com',
    'NEXT_PUBLIC_SITE_KEY=6L«url64 38»',
    'pk_test_«base62 24»',
    'price_1«base62 23»',
    'user_01h455vb4pex5vsknk084sn02q',
    'COGNITO_CLIENT_ID=«base36 26»',
    'AUTH0_CLIENT_ID=«base62 32»',
    'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
    'vault:v1:«base64 80»==',
    'static/js/«base62 21»/main.js',
    'amazonProvidedIpv6CidrBlock: true',
    'Encoded authorization failure message: «url64 400»',
  ])('%s', (value) => {
    expect(detectors(value)).toEqual([]);
  });
});

describe('a name in another language, and one that only has a term', () => {
  test.each(['/app/db.passwort', '/app/mot_de_passe', 'senha', 'LDAP_BIND_PW', '/app/session-key', '/app/pre-shared-key'])(
    '%s tells',
    (name) => {
      expect(detectInName(name)).toHaveLength(1);
    },
  );
  test.each([
    'client-request-token',
    'next_token',
    'eos_token',
    'secret.ts',
    'password-hint',
    'api-key-source',
    'routing-key',
    'partition_key',
  ])('but not %s', (name) => {
    expect(detectInName(name)).toEqual([]);
  });
});
