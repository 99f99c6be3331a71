import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  paginateDescribeSecurityGroupRules,
} from '@aws-sdk/client-ec2';
import { gathered, judged, type Sort } from './sort.ts';

const from = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] });

/** What the storm makes of this. */
export const network: readonly Sort[] = [
  {
    kind: 'security-group',
    control: 'security-group-admin-closed',
    status: 'fixed',
    weight: 10,
    async make({ ec2 }, name) {
      const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: name, Description: 'a storm' }));
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [from(22), from(443)] }));
      return GroupId;
    },
    async ends({ ec2 }, ids) {
      const rules = await gathered(paginateDescribeSecurityGroupRules({ client: ec2 }, {}), ({ SecurityGroupRules }) => SecurityGroupRules);
      return judged(ids, (id) => {
        const ports = rules.filter(({ GroupId, IsEgress }) => GroupId === id && !IsEgress).map(({ FromPort }) => FromPort);
        return { isRight: ports.length === 1 && ports[0] === 443, twice: 0 };
      });
    },
  },
  {
    // the settings of its own control name VPCs that are there before
    kind: 'vpc',
    control: 'vpc-owner-tag',
    status: 'fixed',
    weight: 1,
    async make({ ec2 }) {
      const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
      return Vpc?.VpcId ?? '';
    },
  },
];
