import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { ec2Kind } from '#shared/aws/ec2-kind.ts';
import { isTagCall } from '#shared/control/tag.ts';
import { unwatched } from './unwatched.ts';

// [U] no record of these calls is public, so both styles of EC2's records are read
const answers = ['Create', 'Delete'].flatMap((verb) => [
  `responseElements.${verb}VpcEncryptionControlResponse.vpcEncryptionControl.vpcId`,
  `requestParameters.${verb}VpcEncryptionControlRequest.VpcId`,
]);

/** VPCs, with what says whether their traffic is encrypted. */
export const vpcs = ec2Kind({
  noun: 'vpc',
  plural: 'VPCs',
  name: 'Vpc',
  typeName: 'VPC',
  idPrefix: 'vpc-',
  console: 'vpcconsole',
  page: 'VpcDetails:VpcId={id}',
  securityHub: 'AwsEc2Vpc',
  created: { CreateVpc: 'responseElements.vpc.vpcId', CreateDefaultVpc: 'responseElements.vpc.vpcId' },
  named: ['responseElements.vpc.vpcId', ...answers, 'responseElements.vpcEncryptionControl.vpcId', 'requestParameters.vpcId'],
  unwatched,
  shownBy: ['VpcEncryptionControl', 'VpcEncryptionControlId'],
  // who monitors a VPC need not have made it
  isByMaker: (record) => record.eventName === 'CreateVpc' || record.eventName === 'CreateDefaultVpc' || isTagCall(record),
  describe: (input) => new DescribeVpcsCommand(input),
  itemsOf: ({ Vpcs }) => Vpcs,
  idOf: ({ VpcId }) => VpcId,
  tags: { terraform: 'aws_vpc' },
});
