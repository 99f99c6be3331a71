import { describe, expect, test } from 'vitest';
import { detectInValue } from './index.ts';
import { detectBeside, detectInNamed, saysNothing } from './together.ts';

const detectors = (name: string, value: string): readonly string[] => detectInNamed(name, value).map(({ detector }) => detector);
const inValue = (value: string): readonly string[] => detectInValue(value).map(({ detector }) => detector);

// values are made of parts, so that no scanner takes this file for a leak
const random = `9fQ2${'xW7k'}Lm3Z${'pT8v'}`;

describe('a name and its value are judged together', () => {
  test.each([
    ['/hr/employee/ssn', '219099998', 'us-ssn'],
    ['SSN', '219099999', 'us-ssn'],
    ['DateOfBirth', '12/04/1985', 'date-of-birth'],
    ['/crm/client/pesel', '44051401458', 'pl-pesel'],
    ['NHS number', '943 476 5919', 'uk-nhs'],
  ])('%s says what its number is', (name, value, detector) => {
    expect(detectors(name, value)).toEqual([detector]);
    expect(detectors('/app/item', value)).toEqual([]);
  });
  test.each(['/app/okta/client_id', '/app/tenant/public-id', 'sheet-id'])('%s is public, however random', (name) => {
    expect(detectBeside(name, `0oaAuNaRL63x${'YKwzEInn'}`)).toEqual([]);
    expect(detectBeside('/app/item', `0oaAuNaRL63x${'YKwzEInn'}`)).not.toEqual([]);
  });
  test('but a key in a known format is one, whatever its name', () => {
    expect(detectors('client-id', `ghp_${'x7Kq2mZ9'.repeat(4)}a1B2`)).toEqual(['github-token']);
  });
  test.each([
    'UNDEFINED',
    'true',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db',
    '/app/prod/secrets/db',
    '{{resolve:ssm:/app/db}}',
    ['$', '{DB_PASSWORD}'].join(''),
    'xxxxxxxxxxxx',
    '{"kty":"EC","crv":"P-256","x":"ZYMmLOPIwFQuYhrsiF8nfMaunlNy5yX0Y3rNJdqL2kV","y":"F8thrxFeUZCRjAbNX7iFdh5MmdDWIN86tKvycm7L8gq"}',
    '{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"ZYMmLOPIwFQuYhrsiF8nfMaunlNy5yX0Y3rNJdqL2kV\\"}',
  ])('a name makes no secret of %s', (value) => {
    expect(saysNothing('/app/signing-key', value)).toBe(true);
    expect(detectors('/app/signing-key', value)).toEqual([]);
  });
  test.each(['hunter2hunter2', '/9fQ2xW7kLm3Z', '{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}'])('but of %s it does', (value) => {
    expect(detectors('/app/signing-key', value)).toContain('name:private-key');
  });
  test('what the config names stays named', () => {
    expect(detectInNamed('/app/x', 'undefined', ['x'])).toEqual([{ detector: 'name:configured', kind: 'secret' }]);
  });
  test.each([
    '/vault/client-token',
    '/app/GRAFANA_PASS',
    '/srv/test_client_key',
    '/maat/APP_SALT',
    '/srv/server_keystore_base64',
    '/app/pepper',
    '/tls/priv_key',
  ])('%s is the name of a secret', (name) => {
    expect(detectors(name, 'O2QH20XLrEg')).toHaveLength(1);
  });
  test.each(['/travel/BOARDING_PASS', '/ci/TEST_PASS', '/api/client-request-token', '/api/next-page-token'])('%s is not', (name) => {
    expect(detectors(name, 'O2QH20XLrEg')).toEqual([]);
  });
});

