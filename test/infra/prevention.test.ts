import { describe, expect, test } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import { type Denial, type Prevention, policiesOf, policyTypes } from '#shared/control/prevention.ts';
import { at, listAt, stringAt } from '#shared/control/record.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import type { Sender } from '../../infra/denials.ts';
import { preventionsOf } from '../../infra/prevention.ts';

const functions = await discoverFunctions();
const all = controlsOf(functions);
const [some] = all;
if (!some) throw new Error('there is no control');

const page = 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html';
/** A control that only its prevention tells from others. */
const preventedBy = (id: string, prevention: Prevention, writes: readonly string[] = []): AnyControl => ({
  ...some,
  id,
  permissions: { reads: [], writes: writes.map((action) => ({ action })) },
  prevention,
});
const byScp = (id: string, ...scp: Denial[]) => preventedBy(id, { scp, breaks: `${id} breaks.`, references: [page] });
const preventions = (controls: readonly AnyControl[], more: readonly Sender[] = []) =>
  preventionsOf(controls, [{ id: 'things', controls }, ...more], {});
const statements = (document: object | undefined) => listAt(document, 'Statement');

/** Calls that nobody but Redress has to make where they are denied. */
const guarding =
  /:((Disable|Delete|Create|Disassociate|Schedule)\w+|StopMonitoringMembers|UpdateDetector|UpdateMacieSession|PutAccountPublicAccessBlock)$/;

describe('every control', () => {
  test.each(all.map((control) => [control.id, control.prevention] as const))(
    '%s says what prevents its mistake, or why nothing does',
    (_id, prevention) => {
      if (!prevention) throw new Error('it has no prevention');
      const sentences = 'none' in prevention ? [prevention.none] : [prevention.breaks];
      for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/s);
      if ('none' in prevention) return;
      expect(policiesOf(prevention)).not.toEqual([]);
      expect(prevention.references).not.toEqual([]);
      for (const url of prevention.references) expect(url).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+$/);
      for (const { actions, resources = ['*'], conditions = {} } of [...(prevention.scp ?? []), ...(prevention.rcp ?? [])]) {
        expect(actions).not.toEqual([]);
        // what root does is denied whatever it is
        for (const action of actions) expect(action).toMatch(/^([a-z0-9-]+:[A-Z]\w*\*?|\*)$/);
        for (const resource of resources) expect(resource).toMatch(/^(\*|arn:\*:\S+)$/);
        // a denial of everything without a condition stops everybody, so it names one call that nobody should make
        if (Object.keys(conditions).length === 0 && resources.includes('*')) for (const action of actions) expect(action).toMatch(guarding);
      }
    },
  );

  test('whose fix costs money says so in one sentence', () => {
    const costly = all.filter(({ costs }) => costs !== undefined);
    expect(costly.map(({ id }) => id).sort()).toEqual([
      'guardduty-on',
      'image-encrypted',
      'log-group-key',
      'macie-on',
      'parameter-secure',
      'snapshot-encrypted',
      'trail-complete',
      'volume-encrypted',
      'vpc-encryption-monitored',
    ]);
    for (const { costs } of costly) expect(costs).toMatch(/^[A-Z](?:[^.]|\.\d)*\.$/);
  });

  test('is exempt by its role from what it sends itself', () => {
    const { policies } = preventionsOf(all, functions, { controls: { 'volume-required-tags': { tags: [{ key: 'team' }] } } });
    for (const { id, controls } of functions) {
      const writes = controls.flatMap(({ permissions }) => permissions.writes.map(({ action }) => action));
      for (const statement of policies.flatMap(({ document }) => statements(document))) {
        const exempt = listAt(statement, 'Condition', 'ArnNotLike', 'aws:PrincipalArn');
        const isStopped = listAt(statement, 'Action').some((action) =>
          action === '*' ? writes.length > 0 : writes.includes(String(action)),
        );
        expect(exempt.includes(`arn:*:iam::*:role/redress-${id}-*`)).toBe(isStopped);
      }
    }
  });
});

