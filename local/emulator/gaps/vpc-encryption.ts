import { type JsonObject, listAt, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import { ec2Answer } from '../ec2-xml.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Additions } from './addition.ts';

/** How long a change takes, in milliseconds; with AWS it is minutes. */
const TAKES = 2000;

/** An encryption control, and until when AWS is changing it. */
interface Control {
  readonly id: string;
  readonly vpc: string;
  readonly mode: string;
  readonly meanwhile: 'creating' | 'enforce-in-progress' | 'monitor-in-progress' | 'deleting';
  readonly until: number;
}

/** Encryption controls of VPCs, which moto does not know. [U] AWS has no public list of their error codes. */
export function vpcEncryption(now: () => number = Date.now): Additions {
  const regions = new Map<string, Map<string, Control>>();
  let made = 0;
  const controlsOf = ({ region }: AwsCall): Map<string, Control> => {
    const known = regions.get(region) ?? new Map<string, Control>();
    regions.set(region, known);
    for (const { id, meanwhile, until } of known.values()) if (meanwhile === 'deleting' && now() >= until) known.delete(id);
    return known;
  };
  const shown = ({ id, vpc, mode, meanwhile, until }: Control): JsonObject => ({
    vpcId: vpc,
    vpcEncryptionControlId: id,
    mode,
    state: now() < until ? meanwhile : 'available',
  });
  const put = (call: AwsCall, control: Omit<Control, 'until'>) => {
    const next = { ...control, until: now() + TAKES };
    controlsOf(call).set(next.id, next);
    return { vpcEncryptionControl: shown(next) };
  };
  const found = (call: AwsCall) => controlsOf(call).get(call.query.get('VpcEncryptionControlId') ?? '');
  const missing = (call: AwsCall, requestId: string) => {
    const message = `The vpc encryption control ID '${call.query.get('VpcEncryptionControlId') ?? ''}' does not exist`;
    return errorAnswer(call, { code: 'InvalidVpcEncryptionControlId.NotFound', message }, requestId);
  };
  return {
    async 'ec2:CreateVpcEncryptionControl'(call, { moto, requestId }) {
      const vpc = call.query.get('VpcId') ?? '';
      if (!(await isThere(moto, vpc, call.region)))
        return errorAnswer(call, { code: 'InvalidVpcID.NotFound', message: `The vpc ID '${vpc}' does not exist` }, requestId);
      if ([...controlsOf(call).values()].some((one) => one.vpc === vpc))
        return errorAnswer(call, { code: 'VpcEncryptionControlAlreadyExists', message: `${vpc} has an encryption control.` }, requestId);
      made += 1;
      const id = `vpcec-${made.toString(16).padStart(17, '0')}`;
      return ec2Answer(call.action, put(call, { id, vpc, mode: 'monitor', meanwhile: 'creating' }), requestId);
    },
    async 'ec2:ModifyVpcEncryptionControl'(call, { requestId }) {
      const control = found(call);
      const mode = call.query.get('Mode') ?? control?.mode;
      if (!control || !mode) return missing(call, requestId);
      const meanwhile = mode === 'enforce' ? 'enforce-in-progress' : 'monitor-in-progress';
      return ec2Answer(call.action, put(call, { ...control, mode, meanwhile }), requestId);
    },
    async 'ec2:DeleteVpcEncryptionControl'(call, { requestId }) {
      const control = found(call);
      return control ? ec2Answer(call.action, put(call, { ...control, meanwhile: 'deleting' }), requestId) : missing(call, requestId);
    },
    async 'ec2:DescribeVpcEncryptionControls'(call, { requestId }) {
      const item = [...controlsOf(call).values()].map(shown);
      return ec2Answer(call.action, { vpcEncryptionControlSet: item.length > 0 ? { item } : '' }, requestId);
    },
    async 'ec2:GetVpcResourcesBlockingEncryptionEnforcement'(call, { moto, requestId }) {
      const filter = { 'Filter.1.Name': 'attachment.vpc-id', 'Filter.1.Value.1': call.query.get('VpcId') ?? '' };
      const gateways = listAt(await moto.readEc2('DescribeInternetGateways', filter, call.region), 'internetGatewaySet', 'item');
      const item = gateways.map((one) => ({
        id: stringAt(one, 'internetGatewayId') ?? '',
        type: 'internet-gateway',
        isExcludable: 'true',
      }));
      return ec2Answer(call.action, { nonCompliantResourceSet: item.length > 0 ? { item } : '' }, requestId);
    },
  };
}

async function isThere(moto: MotoClient, vpc: string, region: string): Promise<boolean> {
  return listAt(await moto.readEc2('DescribeVpcs', { 'VpcId.1': vpc }, region), 'vpcSet', 'item').length > 0;
}