// Kinds of text from the test suites of gitleaks, CredSweeper, Nosey Parker, secretlint and Presidio; the values are made anew.
describe('forms that others know', () => {
  test.each([
    ['sql-password', `CREATE USER 'svc'@'%' IDENTIFIED BY '${random}';`],
    ['sql-password', `CREATE USER a ACCOUNT UNLOCK IDENTIFIED BY ${random}`],
    ['sql-password', `ALTER ROLE app WITH LOGIN PASSWORD '${random}'`],
    ['assignment', `GRAFANA_PASS=${random}`],
    ['command-option', `-User:master -Password:${random}`],
    ['command-option', `ConvertTo-SecureString -String ${random}`],
    ['command-option', `psexec \\\\host -u DOM\\me -p ${random} cmd`],
    ['basic-credentials', `curl -u ":${random}" https://localhost:9200`],
    ['basic-credentials', `curl -u "${random}:" https://localhost:9200`],
    ['basic-credentials', `curl_easy_setopt(curl, CURLOPT_PROXYPASSWORD, "${random}");`],
    ['bearer-token', "curl --header  'Authorization:  20d3d2bf-dc8a-4b38-a721-78a38976ee08' https://x.internal"],
    ['assignment', `PASSWORD = os.environ.get("PASSWORD") or "${random}"`],
    ['assignment', `buildConfigField 'String' , 'API_KEY' , '"${random}"'`],
    ['assignment', `if (password === "${random}") {`],
    ['url-credentials', 'postgresql://app:secret@db.prod.internal/app'],
    ['sourcegraph-token', 'sgp_03AB60A9F5Ae68de_fB48d9dFD59cFFDDFe6ca6b0Fb96FF5E8Fd7dbFc'],
    ['rootly-key', `rootly_${'09cd75d167853d00'.repeat(4)}`],
    ['intra42-secret', `s-s4t2ud-${'3af2a080ad8541c1'.repeat(4)}`],
  ])('%s in %s', (detector, value) => {
    expect(inValue(value)).toContain(detector);
  });
  test.each([
    `ghp_${'x'.repeat(36)}`,
    `AKIA${'X'.repeat(16)}`,
    'xoxb-xxxxxxxxx-xxxxxxxxxx-xxxxxxxxxxxx',
    `PERPLEXITY_API_KEY=pplx-${'x'.repeat(48)}`,
    `apiKey: "AIza${'a'.repeat(36)}"`,
    `sntryu_${'a'.repeat(64)}`,
    'A3-XXXXXX-XXXXXXXXXXX-XXXXX-XXXXX-XXXXX',
    '-----BEGIN OPENSSH PRIVATE KEY----------END OPENSSH PRIVATE KEY-----',
    'export OP_SERVICE_ACCOUNT_TOKEN=ops_eyJzaWduSW5BZGRyZXNzIjoiaHR0cHM6...',
    'password = "somefakekey"',
    'keyVaultToStoreSecrets: cmp2-qat-1208358310',
    'ALTER USER a PASSWORD EXPIRE',
    'if (token == "identifier") {',
  ])('a placeholder, or none: %s', (value) => {
    expect(inValue(value)).toEqual([]);
  });
  test.each([
    ['us-mbi', 'Medicare ID: 1EG4-TE5-MK73', 'Medicare ID: 1SG4-TE5-MK73'],
    ['tr-kimlik', 'TC Kimlik No: 10000000146', 'TC Kimlik No: 10000000147'],
    ['tr-kimlik', 'TC Kimlik No: 10000000146', '10000000146'],
    ['sg-fin', 'S9108268C', 'S9108268D'],
    ['za-id', 'RSA ID: 0002294321191', 'RSA ID: 0002294321192'],
    ['kr-rrn', '960121-1111118', '960121-1111119'],
    ['th-id', '1-2345-67890-12-1', '1-2345-67890-12-2'],
    ['email-address', 'jane.doe@xn--d1acufc.xn--p1ai', 'jane.doe@xn--d1acufc'],
    ['uk-nino', 'tw987654a', 'ab987654a'],
    ['es-dni', '55555555k', '55555555j'],
  ])('%s: %s, not %s', (detector, value, other) => {
    expect(inValue(value)).toEqual([detector]);
    expect(inValue(other)).not.toContain(detector);
  });
});
