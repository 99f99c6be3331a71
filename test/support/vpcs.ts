import type { Tag, Vpc, VpcEncryptionControl, VpcEncryptionNonCompliantResource } from '@aws-sdk/client-ec2';
import { type Answers, answerTo, type Refusals } from './answers.ts';
import { awsError, type World } from './harness.ts';

/** What there is in the account. */
interface Account {
  readonly vpcs?: readonly Vpc[];
  readonly controls?: readonly VpcEncryptionControl[];
  readonly blocking?: readonly VpcEncryptionNonCompliantResource[];
  /** How often a change of a control is read before it has ended. */
  readonly slow?: number;
  /** The tags of stacks, by id. */
  readonly stacks?: { readonly [id: string]: readonly Tag[] };
  /** Errors that a call throws instead of answering, by its action. */
  readonly refuses?: Refusals;
}

/** An EC2 that remembers the tags and encryption controls of VPCs. */
export function vpcsWorld({ slow = 0, ...account }: Account = {}): World {
  const vpcs = structuredClone([...(account.vpcs ?? [])]);
  let controls = structuredClone([...(account.controls ?? [])]);
  let reads = 0;
  const tagged = (id: string): Vpc =>
    vpcs.find(({ VpcId }) => VpcId === id) ?? fail('InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`);
  const settle = () => {
    reads += 1;
    if (reads <= slow) return;
    controls = controls.filter(({ State }) => State !== 'deleting');
    for (const one of controls) if (one.State === 'creating') one.State = 'available';
  };
  const answers: Answers = {
    'ec2:DescribeVpcs': ({ Filters = [] }: { Filters?: { Values?: string[] }[] }) => ({
      Vpcs: vpcs.filter(({ VpcId = '' }) => Filters.every(({ Values = [] }) => Values.includes(VpcId))),
    }),
    'ec2:DescribeVpcEncryptionControls': () => {
      settle();
      return { VpcEncryptionControls: controls };
    },
    'ec2:GetVpcResourcesBlockingEncryptionEnforcement': () => ({ NonCompliantResources: account.blocking ?? [] }),
    'ec2:CreateVpcEncryptionControl': ({ VpcId = '' }: { VpcId?: string }) => {
      tagged(VpcId);
      const made: VpcEncryptionControl = { VpcId, VpcEncryptionControlId: 'vpcec-new1', Mode: 'monitor', State: 'creating' };
      controls.push(made);
      reads = 0;
      return { VpcEncryptionControl: made };
    },
    'ec2:DeleteVpcEncryptionControl': ({ VpcEncryptionControlId: id = '' }: { VpcEncryptionControlId?: string }) => {
      const found = controls.find((one) => one.VpcEncryptionControlId === id) ?? fail('InvalidVpcEncryptionControlId.NotFound', id);
      found.State = 'deleting';
      reads = 0;
      return { VpcEncryptionControl: found };
    },
    'cloudformation:DescribeStacks': ({ StackName = '' }: { StackName?: string }) => ({
      Stacks: [{ StackName, Tags: account.stacks?.[StackName] ?? fail('ValidationError', `Stack with id ${StackName} does not exist`) }],
    }),
    'ec2:CreateTags': ({ Resources = [], Tags = [] }: { Resources: string[]; Tags: Tag[] }) => {
      for (const one of Resources.map(tagged))
        one.Tags = [...(one.Tags ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key)), ...Tags];
    },
    'ec2:DeleteTags': ({ Resources = [], Tags = [] }: { Resources: string[]; Tags: Tag[] }) => {
      for (const one of Resources.map(tagged)) one.Tags = (one.Tags ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
    },
  };
  return {
    async send(command) {
      return answerTo(command, answers, account.refuses);
    },
  };
}

function fail(code: string, message: string): never {
  throw awsError(code, message);
}
