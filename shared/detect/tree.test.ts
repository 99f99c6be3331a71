import { describe, expect, test } from 'vitest';
import { password, token } from '../../test/fixtures/secrets.ts';
import { secretsIn } from './tree.ts';

const found = (tree: unknown) => secretsIn(JSON.stringify(tree)).map(({ where, detectors }) => `${where}: ${detectors.join(' ')}`);

describe('a member is judged', () => {
  test('in the light of its name', () => {
    expect(found({ dbPassword: password, comment: password, attempts: 3 })).toEqual(['dbPassword: name:password']);
    expect(found({ pin: { password: 123456789 } })).toEqual([]);
  });
  test('in the light of what names it, where the member only says that a value stands there', () => {
    expect(found({ parameters: { DbPassword: { type: 'String', default: password, description: 'the password' } } })).toEqual([
      'parameters.DbPassword.default: name:password',
    ]);
    expect(
      found([
        { name: 'DB_PASSWORD', value: password },
        { Key: 'colour', Value: password },
      ]),
    ).toEqual(['[0].value: name:password']);
    expect(found({ Password: { allowedValues: [password, 'changeme'] } })).toEqual(['Password.allowedValues[0]: name:password']);
  });
  test('by its lines, and by them all where none of them tells', () => {
    expect(found({ run: ['set -e', `echo ${token}`] })).toEqual(['run[1]: github-token']);
    expect(found({ run: ['machine example.com login dana password', password] })).toEqual(['run: netrc']);
  });
  test.each(['{{ssm:/shop/db/password}}', '{{ resolve:ssm-secure:/shop/db/password:1 }}', '{{DbPassword}}', `\${DB_PASSWORD}`])(
    'as no secret where it points elsewhere: %s',
    (pointer) => {
      expect(found({ dbPassword: pointer, run: [`mysql -p${pointer}`, `export DB_PASSWORD="${pointer}"`] })).toEqual([]);
    },
  );
});

test('a name that holds a secret is not shown, nor one that would spoil the sentence', () => {
  expect(found({ [token]: { run: `echo ${token}` }, 'a\nb': { run: token } })).toEqual([
    'a key of the text: github-token',
    '….run: github-token',
    '….run: github-token',
  ]);
});

test('what is no JSON, or deeper than people write, is judged as one text', () => {
  expect(secretsIn(`token: ${token}`)).toEqual([{ where: 'the text', detectors: expect.arrayContaining(['github-token']) }]);
  expect(secretsIn('plain words')).toEqual([]);
  const deep = `${'['.repeat(30_000)}"${token}"${']'.repeat(30_000)}`;
  expect(secretsIn(deep)).toEqual([{ where: 'the text', detectors: ['github-token'] }]);
  expect(secretsIn('null')).toEqual([]);
});
