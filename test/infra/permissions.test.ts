import { describe, expect, test } from 'vitest';
import type { Permission } from '#shared/control/control.ts';
import { fill } from '#shared/control/statements.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { denialsOf, isWriting, statementsOf } from '../../infra/permissions.ts';
import { everythingIn } from '../support/everything.ts';

const functions = await discoverFunctions();
const controls = controlsOf(functions);
const everything = (mode: 'off' | 'observe' | 'fix') => everythingIn(controls, mode);
const actionsOf = (config: RedressConfig) => new Set(statementsOf(controls, config).flatMap(({ actions }) => actions));
const writes = new Set(controls.flatMap(({ permissions }) => permissions.writes.map(({ action }) => action)));
const reads = new Set(controls.flatMap(({ permissions }) => permissions.reads.map(({ action }) => action)));

/** Writes for which AWS defines neither a resource type nor a condition of their own; each from the service authorization reference. */
const ofTheWholeAccount = [
  'ec2:EnableEbsEncryptionByDefault',
  'ec2:DisableEbsEncryptionByDefault',
  'ec2:ModifyEbsDefaultKmsKeyId',
  'ec2:ResetEbsDefaultKmsKeyId',
  'ec2:EnableSnapshotBlockPublicAccess',
  'ec2:DisableSnapshotBlockPublicAccess',
  'ec2:EnableImageBlockPublicAccess',
  'ec2:DisableImageBlockPublicAccess',
  'ec2:ModifyInstanceMetadataDefaults',
  'ec2:EnableSerialConsoleAccess',
  'ec2:DisableSerialConsoleAccess',
  'ec2:EnableAllowedImagesSettings',
  'ec2:DisableAllowedImagesSettings',
  'guardduty:CreateDetector',
  'macie2:EnableMacie',
  'macie2:UpdateMacieSession',
  's3:PutAccountPublicAccessBlock',
];

