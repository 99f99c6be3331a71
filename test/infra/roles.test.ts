import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { parseConfig } from '#shared/finding/config-schema.ts';
import { FINDING_DETAIL_TYPE, FINDING_SOURCE, functionOf } from '#shared/finding/names.ts';
import { isOlderThanPlaces, type Keys, keysOf, pauseKey } from '#shared/ledger/items.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { rolesOf, statementsByRole } from '../../infra/roles.ts';
import type { Json } from '../../local/json.ts';
import { allOn, rolesSection, templateUnder } from '../../scripts/roles-page.ts';
import { settingsOf } from '../../scripts/words.ts';
import { finished } from '../support/controls.ts';
import { type Asked, refusalOf } from '../support/iam.ts';

const functions = await discoverFunctions();
const controls = controlsOf(functions);
const here = { account: '{account}', region: '{region}' };
const roleNames = functions.map(({ id }) => `${functionOf(id)}-{region}`);
const everything = parseConfig(allOn(controls), controls);
const observing = { ...everything, controls: Object.fromEntries(controls.map(({ id }) => [id, { mode: 'observe' as const }])) };
const configs: { readonly [name: string]: RedressConfig } = { default: {}, observing, 'all-on': everything };

const statements: { [name: string]: Map<string, Json[]> } = {};
beforeAll(async () => {
  for (const [name, config] of Object.entries(configs)) {
    const found = statementsByRole(await templateUnder(functions, config));
    statements[name] = new Map(JSON.parse(JSON.stringify([...found])));
  }
}, 60_000);

const parameter = (name: string) => `arn:{partition}:ssm:{region}:{account}:parameter${name}`;
const may = (config: string, role: string, action: string, resource: string, keys: Asked['keys'] = {}) =>
  refusalOf({ action, resource, keys }, statements[config]?.get(role) ?? expect.fail(`no role ${role}`)) === undefined;
const whoMay = (config: string, action: string, resource: string, keys: Asked['keys'] = {}) =>
  [...(statements[config]?.keys() ?? [])]
    .filter((role) => may(config, role, action, resource, keys))
    .map((role) => role.replace('-{region}', ''));

const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'].map((one) => `dynamodb:${one}`);
const reads = ['GetItem', 'BatchGetItem', 'ConditionCheckItem', 'Query'].map((one) => `dynamodb:${one}`);
const mayWrite = (config: string, role: string, key: string) =>
  writes.filter((action) => may(config, role, action, 'the ledger', { 'dynamodb:LeadingKeys': [key] }));
const partition = (key: ReturnType<Keys['case']>) => key['pk']?.S ?? '';

test('the answers stand in docs/permissions.md, and none has grown', async () => {
  const page = await readFile(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
  expect(page).toContain(await rolesSection(functions, await templateUnder(functions, {})));
});

test('what a role may do that nobody has thought about is named', () => {
  const role = {
    RoleName: 'x',
    Policies: [{ PolicyDocument: { Statement: { Effect: 'Allow', Action: ['iam:CreateUser', 'sqs:SendMessage'], Resource: '*' } } }],
  };
  const template = { Resources: { A: { Type: 'AWS::IAM::Role', Properties: role } } };
  expect(rolesOf(template)).toMatchObject([{ name: 'x', unknown: ['iam:CreateUser'] }]);
  expect(() => rolesOf({ Resources: { A: { Type: 'AWS::IAM::Policy' } } })).toThrow('apart from its role');
  const managed = { RoleName: 'x', ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] };
  expect(() => rolesOf({ Resources: { A: { Type: 'AWS::IAM::Role', Properties: managed } } })).toThrow('managed policies');
});

