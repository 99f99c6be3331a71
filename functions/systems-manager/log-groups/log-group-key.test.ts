import { DisassociateKmsKeyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { byTerraform } from '../../../test/fixtures/events.ts';
import { keyCases } from '../../../test/support/log-groups/key-cases.ts';
import { created, key, keyed, name, set, settings, world } from '../../../test/support/log-groups/setting.ts';
import { aboutGroup, createGroup, groupArn, keyArn, logsWorld, usable } from '../../../test/support/log-groups/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './log-group-key.ts';

const other = keyArn('old');

testControl(control, {
  valid: [
    { name: 'a log group under the key of the settings', world: world(key), event: created, settings },
    { name: 'one under it, which the settings name by its ARN', world: world(key), event: created, settings: { ...settings, key } },
    { name: 'one that the settings do not name', world: world(), event: createGroup('/other'), settings },
    {
      name: 'one whose name begins like a whole name of the settings',
      world: world(),
      event: created,
      settings: { ...settings, names: ['/shop'] },
    },
    { name: 'a Region whose settings have no key', world: world(), event: created, settings: { names: ['*'] } },
    {
      name: 'a key for the results of queries',
      world: world(),
      event: aboutGroup('DisassociateKmsKey', { resourceIdentifier: `arn:aws:logs:eu-west-1:111122223333:query-result:*` }),
      settings,
    },
  ],
  invalid: [
    {
      name: 'a log group that is made without a key',
      world: world(),
      event: created,
      settings,
      sends: [set()],
      status: 'fixed',
      says: `Found: CloudWatch Logs encrypts it with a key of its own. Now: It is under ${key}.`,
    },
    {
      name: 'one that somebody took the key from, by its ARN',
      world: world(),
      event: aboutGroup('DisassociateKmsKey', { resourceIdentifier: groupArn(name) }),
      settings: { ...settings, key },
      sends: [set()],
      status: 'fixed',
      says: /Now: It is under/,
    },
    {
      name: 'one under a key that somebody chose',
      world: world(other),
      event: aboutGroup('AssociateKmsKey', { logGroupName: name, kmsKeyId: other }),
      settings,
      isApproved: true,
      sends: [set()],
      status: 'fixed',
      says: /It is under arn:aws:kms:eu-west-1:111122223333:key\/old, which the settings do not name\. Now: It is under/,
    },
    {
      name: 'one under a key that somebody chose, while nobody agrees',
      world: world(other),
      event: aboutGroup('AssociateKmsKey', { logGroupName: name, kmsKeyId: other }),
      settings,
      sends: [],
      status: 'awaiting-approval',
      says: /Somebody chose the key that it is under, and whoever reads may not be allowed the other one\./,
      advice: /Keep the key as long as the logs/,
    },
    ...keyCases,
  ],
  skipped: [
    {
      name: 'a log group of a CloudFormation stack, as those of Redress are',
      world: () =>
        logsWorld({
          groups: {
            [name]: {
              tags: {
                'aws:cloudformation:stack-name': 'Redress',
                'aws:cloudformation:stack-id': 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Redress/1',
              },
            },
          },
          keys: keyed(usable),
        }),
      event: created,
      settings,
      says: /CloudFormation stack Redress manages it, so it is left unchanged/,
    },
    {
      name: 'one that says it is of Terraform',
      world: world(),
      event: createGroup(name, {}, byTerraform),
      settings,
      says: /Terraform.*left unchanged/,
    },
  ],
  undo: [
    { name: 'the key goes', world: world(), event: created, settings, sends: [new DisassociateKmsKeyCommand({ logGroupName: name })] },
    { name: 'the key before comes back', world: world(other), event: created, settings, isApproved: true, sends: [set(other)] },
  ],
});
