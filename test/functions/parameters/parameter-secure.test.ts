import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { vi } from 'vitest';
import control from '../../../functions/parameters/controls/parameter-secure.ts';
import { scheduled } from '../../fixtures/events.ts';
import { token } from '../../fixtures/secrets.ts';
import { testControl } from '../../tester.ts';
import { givenAway } from './cases/given-away.ts';
import { hindered } from './cases/hindered.ts';
import { leftAlone } from './cases/left-alone.ts';
import { read } from './cases/readers.ts';
import { event, name, world } from './cases/setting.ts';
import { staged } from './cases/staged.ts';
import { putParameter } from './events.ts';
import { parametersWorld } from './world.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));
testControl(control, {
  valid: [
    { name: 'a parameter made as a SecureString', world: world({ Type: 'SecureString' }), event: putParameter(name, { type: null }) },
    { name: 'a String that holds nothing sensitive', world: world({ Value: 'eu-west-1' }), event },
    {
      name: 'a switch whose name sounds sensitive',
      world: () => parametersWorld({ parameters: { '/shop/use-password': { Value: 'true' } } }),
      event: putParameter('/shop/use-password'),
    },
    { name: 'a sweep of an account without parameters', world: () => parametersWorld(), event: scheduled() },
    {
      name: 'the version of the CDK toolkit',
      world: () => parametersWorld({ parameters: { '/cdk-bootstrap/hnb659fds/version': { Value: '28' } } }),
      event: scheduled(),
    },
  ],
  invalid: [...givenAway, ...hindered, ...read, ...staged],
  skipped: leftAlone,
  undo: [
    {
      name: 'a conversion',
      world: world({ Description: 'Deploys' }),
      event,
      sends: [
        new PutParameterCommand({
          Tier: 'Standard',
          Description: 'Deploys',
          DataType: 'text',
          Name: name,
          Value: token,
          Type: 'String',
          Overwrite: true,
        }),
      ],
    },
  ],
});
