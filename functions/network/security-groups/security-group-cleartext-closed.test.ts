import {
  AuthorizeSecurityGroupIngressCommand,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { scheduled } from '../../../test/fixtures/events.ts';
import { authorized } from '../../../test/support/security-groups/events.ts';
import { group, groupsWorld, networkInterface, rule } from '../../../test/support/security-groups/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './security-group-cleartext-closed.ts';

const one = (text: string) => rule('sgr-1', text);
const world =
  (text: string, interfaces = [networkInterface()], more = {}) =>
  () =>
    groupsWorld({ groups: [group()], rules: [one(text)], interfaces, ...more });
const found = (text: string, says: RegExp) => ({
  name: text,
  world: world(text),
  event: authorized([one(text)]),
  sends: [new RevokeSecurityGroupIngressCommand({ GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] })],
  status: 'fixed' as const,
  says,
});
const balancer = networkInterface({ InterfaceType: 'network_load_balancer', NetworkInterfaceId: 'eni-2' });
const http = 'tcp 80 0.0.0.0/0';
const withHttp = { ports: ['80'] };

testControl(control, {
  valid: [
    {
      name: 'SSH, which is the business of the other control',
      world: world('tcp 22 0.0.0.0/0'),
      event: authorized([one('tcp 22 0.0.0.0/0')]),
    },
    { name: 'HTTP, which is watched on request only', world: world(http), event: authorized([one(http)]) },
    { name: 'SNMP over TCP', world: world('tcp 161 0.0.0.0/0'), event: authorized([one('tcp 161 0.0.0.0/0')]) },
    { name: 'HTTP of load balancers alone', world: world(http, [balancer]), event: authorized([one(http)]), settings: withHttp },
    {
      name: 'a database from a group',
      world: world('tcp 5432 sg-2'),
      event: scheduled(),
    },
  ],
  invalid: [
    found('tcp 21 0.0.0.0/0', /FTP \(20-21\)/),
    found('tcp 23 0.0.0.0/0', /Telnet \(23\)/),
    found('tcp 25 0.0.0.0/0', /SMTP \(25\)/),
    found('udp 69 0.0.0.0/0', /TFTP \(69\/udp\)/),
    found('udp 161 0.0.0.0/0', /SNMP \(161\/udp\)/),
    found('tcp 513 0.0.0.0/0', /rlogin/),
    found('tcp 445 ::/0', /SMB \(445\)/),
    found('tcp 2375 0.0.0.0/0', /Docker \(2375\)/),
    found('tcp 5432 0.0.0.0/0', /PostgreSQL \(5432\)/),
    found('tcp 6379 0.0.0.0/0', /Redis \(6379\)/),
    found('tcp 27017 0.0.0.0/0', /MongoDB \(27017\)/),
    {
      ...found('tcp 8081 0.0.0.0/0', /TCP 8081 through/),
      settings: { ports: ['8081'] },
    },
    { ...found(http, /HTTP \(80\)/), name: 'HTTP of instances, on request', settings: withHttp },
    {
      ...found(http, /HTTP \(80\)/),
      name: 'HTTP of a load balancer and an instance',
      world: world(http, [balancer, networkInterface()]),
      settings: withHttp,
    },
    {
      name: 'a rule to be narrowed',
      world: world('tcp 5432 0.0.0.0/0'),
      event: authorized([one('tcp 5432 0.0.0.0/0')]),
      settings: { replaceBy: ['10.0.0.0/8'] },
      sends: [
        new ModifySecurityGroupRulesCommand({
          GroupId: 'sg-1',
          SecurityGroupRules: [
            {
              SecurityGroupRuleId: 'sgr-1',
              SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIpv4: '10.0.0.0/8' },
            },
          ],
        }),
      ],
      status: 'fixed',
      says: /Now: The world cannot reach these ports/,
    },
    {
      name: 'a prefix list with the world in it, through a rule that nobody saw made',
      world: world('tcp 5432 pl-1', [], { lists: { 'pl-1': ['0.0.0.0/0'] } }),
      event: scheduled(),
      sends: [],
      status: 'awaiting-approval',
      says: /did not see who made it/,
    },
  ],
  skipped: [],
  undo: [
    {
      name: 'revoking a rule with tags',
      world: () => groupsWorld({ groups: [group()], rules: [{ ...one('tcp 5432 0.0.0.0/0'), Tags: [{ Key: 'team', Value: 'data' }] }] }),
      event: authorized([one('tcp 5432 0.0.0.0/0')]),
      sends: [
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: 'sg-1',
          IpPermissions: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
          TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'team', Value: 'data' }] }],
        }),
      ],
    },
  ],
});
