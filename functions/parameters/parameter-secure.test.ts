import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { scheduled } from '../../test/fixtures/events.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { givenAway } from '../../test/support/parameters/cases/given-away.ts';
import { hindered } from '../../test/support/parameters/cases/hindered.ts';
import { claiming, leftAlone } from '../../test/support/parameters/cases/left-alone.ts';
import { read } from '../../test/support/parameters/cases/readers.ts';
import { event, name, world } from '../../test/support/parameters/cases/setting.ts';
import { staged } from '../../test/support/parameters/cases/staged.ts';
import { putParameter } from '../../test/support/parameters/events.ts';
import { parametersWorld } from '../../test/support/parameters/world.ts';
import { testControl } from '../../test/support/tester.ts';
import control from './parameter-secure.ts';

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
  invalid: [...givenAway, ...hindered, ...read, ...staged, ...claiming],
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
