import { ec2Call } from './calls.ts';
import { type Case, xml } from './record-case.ts';

const ruleXml =
  '<item><securityGroupRuleId>sgr-1</securityGroupRuleId><groupId>sg-1</groupId><groupOwnerId>123456789012</groupOwnerId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><cidrIpv4>0.0.0.0/0</cidrIpv4><description>for the build</description><tagSet/></item>';
const answer = xml('AuthorizeSecurityGroupIngress', `<return>true</return><securityGroupRuleSet>${ruleXml}</securityGroupRuleSet>`);
const added = {
  groupOwnerId: '123456789012',
  groupId: 'sg-1',
  securityGroupRuleId: 'sgr-1',
  isEgress: false,
  ipProtocol: 'tcp',
  fromPort: 22,
  toPort: 22,
  cidrIpv4: '0.0.0.0/0',
  description: 'for the build',
};
const done = { requestId: 'r-1', _return: true };
const response = { ...done, securityGroupRuleSet: { items: [added] } };
const empty = { groups: {}, ipRanges: {}, ipv6Ranges: {}, prefixListIds: {} };
const range = { cidrIp: '0.0.0.0/0', description: 'for the build' };

/** Security groups: rules with permissions, in the short form, and by their ids. */
export const securityGroupCases: { readonly [name: string]: Case } = {
  'AuthorizeSecurityGroupIngress with permissions': {
    call: ec2Call('AuthorizeSecurityGroupIngress', {
      GroupId: 'sg-1',
      'IpPermissions.1.IpProtocol': 'tcp',
      'IpPermissions.1.FromPort': '22',
      'IpPermissions.1.ToPort': '22',
      'IpPermissions.1.IpRanges.1.CidrIp': '0.0.0.0/0',
      'IpPermissions.1.IpRanges.1.Description': 'for the build',
      'IpPermissions.2.IpProtocol': '-1',
      'IpPermissions.2.Groups.1.GroupId': 'sg-2',
    }),
    answer,
    request: {
      groupId: 'sg-1',
      ipPermissions: {
        items: [
          { ...empty, ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [range] } },
          { ...empty, ipProtocol: '-1', groups: { items: [{ groupId: 'sg-2' }] } },
        ],
      },
    },
    response,
  },
  'AuthorizeSecurityGroupIngress in the short form': {
    call: ec2Call('AuthorizeSecurityGroupIngress', {
      GroupId: 'sg-1',
      IpProtocol: 'tcp',
      FromPort: '22',
      ToPort: '22',
      CidrIp: '0.0.0.0/0',
    }),
    answer,
    request: { groupId: 'sg-1', ipPermissions: {}, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' },
    response,
  },
  'RevokeSecurityGroupIngress by ids': {
    call: ec2Call('RevokeSecurityGroupIngress', { GroupId: 'sg-1', 'SecurityGroupRuleId.1': 'sgr-1' }),
    answer: xml('RevokeSecurityGroupIngress', '<return>true</return>'),
    request: { groupId: 'sg-1', securityGroupRuleIds: { items: [{ securityGroupRuleId: 'sgr-1' }] } },
    response: done,
  },
  'ModifySecurityGroupRules, whose list of one is an object': {
    call: ec2Call('ModifySecurityGroupRules', {
      GroupId: 'sg-1',
      'SecurityGroupRule.1.SecurityGroupRuleId': 'sgr-1',
      'SecurityGroupRule.1.SecurityGroupRule.IpProtocol': 'tcp',
      'SecurityGroupRule.1.SecurityGroupRule.FromPort': '443',
      'SecurityGroupRule.1.SecurityGroupRule.ToPort': '443',
      'SecurityGroupRule.1.SecurityGroupRule.CidrIpv4': '192.0.2.10/32',
    }),
    answer: xml('ModifySecurityGroupRules', '<return>true</return>'),
    request: {
      ModifySecurityGroupRulesRequest: {
        GroupId: 'sg-1',
        SecurityGroupRule: {
          SecurityGroupRuleId: 'sgr-1',
          tag: 1,
          SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIpv4: '192.0.2.10/32' },
        },
      },
    },
    response: {
      ModifySecurityGroupRulesResponse: { return: true, requestId: 'r-1', xmlns: 'http://ec2.amazonaws.com/doc/2016-11-15/' },
    },
  },
  CreateSecurityGroup: {
    call: ec2Call('CreateSecurityGroup', { GroupName: 'web', GroupDescription: 'web servers', VpcId: 'vpc-1' }),
    answer: xml('CreateSecurityGroup', '<groupId>sg-1</groupId><securityGroupArn>arn</securityGroupArn>'),
    request: { groupName: 'web', groupDescription: 'web servers', vpcId: 'vpc-1' },
    response: { ...done, groupId: 'sg-1' },
  },
  CreateVpc: {
    call: ec2Call('CreateVpc', { CidrBlock: '10.0.0.0/16' }),
    answer: xml('CreateVpc', '<vpc><vpcId>vpc-1</vpcId><cidrBlock>10.0.0.0/16</cidrBlock></vpc>'),
    request: { cidrBlock: '10.0.0.0/16' },
    response: { requestId: 'r-1', vpc: { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/16' } },
  },
};
