import { expect, test } from 'vitest';
import { readError } from '../../local/emulator/aws-error.ts';
import { parseAnswer } from '../../local/emulator/ec2-xml.ts';
import { vpcEncryption } from '../../local/emulator/gaps/vpc-encryption.ts';
import { at, type Json } from '../../local/json.ts';
import { ec2Call } from './calls.ts';

const gateway = { internetGatewayId: 'igw-1' };
/** What moto reads: one VPC, and its gateway. */
const moto = {
  readEc2: async (action: string, parameters: { readonly [name: string]: string }): Promise<Json> => {
    const isOfIt = Object.values(parameters).includes('vpc-1');
    return action === 'DescribeVpcs'
      ? { vpcSet: isOfIt ? { item: { vpcId: 'vpc-1' } } : '' }
      : { internetGatewaySet: isOfIt ? { item: gateway } : '' };
  },
};

/** The additions on a clock of their own. */
function start() {
  const clock = { now: 0 };
  const additions = vpcEncryption(() => clock.now);
  const ask = async (action: string, parameters: { readonly [name: string]: string } = {}, region = 'us-east-1') => {
    const addition = additions[`ec2:${action}`];
    if (!addition) throw new Error(`there is no ${action}`);
    const answer = await addition({ ...ec2Call(action, parameters), region }, { requestId: 'r-1', moto } as never);
    const { requestId: _id, ...said } = parseAnswer(answer.body);
    return readError(answer)?.code ?? said;
  };
  const shown = async (region?: string) => at(await ask('DescribeVpcEncryptionControls', {}, region), 'vpcEncryptionControlSet');
  return { ask, clock, shown };
}

test('a control is made, enforced and deleted, each after a while', async () => {
  const { ask, clock, shown } = start();
  expect(await shown()).toBe('');
  const control = { vpcId: 'vpc-1', vpcEncryptionControlId: 'vpcec-00000000000000001', mode: 'monitor', state: 'creating' };
  expect(await ask('CreateVpcEncryptionControl', { VpcId: 'vpc-1' })).toEqual({ vpcEncryptionControl: control });
  clock.now = 1999;
  expect([await shown(), await shown('eu-west-1')]).toEqual([{ item: control }, '']);
  clock.now = 2000;
  expect(await shown()).toEqual({ item: { ...control, state: 'available' } });
  const named = { VpcEncryptionControlId: control.vpcEncryptionControlId };
  const enforced = { ...control, mode: 'enforce', state: 'enforce-in-progress' };
  expect(await ask('ModifyVpcEncryptionControl', { ...named, Mode: 'enforce' })).toEqual({ vpcEncryptionControl: enforced });
  expect(await ask('ModifyVpcEncryptionControl', named)).toEqual({ vpcEncryptionControl: enforced });
  expect(await ask('ModifyVpcEncryptionControl', { ...named, Mode: 'monitor' })).toMatchObject({
    vpcEncryptionControl: { state: 'monitor-in-progress' },
  });
  expect(await ask('DeleteVpcEncryptionControl', named)).toMatchObject({ vpcEncryptionControl: { state: 'deleting' } });
  expect(await shown()).toMatchObject({ item: { state: 'deleting' } });
  clock.now = 4000;
  expect(await shown()).toBe('');
});

test('what cannot be done is refused as by AWS', async () => {
  const { ask } = start();
  expect(await ask('CreateVpcEncryptionControl', { VpcId: 'vpc-2' })).toBe('InvalidVpcID.NotFound');
  await ask('CreateVpcEncryptionControl', { VpcId: 'vpc-1' });
  expect(await ask('CreateVpcEncryptionControl', { VpcId: 'vpc-1' })).toBe('VpcEncryptionControlAlreadyExists');
  const other = { VpcEncryptionControlId: 'vpcec-2' };
  expect(await ask('ModifyVpcEncryptionControl', other)).toBe('InvalidVpcEncryptionControlId.NotFound');
  expect(await ask('DeleteVpcEncryptionControl', other)).toBe('InvalidVpcEncryptionControlId.NotFound');
});

test('an internet gateway keeps its VPC from enforcing, and can be excluded', async () => {
  const { ask } = start();
  const blocking = (VpcId: string) => ask('GetVpcResourcesBlockingEncryptionEnforcement', { VpcId });
  expect(await blocking('vpc-1')).toEqual({
    nonCompliantResourceSet: { item: { id: 'igw-1', type: 'internet-gateway', isExcludable: 'true' } },
  });
  expect(await blocking('vpc-2')).toEqual({ nonCompliantResourceSet: '' });
});