describe.each(Object.keys(configs))('under the %s config', (config) => {
  test('nobody but people writes or deletes the pause, and every function reads it', () => {
    const key = { 'dynamodb:LeadingKeys': [partition(pauseKey())] };
    for (const action of writes) expect(whoMay(config, action, 'the ledger', key)).toEqual([]);
    for (const role of roleNames) expect(may(config, role, 'dynamodb:GetItem', 'the ledger', key)).toBe(true);
  });

  test.each(functions.map(({ id, controls: own }) => [functionOf(id), own.map((control) => control.id)] as const))(
    'the role of %s writes the items of its own controls, and of no other',
    (name, own) => {
      const role = `${name}-{region}`;
      const target = { type: 'AWS::EC2::Volume', id: 'vol-1' };
      for (const { id } of controls) {
        const keys = keysOf(here, name);
        const ofControl = [keys.case(id, target), keys.exemption(id, target), keys.window(`${id}#7`)].map(partition);
        const old = [`CASE#${id}#${target.type}#${target.id}`, `EXEMPT#${id}`];
        for (const key of ofControl) expect(mayWrite(config, role, key), key).toEqual(own.includes(id) ? writes : []);
        for (const key of old) expect(mayWrite(config, role, key), key).toEqual(own.includes(id) && isOlderThanPlaces(name) ? writes : []);
      }
      for (const { id } of functions) {
        const keys = keysOf(here, functionOf(id));
        const ofFunction = [keys.findings('2026-11-28'), `DUE#{account}#{region}#${functionOf(id)}`];
        for (const key of ofFunction) expect(mayWrite(config, role, key), key).toEqual(functionOf(id) === name ? writes : []);
      }
      for (const key of [
        'FINDINGS#2026-11-28',
        'FINDINGS#{account}#{region}#2026-11-28',
        'DONE#e-1#volume-encrypted#x#y',
        'DONE#{account}#{region}#e-1#volume-encrypted#x#y',
        'CLAIM#slack#1',
        'ALERTS#x',
      ])
        expect(mayWrite(config, role, key), key).toEqual([]);
      // not together with one of its own either
      expect(
        may(config, role, 'dynamodb:BatchWriteItem', 'the ledger', {
          'dynamodb:LeadingKeys': [keysOf(here, name).findings('x'), 'SWITCH'],
        }),
      ).toBe(false);
    },
  );

  test('a function reads what the version before wrote, and no items of another place or control', () => {
    const asked = (action: string, key: string) => whoMay(config, action, 'the ledger', { 'dynamodb:LeadingKeys': [key] });
    const all = functions.map(({ id }) => functionOf(id)).sort();
    for (const key of ['FINDINGS#{account}#{region}#2026-11-28', 'DONE#{account}#{region}#e-1#x', 'FINDINGS#2026-11-28'])
      expect(asked('dynamodb:BatchGetItem', key)).toEqual(expect.arrayContaining(all));
    for (const action of reads) expect(asked(action, 'CASE#{account}#{region}#volume-encrypted#x#y')).toEqual(['redress-volumes']);
    for (const action of reads) expect(asked(action, 'CASE#1#eu-west-1#volume-encrypted#x#y')).toEqual([]);
  });

  test('a function puts findings on the bus, and nothing else', () => {
    const put = (source: string, type: string) =>
      whoMay(config, 'events:PutEvents', 'the bus', { 'events:source': [source], 'events:detail-type': [type] });
    expect(put(FINDING_SOURCE, FINDING_DETAIL_TYPE)).toEqual(functions.map(({ id }) => functionOf(id)));
    expect(put('aws.ec2', FINDING_DETAIL_TYPE)).toEqual([]);
    expect(put(FINDING_SOURCE, 'AWS API Call via CloudTrail')).toEqual([]);
  });

  test('nobody decrypts a SecureString but for a control that may convert one', () => {
    const through = { 'kms:ViaService': ['ssm.{region}.amazonaws.com'] };
    const denied = roleNames.filter(
      (role) => refusalOf({ action: 'kms:Decrypt', resource: '*', keys: through }, statements[config]?.get(role) ?? [])?.is === 'denied',
    );
    const converting = config === 'all-on' ? ['redress-parameters-{region}'] : [];
    expect(denied).toEqual(roleNames.filter((role) => !converting.includes(role)));
  });

  test('nobody passes a role that the config does not name', () => {
    const pass = (name: string) => whoMay(config, 'iam:PassRole', `arn:{partition}:iam::{account}:role/${name}`);
    for (const name of ['admin', 'web2', 'other/web', 'batch']) expect(pass(name)).toEqual([]);
    for (const name of ['web', 'batch/night'])
      expect(pass(name)).toEqual(config === 'all-on' ? ['redress-auto-scaling-groups', 'redress-image-builder'] : []);
  });

  test('every action is judged: infra/roles.ts says what it amounts to', async () => {
    const known = new Set(finished(controls).map(({ kind }) => kind));
    const done = functions.filter(({ kinds }) => kinds.every((kind) => known.has(kind)));
    const roles = rolesOf(await templateUnder(done, configs[config] ?? {}));
    expect(roles.length).toBeGreaterThan(done.length);
    expect(roles.flatMap(({ name, unknown }) => unknown.map((action) => `${name} ${action}`))).toEqual([]);
  });

  test('no role is longer than IAM takes', () => {
    for (const [role, all] of statements[config] ?? []) expect(JSON.stringify(all).length, role).toBeLessThan(10_240);
  });
});

test.each(['observing', 'all-on'])('no function of controls reads or writes a secret of Slack’s: %s', (config) => {
  const ofValues = [
    'GetParameter',
    'GetParameters',
    'GetParameterHistory',
    'PutParameter',
    'DeleteParameter',
    'DeleteParameters',
    'LabelParameterVersion',
  ];
  expect(whoMay(config, 'ssm:GetParameters', parameter('/shop/key'))).toContain('redress-parameters');
  for (const name of ['/redress/slack/token', '/redress/slack/signing-secret'])
    for (const action of ofValues)
      expect(whoMay(config, `ssm:${action}`, parameter(name)).filter((one) => !/-(alerts|slack-actions)$/.test(one))).toEqual([]);
});

test('what amounts to more than it says stands first: on the page of the control, at its setting, and in docs/safety.md', async () => {
  const reach = [
    'iam:PassRole',
    'ec2:CreateLaunchTemplateVersion',
    'ec2:RunInstances',
    'ec2:AuthorizeSecurityGroupIngress',
    'ssm:UpdateDocument',
    'cloudtrail:UpdateTrail',
    'kms:DisableKey',
  ];
  const shares = /"ec2:Add\/\w+":"(?:all|false)"/;
  const reaching = controls.filter(({ permissions }) =>
    permissions.writes.some(({ action, conditions }) => reach.includes(action) || shares.test(JSON.stringify(conditions ?? {}))),
  );
  expect(controls.filter(({ amountsTo }) => amountsTo).map(({ id }) => id)).toEqual(reaching.map(({ id }) => id));
  const paragraphs = async (file: string) => (await readFile(new URL(`../../docs/${file}`, import.meta.url), 'utf8')).split('\n\n');
  for (const { id, amountsTo = '', permissions, settings } of reaching) {
    const page = await paragraphs(`controls/${id}.md`);
    expect(page[page.indexOf(`# ${id}`) + 1]).toContain(amountsTo);
    const optIns = new Set(permissions.writes.flatMap(({ onlyIf }) => onlyIf ?? []));
    for (const { name, meaning } of settingsOf(settings)) if (optIns.has(name)) expect(meaning.startsWith(amountsTo)).toBe(true);
  }
  const [, first = ''] = await paragraphs('safety.md');
  for (const word of ['administrator of the account', '`allowGroupUpdates`', '`launch-template-encrypted`']) expect(first).toContain(word);
});
