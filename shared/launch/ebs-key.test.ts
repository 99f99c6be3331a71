import { describe, expect, test } from 'vitest';
import { awsError, place } from '../../test/support/harness.ts';
import { readerOver } from '../../test/support/reading.ts';
import { keyState, keyStates } from './ebs-key.ts';
import { OPERATIONS } from './key-policy.ts';
import type { Launcher } from './launchers.ts';

const arnOf = (id: string) => `arn:aws:kms:${place.region}:${place.account}:key/${id}`;
const role = (name: string): Launcher => ({
  arn: `arn:aws:iam::${place.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling${name}`,
  hasOwnPolicies: false,
  isOfGroup: true,
  does: 'launches for its groups',
});
/** Enabled customer keys, with grants of one page each. */
const reader = (...pages: object[][]) =>
  readerOver({
    'kms:DescribeKey': ({ KeyId }: { KeyId: string }) => {
      if (KeyId === 'gone') throw awsError('NotFoundException', 'gone');
      return { KeyMetadata: { Arn: arnOf(KeyId), KeyState: 'Enabled', KeyManager: KeyId === 'aws' ? 'AWS' : 'CUSTOMER' } };
    },
    'kms:GetKeyPolicy': () => ({ Policy: '{"Statement":[]}' }),
    'kms:ListGrants': ({ Marker = '0' }: { Marker?: string }) => {
      const next = Number(Marker) + 1;
      return { Grants: pages[Number(Marker)] ?? [], ...(next < pages.length && { Truncated: true, NextMarker: String(next) }) };
    },
  });

describe('the state of a key', () => {
  test('counts the grants of every page, each looked for by its grantee', async () => {
    const { read, sent } = reader([{ Operations: OPERATIONS.slice(0, 4) }], [{ Operations: OPERATIONS.slice(4) }]);
    expect(await keyState('k1', [role('')], read, place)).toMatchObject({ problem: undefined, doubt: undefined, advice: [] });
    const asked = sent.flatMap(([action, input]) => (action === 'kms:ListGrants' ? [input] : []));
    expect(asked).toEqual([
      { KeyId: arnOf('k1'), GranteePrincipal: role('').arn },
      { KeyId: arnOf('k1'), GranteePrincipal: role('').arn, Marker: '1' },
    ]);
  });
  test("asks nothing more where nobody launches with it, or where it is AWS's own", async () => {
    for (const [id, launchers] of [
      ['k1', []],
      ['aws', [role('')]],
    ] as const) {
      const { read, sent } = reader();
      expect((await keyState(id, launchers, read, place)).problem).toBeUndefined();
      expect(sent.map(([action]) => action)).toEqual(['kms:DescribeKey']);
    }
  });
  test('names each role that lacks something', async () => {
    const { problem, advice } = await keyState('k1', [role(''), role('_blue')], reader().read, place);
    expect(problem).toMatch(/: AWSServiceRoleForAutoScaling lacks .*; .*: AWSServiceRoleForAutoScaling_blue lacks /);
    expect(advice).toHaveLength(4);
  });
  test('of several keys is what is wrong with any of them, said once', async () => {
    expect(await keyStates([], [role('')], reader().read, place)).toBeUndefined();
    const state = await keyStates(['alias/aws/ebs', 'k1', 'k1', 'gone'], [role('')], reader().read, place);
    expect(state?.isCustomerKey).toBe(true);
    expect(state?.problem).toMatch(
      /^the key gone does not exist; the Auto Scaling service-linked role may not use \S+\/k1: .*CreateGrant$/,
    );
    expect(state?.advice).toHaveLength(3);
    expect((await keyStates(['alias/aws/ebs', 'aws'], [role('')], reader().read, place))?.isCustomerKey).toBe(false);
  });
});
