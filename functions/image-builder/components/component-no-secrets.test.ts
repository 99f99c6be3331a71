import { scheduled } from '../../../test/fixtures/events.ts';
import { token } from '../../../test/fixtures/secrets.ts';
import { made } from '../../../test/support/image-builder/events.ts';
import { arnOf, builderWorld } from '../../../test/support/image-builder/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './component-no-secrets.ts';

const arn = arnOf('Component', 'tools/1.0.0/1');
const create = made('CreateComponent', 'componentBuildVersionArn', arn);
const text = (...commands: readonly string[]) =>
  [
    'name: tools',
    'schemaVersion: 1.0',
    'phases:',
    '  - name: build',
    '    steps:',
    '      - name: Install',
    '        action: ExecuteBash',
    '        inputs:',
    '          commands:',
    ...commands.map((one) => `            - ${one}`),
  ].join('\n');
const world =
  (data: string | undefined, more: object = {}) =>
  () =>
    builderWorld({ components: { 'tools/1.0.0/1': { ...(data !== undefined && { data }), ...more } } });
const leaking = text('dnf install -y git', `git clone https://x:${token}@github.com/shop/app`);

testControl(control, {
  valid: [
    { name: 'a component that installs something', world: world(text('dnf install -y git')), event: create },
    {
      name: 'one that reads its secret when it runs',
      world: world(text('TOKEN=$(aws secretsmanager get-secret-value --secret-id app)')),
      event: create,
    },
    { name: 'one whose text AWS hides', world: world(undefined, { obfuscate: true }), event: create },
    { name: 'one that the account imported', world: world(text('true')), event: made('ImportComponent', 'componentBuildVersionArn', arn) },
  ],
  invalid: [
    {
      name: 'a component with a token in a command',
      world: world(leaking),
      event: create,
      secret: token,
      sends: [],
      status: 'open',
      says: 'The text of the component holds what looks like a secret: github-token in line 11, url-credentials in line 11.',
      advice: /delete this one: `aws imagebuilder delete-component --component-build-version-arn arn:aws:imagebuilder:/,
    },
    {
      name: 'one that the sweep finds, of a stack',
      world: world(leaking, { tags: { 'aws:cloudformation:stack-name': 'shop' } }),
      event: scheduled(),
      secret: token,
      sends: [],
      status: 'open',
      says: /holds what looks like a secret/,
    },
  ],
  skipped: [{ name: 'one that is gone by now', world: () => builderWorld(), event: create, says: 'The resource is gone.' }],
});
