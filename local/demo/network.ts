import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import type { LocalCloud } from '../cloud.ts';
import { stringAt } from '../json.ts';
import type { Step } from './step.ts';

const CONTROL = 'security-group-admin-closed';
const from = (port: number, block: string): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  IpRanges: [{ CidrIp: block }],
});

/** The scene of the open door: of three rules in one call only the login that the world can reach is revoked. */
export function networkStep(cloud: LocalCloud, client: ConstructorParameters<typeof EC2Client>[0]): Step {
  const ec2 = new EC2Client(client ?? {});
  let group = '';
  const rules = async () => {
    const found = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [group] }] }));
    const inbound = (found.SecurityGroupRules ?? []).filter(({ IsEgress }) => !IsEgress);
    return inbound.map(({ FromPort, CidrIpv4 }) => `${FromPort} ${CidrIpv4}`).sort();
  };
  const isFixed = () =>
    cloud
      .findings()
      .some(
        (one) => stringAt(one, 'control') === CONTROL && stringAt(one, 'resource', 'id') === group && stringAt(one, 'status') === 'fixed',
      );

  return {
    title: 'A login that the whole internet can reach',
    async act() {
      const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'shop-web', Description: 'web servers of the shop' }));
      group = made.GroupId ?? '';
      const IpPermissions = [from(22, '0.0.0.0/0'), from(443, '0.0.0.0/0'), from(22, '10.0.0.0/8')];
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group, IpPermissions }));
      return [
        { who: 'dana', call: 'ec2:AuthorizeSecurityGroupIngress', made: `${group}: SSH and HTTPS from everywhere, SSH from 10.0.0.0/8` },
      ];
    },
    expectations: () => [
      {
        says: 'SSH from everywhere is revoked; HTTPS and the private network keep their rules',
        holds: async () => isFixed() && (await rules()).join() === '22 10.0.0.0/8,443 0.0.0.0/0',
      },
    ],
  };
}
