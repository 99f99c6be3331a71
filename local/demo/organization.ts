import { CreateVolumeCommand, DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { LocalCloud } from '../cloud.ts';
import { MotoClient } from '../emulator/moto-client.ts';
import { type JsonObject, stringAt } from '../json.ts';
import { redress } from './redress.ts';
import type { Step } from './step.ts';

/** The accounts of the demo's organization, and the Regions of each. */
export const organization = { accounts: 2, regions: ['us-east-1', 'eu-west-1'] } as const;

const [, REGION] = organization.regions;
/** An account of another organization. */
const STRANGER = '999988887777';

/** The scene of the organization: a member's other Region, and a stranger who sends what a member sends. */
export function organizationStep(cloud: LocalCloud): Step {
  const member = cloud.accounts[1];
  if (!member) throw new Error('the demo has no member');
  const { id: account, ...credentials } = member;
  const ec2 = new EC2Client({ endpoint: cloud.endpoint, region: REGION, credentials });
  let volume = '';

  const isOf = (id: string) => (one: JsonObject) => stringAt(one, 'account') === id;
  const isFixed = () =>
    cloud
      .findings()
      .filter(isOf(account))
      .some((one) => stringAt(one, 'resource', 'id') === volume && stringAt(one, 'status') === 'superseded');
  const isCopied = async () => {
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
    return Volumes.some(({ SourceVolumeId, Encrypted }) => SourceVolumeId === volume && Encrypted);
  };
  const list = () => redress(cloud, 'findings', '--account', account, '--since', '1h');

  return {
    title: 'A member of the organization, in another Region, and a stranger',
    async act() {
      await sendAsStranger(cloud);
      volume = (await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${REGION}a`, Size: 8 }))).VolumeId ?? '';
      return [
        { who: 'stranger', call: 'events:PutEvents', made: `a member's event, sent by ${STRANGER}, which is of no member` },
        { who: 'dana', call: 'ec2:CreateVolume', made: `${volume} in the account ${account}, ${REGION}` },
      ];
    },
    expectations: () => [
      { says: 'the hub replaces the volume in the member, by an encrypted one', holds: async () => isFixed() && (await isCopied()) },
      {
        says: "the stranger's event came before, and nothing happened for it",
        holds: () => isFixed() && !cloud.findings().some(isOf(STRANGER)),
      },
    ],
    shows: async () => `$ redress findings --account ${account}\n${await list()}`,
  };
}

/** Sends an event of a new volume as the rule of a member would: with the same rule, and a role of the same name. */
async function sendAsStranger({ motoEndpoint, stack }: LocalCloud): Promise<void> {
  const moto = new MotoClient({ endpoint: motoEndpoint }, STRANGER);
  const rule = { Name: 'redress-forward-ec2', EventPattern: JSON.stringify({ source: ['aws.ec2'] }) };
  await moto.json('events', 'PutRule', rule, REGION);
  const Arn = stack.outputs['MembersBusArn'] ?? '';
  const Targets = [{ Id: 'hub', Arn, RoleArn: `arn:aws:iam::${STRANGER}:role/redress/redress-forwarder` }];
  await moto.json('events', 'PutTargets', { Rule: rule.Name, Targets }, REGION);
  const detail = { eventSource: 'ec2.amazonaws.com', eventName: 'CreateVolume', recipientAccountId: STRANGER, awsRegion: REGION };
  const Entries = [{ Source: 'aws.ec2', DetailType: 'AWS API Call via CloudTrail', Detail: JSON.stringify(detail) }];
  await moto.json('events', 'PutEvents', { Entries }, REGION);
}