describe('the statements of several controls', () => {
  const volumes = ['arn:*:ec2:*:*:volume/*'];
  const conditions = { Bool: { 'ec2:Encrypted': 'false' } };

  test('are one where only their actions, or only their resources, differ', () => {
    const { policies } = preventions([
      byScp('a-good', { actions: ['ec2:CreateVolume'], resources: volumes, conditions }),
      byScp('b-good', { actions: ['ec2:RunInstances', 'ec2:CreateVolume'], resources: volumes, conditions }),
      byScp('c-good', { actions: ['ec2:CreateVolume', 'ec2:RunInstances'], resources: ['arn:*:ec2:*:*:snapshot/*'], conditions }),
    ]);
    expect(policies).toMatchObject([
      {
        controls: ['a-good', 'b-good', 'c-good'],
        document: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'AGood',
              Effect: 'Deny',
              Action: ['ec2:CreateVolume', 'ec2:RunInstances'],
              Resource: [...volumes, 'arn:*:ec2:*:*:snapshot/*'],
              Condition: conditions,
            },
          ],
        },
      },
    ]);
  });

  test('stay apart where joining them would deny more', () => {
    const { policies } = preventions([
      byScp('a-good', { actions: ['ec2:CreateVolume'], resources: volumes, conditions }),
      byScp('b-good', { actions: ['ec2:RunInstances'], resources: volumes }),
      byScp('c-good', { actions: ['ec2:AttachVolume'] }),
    ]);
    expect(statements(policies[0]?.document)).toHaveLength(3);
  });

  test('have names of letters and digits, each once', () => {
    const twice = [
      { actions: ['ec2:CreateVolume'], conditions: { Null: { 'aws:RequestTag/a': 'true' } } },
      { actions: ['ec2:CreateVolume'], conditions: { Null: { 'aws:RequestTag/b': 'true' } } },
    ];
    const { policies } = preventions([byScp('a-b', ...twice), byScp('a-b-2', { actions: ['ec2:CreateImage'] })]);
    const sids = statements(policies[0]?.document).map((one) => stringAt(one, 'Sid'));
    expect(sids).toEqual(['AB', 'AB2', 'AB22']);
  });

  test('leave out the roles of Redress that send the call, by each kind, and beside another exemption', () => {
    const exempting = { actions: ['kms:ReEncryptFrom'], conditions: { ArnNotLike: { 'aws:SourceArn': 'arn:*:s3:::a' } } };
    const other: Sender = { id: 'others', controls: [preventedBy('z', { none: 'No.' }, ['kms:ReEncrypt*', 'kms:Decrypt'])] };
    const { policies } = preventions([byScp('a-good', exempting)], [other]);
    expect(at(statements(policies[0]?.document)[0], 'Condition')).toEqual({
      ArnNotLike: { 'aws:SourceArn': 'arn:*:s3:::a', 'aws:PrincipalArn': ['arn:*:iam::*:role/redress-others-*'] },
    });
    expect(policies[0]?.exempts).toEqual(['arn:*:iam::*:role/redress-others-*']);
  });

  test('leave out the role in the members of a hub too, and of nobody who has none', () => {
    const organization = { id: 'o-a1b2c3d4e5', ous: { live: { accounts: ['222233334444'], regions: ['eu-west-1'] } } };
    const controls = [
      preventedBy('a', { scp: [{ actions: ['ec2:CreateA'] }], breaks: 'It breaks a.', references: [page] }, ['ec2:CreateA']),
    ];
    const exempts = (hub: boolean) =>
      preventionsOf(controls, [{ id: 'things', controls }], { organization: { ...organization, hub } }).policies[0]?.exempts;
    expect(exempts(false)).toEqual(['arn:*:iam::*:role/redress-things-*']);
    expect(exempts(true)).toEqual(['arn:*:iam::*:role/redress-things-*', 'arn:*:iam::*:role/redress/redress-things']);
  });

  test('say together what they break where they say the same', () => {
    const breaks = 'It breaks a thing.';
    const controls = ['a', 'b'].map((id) => preventedBy(id, { scp: [{ actions: [`ec2:Create${id}`] }], breaks, references: [page] }));
    expect(preventions(controls).policies[0]?.breaks).toEqual([{ controls: ['a', 'b'], says: breaks }]);
  });
});