describe('what the roles may do', () => {
  test('nothing, where everything is off', () => {
    expect(statementsOf(controls, everything('off'))).toEqual([]);
  });

  test('only read, where everything is observed', () => {
    expect(actionsOf(everything('observe'))).toEqual(reads);
  });

  test('all that is declared, and no more, where everything is fixed', () => {
    expect(actionsOf(everything('fix'))).toEqual(new Set([...reads, ...writes]));
  });

  test('what a setting opts into, only where some account turns it on', () => {
    const [first] = controls;
    if (!first) throw new Error('there is no control');
    const optional = {
      ...first,
      permissions: { reads: [], writes: [{ action: 'autoscaling:UpdateAutoScalingGroup', onlyIf: 'allowed' }] },
    };
    const entry = (allowed: boolean): RedressConfig => ({ controls: { [first.id]: { mode: 'fix', allowed } } });
    const there = (allowed: boolean): RedressConfig => ({
      controls: { [first.id]: { mode: 'fix' } },
      accounts: { '123456789012': entry(allowed) },
    });
    expect(statementsOf([optional], entry(false))).toEqual([]);
    expect(statementsOf([optional], there(false))).toEqual([]);
    for (const config of [entry(true), there(true)]) {
      expect(statementsOf([optional], config)).toEqual([{ actions: ['autoscaling:UpdateAutoScalingGroup'], resource: '*' }]);
    }
  });

  test('write, where one Region of one account approves', () => {
    const config: RedressConfig = {
      ...everything('observe'),
      accounts: { '123456789012': { regions: { 'eu-west-1': { controls: { 'volume-encrypted': { mode: 'approve' } } } } } },
    };
    expect(actionsOf(config)).toContain('ec2:CopyVolumes');
    expect(actionsOf(config)).not.toContain('ec2:EnableEbsEncryptionByDefault');
  });

  test('write, where one OU approves, however deep, and whether or not an account is in it yet', () => {
    const approve = { controls: { 'volume-encrypted': { mode: 'approve' } } } as const;
    for (const ous of [{ workloads: approve }, { workloads: { ous: { production: { ...approve, accounts: ['123456789012'] } } } }]) {
      const config: RedressConfig = { ...everything('observe'), organization: { ous } };
      expect(actionsOf(config)).toContain('ec2:CopyVolumes');
      expect(actionsOf(config)).not.toContain('ec2:EnableEbsEncryptionByDefault');
    }
  });

  test('what the default modes need', () => {
    const writing = controls.filter((control) => isWriting({}, control)).map(({ id }) => id);
    expect(writing).toContain('ebs-default-encryption');
    expect(writing).not.toContain('volume-encrypted');
    // it finds nothing without settings
    expect(writing).not.toContain('vpc-encryption-monitored');
  });

  test('nothing broader than the metadata: equal resource and conditions, or a statement of its own', () => {
    const metadata = controls.flatMap(({ permissions }) => [...permissions.reads, ...permissions.writes]);
    const declared: Permission[] = JSON.parse(
      JSON.stringify(metadata)
        .replaceAll('{settings.ownerTags.prefix}', 'created:')
        .replaceAll('{settings.instanceRoles.*}', 'web')
        .replaceAll('{settings.vpcs.*}', 'vpc-1')
        .replaceAll('{settings.names.*}', '/shop/*'),
    );
    for (const { actions, resource, conditions } of statementsOf(controls, everything('fix'))) {
      for (const action of actions)
        expect(declared).toContainEqual(
          expect.objectContaining({ action, ...(resource !== '*' && { resource }), ...(conditions && { conditions }) }),
        );
      if (!conditions)
        for (const action of actions)
          expect(declared.some((one) => one.action === action && !one.conditions && (one.resource ?? '*') === resource)).toBe(true);
    }
  });

  test('tag with the keys of the settings, of every place, and nothing where there are none', () => {
    const keysOf = (id: string, config: RedressConfig) =>
      statementsOf(
        controls.filter((one) => one.id === id),
        config,
      ).flatMap(({ actions, conditions }) =>
        actions.includes('ec2:CreateTags') ? Object.values(conditions ?? {}).flatMap((keys) => keys['aws:TagKeys'] ?? []) : [],
      );
    const owner: RedressConfig = {
      common: { ownerTags: { prefix: 'made:' } },
      accounts: { '123456789012': { regions: { 'eu-west-1': { common: { ownerTags: { prefix: 'by:' } } } } } },
    };
    expect(keysOf('volume-owner-tag', {})).toEqual(['false', 'created:*']);
    expect(keysOf('volume-owner-tag', owner)).toEqual(['false', 'made:*', 'by:*']);
    const ous = { workloads: { common: { ownerTags: { prefix: 'work:' } } } };
    expect(keysOf('volume-owner-tag', { ...owner, organization: { ous } })).toEqual(['false', 'made:*', 'work:*', 'by:*']);
    const required = (settings: object): RedressConfig => ({ controls: { 'volume-required-tags': { mode: 'fix', ...settings } } });
    const schema = { tags: [{ key: 'Environment', aliases: ['env', 'stage'] }, { key: 'Team' }], remove: ['tmp'] };
    expect(keysOf('volume-required-tags', required({}))).toEqual([]);
    expect(keysOf('volume-required-tags', required(schema))).toEqual(['false', 'Environment', 'Team', 'env', 'stage', 'tmp']);
    expect(keysOf('volume-sensitive-tags', { controls: { 'volume-sensitive-tags': { mode: 'fix' } } })).toEqual([]);
    const masking = { controls: { 'volume-sensitive-tags': { mode: 'fix', mask: true } } } as const;
    expect(keysOf('volume-sensitive-tags', masking)).toEqual(['false', 'redress:*', 'created:*']);
  });

  test('tag only under a condition', () => {
    const tagging = statementsOf(controls, everything('fix')).filter(({ actions }) =>
      actions.some((action) => /Tag/.test(action) && writes.has(action)),
    );
    for (const { conditions } of tagging) expect(Object.keys(conditions ?? {})).not.toEqual([]);
  });

  test('write to any resource only where AWS knows no narrower one, or under a condition', () => {
    for (const { actions, resource, conditions } of statementsOf(controls, everything('fix'))) {
      if (resource !== '*' || conditions) continue;
      for (const action of actions) if (!reads.has(action)) expect(ofTheWholeAccount).toContain(action);
    }
  });
});

