import { CreateVpcEncryptionControlCommand, DeleteVpcEncryptionControlCommand, type VpcEncryptionControl } from '@aws-sdk/client-ec2';
import * as v from 'valibot';
import { code, option } from '#shared/control/command.ts';
import { defineControl, type Made, type Plan, targetsIn, type Verdict } from '#shared/control/control.ts';
import { stringAt } from '#shared/control/record.ts';
import { type Blocking, blockingOf, controlsByVpc, sayBlocking } from './encryption.ts';
import { vpcs } from './kind.ts';

interface Facts {
  readonly id: string;
  readonly isNamed: boolean;
  readonly control: VpcEncryptionControl | undefined;
  readonly blocking: Blocking | undefined;
  /** Whether the ledger knows the control as made by Redress. */
  readonly isOurs: boolean;
}

const named = v.pipe(
  v.optional(v.array(v.pipe(v.string(), v.regex(/^vpc-[0-9a-z]+$/, 'is not the id of a VPC'))), []),
  v.description('The ids of the VPCs that have to be monitored; AWS bills each. As long as there is none, the control finds nothing.'),
);
const guide = 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html';
const anyControl = 'arn:{partition}:ec2:{region}:{account}:vpc-encryption-control/*';
const changing = ['creating', 'deleting', 'monitor-in-progress'];
const wait = { afterSeconds: 60, why: 'AWS is changing the encryption control of the VPC' };

export default defineControl(vpcs, {
  id: 'vpc-encryption-monitored',
  title: 'Encryption in transit is monitored in chosen VPCs',
  why: 'Without an encryption control, neither flow logs nor AWS say which traffic in a VPC is plaintext, and what would have to change first.',
  remediation: 'Creates an encryption control in monitor mode, after a person has agreed to what it costs. Never enforces.',
  severity: 'medium',
  defaultMode: 'approve',
  maxMode: 'approve',
  // the settings name VPCs by their ids, so that a new one is never among them
  triggers: [vpcs.calls('CreateVpcEncryptionControl', 'DeleteVpcEncryptionControl')],
  permissions: {
    reads: [{ action: 'ec2:DescribeVpcEncryptionControls' }, { action: 'ec2:GetVpcResourcesBlockingEncryptionEnforcement' }],
    writes: [
      // [U] AWS's reference names both types for the creation
      { action: 'ec2:CreateVpcEncryptionControl', resource: 'arn:{partition}:ec2:{region}:{account}:vpc/{settings.vpcs.*}' },
      { action: 'ec2:CreateVpcEncryptionControl', resource: anyControl },
      { action: 'ec2:DeleteVpcEncryptionControl', resource: anyControl },
    ],
  },
  settings: { vpcs: named },
  isIdle: ({ vpcs }) => vpcs.length === 0,
  // the user guide refers to the page of prices, which draws them by Region: 0.15 USD an hour is what public reports give [U]
  costs:
    'AWS bills each monitored VPC that is not empty, by public reports 109.50 USD a month in us-east-1; its page of prices has your Region.',
  references: [
    guide,
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEncryptionControl.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetVpcResourcesBlockingEncryptionEnforcement.html',
    'https://aws.amazon.com/vpc/pricing/',
  ],
  iac: {
    cloudFormation: 'have an AWS::EC2::VPCEncryptionControl with `Mode: monitor` and the `VpcId`.',
    terraform: 'have an aws_vpc_encryption_control with `mode = "monitor"` and the `vpc_id`.',
    cdk: "have an ec2.CfnVPCEncryptionControl with `mode: 'monitor'` and the `vpcId`.",
  },
  prevention: {
    scp: [{ actions: ['ec2:DeleteVpcEncryptionControl'] }],
    breaks: 'Nobody can end the monitoring of a VPC, nor what it costs. A VPC that nobody monitors yet stays so.',
    references: [guide, 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html'],
  },

  async list(read, context, from) {
    const named = new Set(context.settings.vpcs);
    const part = await vpcs.list(read, context, from);
    return targetsIn(vpcs, { ...part, items: part.items.filter((id) => named.has(id)) });
  },

  async inspectOne(_vpc, read, { settings }, { id, made = [], madeSince }): Promise<Facts> {
    const isNamed = settings.vpcs.includes(id);
    // what an undo deletes has to be read, also when the settings do not name the VPC any more
    const control = isNamed || made.length > 0 ? (await read.many(controlsByVpc, [id])).get(id) : undefined;
    const isOurs = isMade(made, control?.VpcEncryptionControlId) || (control !== undefined && madeSince !== undefined);
    return { id, isNamed, control, isOurs, blocking: isNamed ? await blockingOf(id, read) : undefined };
  },

  judge({ id, isNamed, control, blocking }): Verdict {
    if (!isNamed || !blocking) return { is: 'compliant', says: 'The settings do not name the VPC.' };
    const state = control?.State ?? '';
    if (control?.Mode === 'enforce') return { is: 'compliant', says: 'The VPC enforces encryption in transit.' };
    if (control && state !== 'monitor-failed' && !changing.includes(state))
      return { is: 'compliant', says: `Encryption in transit is monitored. ${sayBlocking(blocking)}` };
    if (control) {
      return {
        is: 'violation',
        says: `The encryption control of the VPC is not in force: AWS shows it as ${state}${control.StateMessage ? ` (${control.StateMessage})` : ''}.`,
        risk: state,
        advice: ['Look at it in the VPC console. Once somebody deletes it, Redress proposes another.'],
      };
    }
    const blockers = `aws ec2 get-vpc-resources-blocking-encryption-enforcement ${option('vpc-id', id)}`;
    return {
      is: 'violation',
      says: 'Nothing monitors whether traffic in the VPC is encrypted.',
      advice: [
        'In monitor mode nothing is refused. AWS moves load balancers, Fargate and the control plane of EKS to hardware that encrypts.',
        'Flow logs show it only in their field encryption-status: make a new flow log with it.',
        `${sayBlocking(blocking)} Enforcement is your decision, and the list changes: ${code(blockers)}.`,
      ],
    };
  },

  plan({ id, control }): Plan {
    if (control) return changing.includes(control.State ?? '') ? { changes: [], again: wait } : { changes: [] };
    return {
      changes: [
        {
          command: new CreateVpcEncryptionControlCommand({ VpcId: id }),
          says: `Create an encryption control in monitor mode for ${id}.`,
          made: (answer) => [stringAt(answer, 'VpcEncryptionControl', 'VpcEncryptionControlId') ?? []].flat(),
        },
      ],
      needsApproval: 'AWS bills for it, so a person decides.',
    };
  },

  before: ({ control }) => ({ control: control?.VpcEncryptionControlId ?? null }),

  undo(before: { readonly control: string | null }, { id, control, isOurs }): Plan {
    if (before.control || !control?.VpcEncryptionControlId || !isOurs) return { changes: [] };
    if (changing.includes(control.State ?? '')) return { changes: [], again: wait };
    // whoever enforces since then relies on it
    if (control.Mode === 'enforce') return { changes: [] };
    const { VpcEncryptionControlId } = control;
    const command = new DeleteVpcEncryptionControlCommand({ VpcEncryptionControlId });
    return { changes: [{ command, says: `Stop monitoring encryption in transit in ${id}: delete ${VpcEncryptionControlId}.` }] };
  },
});

function isMade(made: Made, id: string | undefined): boolean {
  return id !== undefined && (made === 'unrecorded' || made.includes(id));
}