describe('settings', () => {
  const required = all.find(({ id }) => id === 'instance-required-tags');
  const owner = all.find(({ id }) => id === 'instance-owner-tag');
  if (!required || !owner) throw new Error('the tag controls are not there');
  const tags = (config: object, control: AnyControl) =>
    preventionsOf([control], functions, config).policies.flatMap(({ document }) =>
      statements(document).flatMap((one) => Object.keys(at(one, 'Condition', 'Null') ?? {})),
    );

  test('make one denial of each of their values, in every place that the config names', () => {
    const config = {
      controls: { 'instance-required-tags': { tags: [{ key: 'team' }, { key: 'cost center' }] } },
      accounts: { '111122223333': { controls: { 'instance-required-tags': { tags: [{ key: 'team' }, { key: 'data' }] } } } },
    };
    expect(tags(config, required)).toEqual(['aws:RequestTag/team', 'aws:RequestTag/cost center', 'aws:RequestTag/data']);
  });

  test('that several controls share are filled in too', () => {
    expect(tags({ common: { ownerTags: { prefix: 'made:', owner: 'by' } } }, owner)).toEqual(['aws:RequestTag/made:by']);
    expect(tags({}, owner)).toEqual(['aws:RequestTag/created:owner']);
  });

  test('that name nothing leave no denial: one without its tag would deny every creation', () => {
    expect(preventionsOf([required], functions, {})).toEqual({
      policies: [],
      none: [{ control: 'instance-required-tags', says: 'Its settings name nothing that a policy could ask for.' }],
    });
  });
});

describe('a type of policy', () => {
  const state = { state: { '@@assign': 'block_new_sharing' } };

  test('has documents of its own, an RCP with its principal, a declarative policy with its attributes', () => {
    const control = preventedBy('a-good', {
      scp: [{ actions: ['ec2:CreateVolume'] }],
      rcp: [{ actions: ['s3:GetObject'] }],
      declarative: { image_block_public_access: state },
      breaks: 'It breaks.',
      references: [page],
    });
    const other = preventedBy('b-good', {
      declarative: { image_block_public_access: state, snapshot_block_public_access: state },
      breaks: 'It breaks too.',
      references: [page],
    });
    const { policies } = preventions([control, other]);
    expect(policies.map(({ name, controls }) => [name, controls])).toEqual([
      ['redress-scp-1', ['a-good']],
      ['redress-rcp-1', ['a-good']],
      ['redress-declarative-1', ['a-good', 'b-good']],
    ]);
    expect(statements(policies[1]?.document)).toEqual([
      { Sid: 'AGood', Effect: 'Deny', Principal: '*', Action: ['s3:GetObject'], Resource: '*' },
    ]);
    expect(policies[2]?.document).toEqual({
      ec2_attributes: { image_block_public_access: state, snapshot_block_public_access: state },
    });
  });

  test('is refused where two controls want different things of one attribute', () => {
    const wants = (id: string, value: string) =>
      preventedBy(id, { declarative: { serial_console_access: { status: { '@@assign': value } } }, breaks: 'It.', references: [page] });
    expect(() => preventions([wants('a', 'enabled'), wants('b', 'disabled')])).toThrow(
      'a and b want different things of serial_console_access',
    );
  });

  test.each(['scp', 'rcp'] as const)('is split at the longest %s, and loses nothing', (type) => {
    const denials = Array.from({ length: 120 }, (_, n) => ({
      actions: ['ec2:CreateVolume'],
      resources: [`arn:*:ec2:*:*:volume/${n}`],
      conditions: { Null: { [`aws:RequestTag/ünlike-${n}`]: 'true' } },
    }));
    const { policies } = preventions([preventedBy('a-good', { [type]: denials, breaks: 'It breaks.', references: [page] })]);
    expect(policies.length).toBeGreaterThan(2);
    expect(policies.map(({ name }) => name)).toEqual(policies.map((_, n) => `redress-${type}-${n + 1}`));
    for (const { document, size } of policies) {
      expect(size).toBe(Buffer.byteLength(JSON.stringify(document)));
      expect(size).toBeLessThanOrEqual(policyTypes[type].limit);
      const sids = statements(document).map((one) => stringAt(one, 'Sid'));
      expect(new Set(sids).size).toBe(sids.length);
    }
    expect(policies.flatMap(({ document }) => statements(document)).map((one) => stringAt(one, 'Resource'))).toEqual(
      denials.flatMap(({ resources }) => resources),
    );
  });

  test('is refused where one statement alone is too long', () => {
    const resources = Array.from({ length: 200 }, (_, n) => `arn:*:ec2:*:*:volume/vol-${n}`);
    expect(() => preventions([byScp('a-good', { actions: ['ec2:CreateVolume'], resources })])).toThrow(
      'a-good: one statement alone is longer than the 5120 bytes of a service control policy',
    );
  });
});
