import { describe, expect, test } from 'vitest';
import { hitsIn } from '#shared/tags/scan.ts';
import { filled } from '../../bench/samples.ts';
import { detectInNamed } from './together.ts';

/** What stood in parameters and tags, one kind of fault after the other; `«»` keeps scanners from seeing a key in this file. */
const cases: readonly (readonly [expected: 'sensitive' | 'benign', where: 'parameter' | 'tag', name: string, value: string])[] = [
  // the word stands in the name or tag key: SSA, Presidio
  ['sensitive', 'parameter', '/hr/employee/ssn', '219099998'],
  ['sensitive', 'parameter', '/crm/client/pesel', '44051401458'],
  ['sensitive', 'tag', 'SSN', '219099999'],
  ['sensitive', 'tag', 'DateOfBirth', '12/04/1985'],
  // an x-run or one repeated sign is no token: gitleaks’ own wrong ones
  ['benign', 'parameter', '/app/prod/config/item-9', 'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'],
  ['benign', 'parameter', '/app/prod/config/item-11', 'AKIAXXXXXXXXXXXXXXXX'],
  ['benign', 'parameter', '/app/prod/config/item-13', 'xoxb-xxxxxxxxx-xxxxxxxxxx-xxxxxxxxxxxx'],
  ['benign', 'parameter', '/app/prod/config/item-15', 'PERPLEXITY_API_KEY=pplx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'],
  // a public JWK or a reference, whatever the name: govuk-one-login/ipv-core-back, CMSgov/beneficiary-fhir-data
  [
    'benign',
    'parameter',
    '/core/cimit/signingKey',
    '{"kty":"EC","crv":"P-256","x":"ZYMmL«»OPIwFQuYhrsiF8nfMaunlNy5yX0Y3rNJdqL2kV","y":"F8thrxFeUZCRjAbNX7iFdh5MmdDWIN86tKvycm7L8gq"}',
  ],
  ['benign', 'parameter', '/bfd/prod/server-alarms/error_alerter/slack_webhook_ssm', '/bfd/platform/alerting/slack/warnings/webhook'],
  ['benign', 'parameter', '/app/prod/db/password', '/app/prod/secrets/db'],
  // SQL IDENTIFIED BY: CredSweeper
  ['sensitive', 'parameter', '/db/init.sql', "CREATE USER 'svc'@'%' IDENTIFIED BY 'SqLCHBKer0aF';"],
  // words that make a token harmless: Nosey Parker
  ['sensitive', 'parameter', '/app/prod/config/item-25', 'VAULT«»_CLIENT_TOKEN="s.IhZM5yDoNcQiZ0wIW8se7DIv"'],
  ['sensitive', 'parameter', '/vault/client-token', 'O2QH2«»0XLrEgSAl1DVN'],
  // PASS behind an owner that is not in a list: CredSweeper
  ['sensitive', 'parameter', '/app/prod/config/item-29', 'GRAFANA_PASS=2ZxcOT2pOpuT'],
  ['sensitive', 'parameter', '/app/GRAFANA_PASS', 'YScw9F4ca!'],
  // provider formats: gitleaks, TruffleHog
  ['sensitive', 'parameter', '/app/prod/config/item-33', 'sgp_0«»3AB60A9F5Ae68de_fB48d9dFD59cFFDDFe6ca6b0Fb96FF5E8Fd7dbFc'],
  ['sensitive', 'parameter', '/app/prod/config/item-35', 's-s4t«»2ud-3af2a080ad8541c11a795e1d763f588b265b2344421c5b75a1ad69534f07c37e'],
  ['sensitive', 'parameter', '/app/prod/config/item-37', 'rootl«»y_09cd75d167853d006459185d401ce257ad4f2b57f63d654f75852777dc278aaf'],
  // curl and libraries: gitleaks
  ['sensitive', 'parameter', '/app/prod/config/item-39', 'curl -u ":13YBW8U4YPiJ" https://localhost:9200'],
  [
    'sensitive',
    'parameter',
    '/app/prod/config/item-41',
    "curl --header  'Authorization:  20d3d«»2bf-dc8a-4b38-a721-78a38976ee08' https://x.internal",
  ],
  // a URL’s password that is a common word: Nosey Parker, secretlint
  ['sensitive', 'parameter', '/db/url', 'postgresql://app:secret@db.prod.internal/app'],
  // personal numbers: Presidio
  ['sensitive', 'parameter', '/crm/note', 'Medicare ID: 1EG4-TE5-MK73'],
  ['sensitive', 'parameter', '/crm/note', 'TC Kimlik No: 10000000146'],
  ['sensitive', 'parameter', '/crm/note', 'jane.doe@xn--d1acufc.xn--p1ai'],
  // names of secrets: CMSgov/beneficiary-fhir-data, ministryofjustice
  ['sensitive', 'parameter', '/bfd/prod/server/sensitive/test_client_key', 'ExYHvBSfw85ztc'],
  ['sensitive', 'parameter', '/maat/APP_SALT', '6SZxNEl7RdvfVm'],
  ['sensitive', 'parameter', '/bfd/prod/server/sensitive/server_keystore_base64', 'qllBBHzUNNqoGA'],
  // an id by its name is no secret, however random: Okta’s documents, segmentio/ksuid
  ['benign', 'parameter', '/app/okta/client_id', '0oaAu«»NaRL63xYKwzEInn'],
  ['benign', 'parameter', '/app/tenant/public-id', '2Bjya«»XYl1AcCtLn99MHwP708dWg'],
  ['benign', 'tag', 'sheet-id', '1rUTL«»zFoJusTeKuDFmi7ZCPvmW0QdpaJD6oCzfV1NIuk'],
];