test('pass the roles of the settings only, of every place, and none where there are none', () => {
  const passed = (config: RedressConfig) =>
    statementsOf(controls, config).flatMap(({ actions, resource }) => (actions.includes('iam:PassRole') ? [resource] : []));
  const entry = (instanceRoles?: readonly string[]): RedressConfig => ({
    controls: { 'auto-scaling-group-encrypted': { mode: 'fix', allowGroupUpdates: true, ...(instanceRoles && { instanceRoles }) } },
  });
  const role = (name: string) => `arn:{partition}:iam::{account}:role/${name}`;
  expect(passed(entry())).toEqual([]);
  expect(passed(entry(['web', 'web', 'batch/*']))).toEqual([role('web'), role('batch/*')]);
  expect(passed({ ...entry(['web']), accounts: { '123456789012': entry(['night']) } })).toEqual([role('web'), role('night')]);
});

describe('what a role denies itself', () => {
  const through = { StringEquals: { 'kms:ViaService': ['ssm.{region}.amazonaws.com', 'ssm.{region}.amazonaws.com.cn'] } };
  const decrypting = { actions: ['kms:Decrypt'], resource: '*', conditions: through };
  const ofFunction = (id: string) => functions.find((one) => one.id === id)?.controls ?? [];

  test('to decrypt through Parameter Store, and nowhere else: Lambda decrypts the function’s own environment as the same role', () => {
    for (const { controls: own } of functions) expect(denialsOf(own, everything('observe'))).toEqual([decrypting]);
    expect(denialsOf([], {})).toEqual([decrypting]);
  });

  test('unless a control of the function may write and decrypts for it, through Parameter Store itself', () => {
    const converting: RedressConfig = { controls: { 'parameter-secure': { mode: 'approve' } } };
    expect(denialsOf(ofFunction('parameters'), converting)).toEqual([]);
    expect(denialsOf(ofFunction('launch-templates'), converting)).toEqual([decrypting]);
    // it decrypts, but through EC2
    expect(denialsOf(ofFunction('volumes'), everything('fix'))).toEqual([decrypting]);
  });

  test('in every mode the parameters that the config names for Slack, each once', () => {
    const channels = { a: { webhookParameter: '/slack/a' }, b: { tokenParameter: '/slack/token', channel: 'C0123456' } };
    const actions = { signingSecretParameter: '/slack/sign', botTokenParameter: '/slack/token', workspaces: ['T0'], allow: [] };
    const of = (slack: NonNullable<RedressConfig['alerts']>['slack'], mode: 'observe' | 'fix') =>
      denialsOf(ofFunction('parameters'), { ...everything(mode), alerts: { slack } }).flatMap(({ actions: denied, resource }) =>
        resource === '*' ? [] : [[resource.split(':parameter')[1], denied]],
      );
    const values = ['ssm:GetParameter*', 'ssm:PutParameter', 'ssm:DeleteParameter*', 'ssm:LabelParameterVersion'];
    for (const mode of ['observe', 'fix'] as const) {
      expect(of({ channels, actions }, mode)).toEqual(['/slack/a', '/slack/token', '/slack/sign'].map((name) => [name, values]));
      expect(of({ actions: { ...actions, botTokenParameter: undefined } }, mode)).toEqual([['/slack/sign', values]]);
      expect(of(undefined, mode)).toEqual([]);
    }
  });
});

test('placeholders are filled wherever they stand', () => {
  const place = { partition: 'aws-cn', region: 'cn-north-1', account: '123456789012' };
  const filled = fill(
    {
      resource: 'arn:{partition}:ec2:{region}:{account}:volume/*',
      conditions: { StringEquals: { 'kms:ViaService': ['ec2.{region}.amazonaws.com'] } },
    },
    place,
  );
  expect(filled).toEqual({
    resource: 'arn:aws-cn:ec2:cn-north-1:123456789012:volume/*',
    conditions: { StringEquals: { 'kms:ViaService': ['ec2.cn-north-1.amazonaws.com'] } },
  });
});
