import { AddTagsToResourceCommand, DeleteParameterCommand, LabelParameterVersionCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { newer, token } from '../../../fixtures/secrets.ts';
import type { InvalidCase } from '../../tester.ts';
import { dana, redress } from '../world.ts';
import { convert, event, fixed, found, name, stage, world } from './setting.ts';

/** Values that somebody writes meanwhile, and the staged way, by which old versions go. */
export const staged: readonly InvalidCase[] = [
  {
    name: 'a value written by somebody else while it was converted',
    world: () => {
      const made = world()();
      let isFirst = true;
      made.meanwhile = (action) => {
        if (action !== 'ssm:PutParameter' || !isFirst) return;
        isFirst = false;
        made.put({ Name: name, Value: newer, Type: 'String', Overwrite: true }, dana);
      };
      return made;
    },
    event,
    sends: [convert(), convert({ Value: newer })],
    status: 'fixed',
    says: fixed,
    secret: token,
  },
  {
    name: 'a conversion that lost a newer value in a run that ended long ago',
    world: () => {
      const made = world()();
      made.put({ Name: name, Value: newer, Type: 'String', Overwrite: true }, dana);
      made.put({ Name: name, Value: token, Type: 'SecureString', Overwrite: true }, redress);
      return made;
    },
    event,
    sends: [convert({ Value: newer })],
    status: 'fixed',
    says: /^Found: Version 2 was written while Redress converted the previous one, and its value is not the current one/,
  },
  {
    name: 'a parameter whose history must go, before anybody approves',
    world: world(),
    event,
    settings: { purgeHistory: true },
    sends: [],
    status: 'awaiting-approval',
    says: /It waits for a person: it is deleted and recreated/,
  },
  {
    name: 'a parameter whose history must go, once a person approves',
    world: world({ Description: 'Deploys', Tags: [{ Key: 'team', Value: 'shop' }], labels: ['live', 'v7'] }),
    event,
    settings: { purgeHistory: true },
    isApproved: true,
    sends: [
      new PutParameterCommand({
        Tier: 'Standard',
        Description: 'Deploys',
        DataType: 'text',
        Name: stage,
        Value: token,
        Type: 'SecureString',
        KeyId: 'alias/aws/ssm',
        Tags: [
          { Key: 'team', Value: 'shop' },
          { Key: 'redress:stage-of', Value: name },
          { Key: 'redress:type', Value: 'String' },
          { Key: 'redress:labels-1', Value: 'live v7' },
        ],
      }),
      new AddTagsToResourceCommand({
        ResourceType: 'Parameter',
        ResourceId: stage,
        Tags: [{ Key: 'redress:deleting', Value: '2026-11-21T09:00:05.000Z' }],
      }),
      new DeleteParameterCommand({ Name: name }),
      new PutParameterCommand({
        Tier: 'Standard',
        Description: 'Deploys',
        DataType: 'text',
        Name: name,
        Value: token,
        Type: 'SecureString',
        KeyId: 'alias/aws/ssm',
        Tags: [
          { Key: 'team', Value: 'shop' },
          { Key: 'redress:recreated', Value: 'version 1' },
        ],
      }),
      new LabelParameterVersionCommand({ Name: name, ParameterVersion: 1, Labels: ['live', 'v7'] }),
      new DeleteParameterCommand({ Name: stage }),
    ],
    status: 'fixed',
    says: `Found: ${found} Now: It is a SecureString under alias/aws/ssm. Rotate the secret: whoever could read the plaintext may have it.`,
    secret: token,
  },
  {
    name: 'a parameter with too many tags to be staged',
    world: world({ Tags: Array.from({ length: 45 }, (_, n) => ({ Key: `k${n}`, Value: 'v' })) }),
    event,
    settings: { purgeHistory: true },
    sends: [],
    status: 'open',
    says: found,
    advice: /too many tags/,
  },
];