function inTag(Key: string, Value: string): readonly string[] {
  return hitsIn('i-1', { tags: [{ Key, Value }], fields: [], parents: [] }, [], '111122223333').flatMap(({ kinds }) => kinds);
}

test.each(cases)('%s in a %s: %s, %s', (expected, where, name, template) => {
  const value = filled(template, name);
  const found = where === 'parameter' ? detectInNamed(name, value).map(({ detector }) => detector) : inTag(name, value);
  expect(found.length > 0).toBe(expected === 'sensitive');
});

// Of each kind of fault, others that the same mend must set right.
describe('a fault of a kind is mended wherever it can occur', () => {
  test.each([
    ['birthday', '19850412', 'date-of-birth'],
    ['BirthDate', '12 April 1985', 'date-of-birth'],
    ['fecha-de-nacimiento', 'April 12th, 1985', 'date-of-birth'],
    ['date-of-birth', '04/12/85', 'date-of-birth'],
    ['/hr/ssn/value', '219099998', 'us-ssn'],
    ['/hr/nhs/number', '9434765919', 'uk-nhs'],
    ['pan', 'ABCND1234Z', 'in-pan'],
    ['rodne-cislo', '7360285163', 'cz-sk-birth-number'],
    ['rrn', '9601211111118', 'kr-rrn'],
    ['phone', '2125550187', 'phone-number'],
    ['Telefonnummer', '030 1234567', 'phone-number'],
  ])('%s says what %s is', (name, value, detector) => {
    expect(detectInNamed(name, value).map((found) => found.detector)).toEqual([detector]);
    expect(detectInNamed('/app/setting', value)).toEqual([]);
    expect(inTag(name, value)).toHaveLength(1);
  });
  test.each([
    'xoxb-your-token-here',
    'xoxb-not-a-real-token',
    'sk-ant-api03-your-key-here-your-key-here-your-key-here-1',
    'ghp_YourGitHubPersonalAccessTokenHere1234',
    `dop_v1_${'abcdef'.repeat(11).slice(0, 64)}`,
    'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
    'Authorization: Bearer YOUR_ACCESS_TOKEN_HERE',
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.xxxxxxxxxxxx.xxxxxxxxxxxxx',
    '-----BEGIN RSA PRIVATE KEY-----\nXXXXXXXXXXXXXXXX\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----',
    'https://user:password@example.com',
    'postgres://username:pass@localhost/db',
    ['postgres://app:$', '{DB_PASSWORD}@h/x'].join(''),
    'redis://:changeme@host',
  ])('%s stands where a key will', (value) => {
    expect(detectInNamed('/app/setting', value)).toEqual([]);
  });
  test.each([
    'op://vault/item/password',
    'projects/x/secrets/y/versions/latest',
    'vault:secret/data/x',
    'secretsmanager:prod/db',
    'ssm:/prod/db',
    'alias/signing',
    'TBD',
    'N/A',
    'not set',
    'REPLACE_ME',
    'to-be-replaced',
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@host',
    '{"keys":[{"kty":"EC","crv":"P-256","x":"ZYMmLOPIwFQuYhrsiF8nfMaunlNy5yX0Y3rNJdqL2kV"}]}',
  ])('the name makes no secret of %s, in a parameter or in a tag', (value) => {
    expect(detectInNamed('/core/signing-key', value)).toEqual([]);
    expect(inTag('signing-key', value)).toEqual([]);
  });
  test.each([
    '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----',
    '{"keys":[{"kty":"EC","x":"ZYMmLOPIwFQuYhrsiF8n"},{"kty":"EC","x":"ZYMmLOPI","d":"F8thrxFeUZCRjAbNX7iF"}]}',
    'vault:v1:aGVsbG8gd29ybGQgaGVsbG8=',
    'not the password',
    'alias',
  ])('and does of %s', (value) => {
    expect(detectInNamed('/core/signing-key', value).length).toBeGreaterThan(0);
  });
  test.each([
    'SET PASSWORD = PASSWORD(«»"tidyKite88")',
    'ALTER USER x IDENTIFIED VIA mysql_native_password USING PASSWORD(«»"tidyKite88")',
    "GRANT ALL ON *.* TO u@h IDENTIFIED BY «»'tidyKite88'",
    'MQTT_PW=«»tidyKite88',
    'dbpass=«»tidyKite88',
    'msbuild /p:Password=«»tidyKite88',
    '-Djavax.net.ssl.keyStorePassword=«»tidyKite88',
    'plink -pw «»tidyKite88 host',
    'zip -P «»tidyKite88 a.zip b',
    '7z a -p«»tidyKite88 a.7z b',
    'snmpwalk -v3 -A «»tidyKite88 host',
    'openssl enc -aes256 -k «»tidyKite88 -in a',
    'htpasswd -bc file user «»tidyKite88',
    'net user bob «»tidyKite88 /add',
    'rclone obscure «»tidyKite88',
    'echo «»tidyKite88 | sudo -S ls',
    'echo "bob:«»tidyKite88" | chpasswd',
    'new NetworkCredential("bob", "«»tidyKite88")',
    'auth=("bob", "«»tidyKite88")',
    'setPassword("«»tidyKite88")',
    'password «»"whiteduke"',
    "the default password is «»'blooberry'",
    "the password for user 'postgres' is «»'kite'",
    'mysql://app:password@db.prod.internal/x',
  ])('%s holds a password', (template) => {
    expect(detectInNamed('/app/setting', filled(template, 'case')).map(({ kind }) => kind)).toContain('secret');
  });
  test.each([
    'net user bob /delete',
    'net user bob *',
    'zip -P $PASSWORD a.zip b',
    'password "required"',
    'setPassword("")',
    'the password is required',
    'prompt("password", "Enter your password")',
    'getPassword("db-password-parameter")',
    'curl -u user:pass https://x.example.com',
    'curl -u "test:test" https://x.example.com',
    'datadog_trace_id=6fe4476ee5a1832882e326b506d14126',
    'SNYK_ORG=a1b2c3d4-e5f6-7890-abcd-ef1234567890',
    'born 2 be wild 12-12-12',
    'auth=(user, password)',
  ])('and %s none', (value) => {
    expect(detectInNamed('/app/setting', value)).toEqual([]);
  });
  test.each([
    'privkey',
    'tls_privkey',
    'truststore',
    'pfx_base64',
    'jks',
    'dbpass',
    'KAFKA_PW',
    'id_rsa',
    'kubeconfig',
    'docker-config-json',
    'ansible_become_pass',
  ])('%s is the name of a secret', (name) => {
    expect(detectInNamed(`/app/${name}`, 'tidyKite').length).toBe(1);
  });
});
