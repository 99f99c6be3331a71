import { DescribeSecurityGroupsCommand, EC2Client, type SecurityGroup } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { sendWith } from '#shared/aws/clients.ts';
import { creationOf, scheduled } from '../../../test/fixtures/events.ts';
import type { World } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import { securityGroups } from './kind.ts';
import control from './security-group-admin-closed.ts';

const named: SecurityGroup = { GroupId: 'security-group-1', Tags: [{ Key: 'Name', Value: 'data' }] };
const nameless: SecurityGroup = { GroupId: 'security-group-1', Tags: [] };
const made = creationOf(securityGroups, 'security-group-1');

/** An AWS with this one security group, or with none. */
function world(there?: SecurityGroup): () => World {
  return () => {
    const ec2 = mockClient(EC2Client);
    ec2.on(DescribeSecurityGroupsCommand).resolves(there ? { SecurityGroups: [there] } : {});
    return {
      send: sendWith({ ec2: () => new EC2Client({}) }),
      restore: () => void ec2.restore(),
    };
  };
}

testControl(control, {
  valid: [
    { name: 'one with a Name tag', world: world(named), event: made },
    { name: 'a sweep that finds nothing wrong', world: world(named), event: scheduled() },
  ],
  invalid: [
    {
      name: 'one without a Name tag',
      world: world(nameless),
      event: made,
      mode: 'observe',
      sends: [],
      status: 'open',
      says: 'The security group has no Name tag.',
      advice: /^Give it/,
    },
    {
      name: 'one that only the sweep found',
      world: world(nameless),
      event: scheduled(),
      mode: 'observe',
      sends: [],
      status: 'open',
      says: 'The security group has no Name tag.',
    },
  ],
  skipped: [{ name: 'one that was gone before it could be read', world: world(), event: made, says: 'The resource is gone.' }],
});
