import { scheduled } from '../../../test/fixtures/events.ts';
import { token } from '../../../test/fixtures/secrets.ts';
import { made } from '../../../test/support/image-builder/events.ts';
import { arnOf, builderWorld } from '../../../test/support/image-builder/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './container-recipe-no-secrets.ts';

const arn = arnOf('ContainerRecipe', 'app/1.0.0');
const create = made('CreateContainerRecipe', 'containerRecipeArn', arn);
const dockerfile = (...lines: readonly string[]) =>
  ['FROM {{{ imagebuilder:parentImage }}}', '{{{ imagebuilder:environments }}}', '{{{ imagebuilder:components }}}', ...lines].join('\n');
const world = (dockerfileTemplateData: string | undefined) => () =>
  builderWorld({ containers: { 'app/1.0.0': { ...(dockerfileTemplateData !== undefined && { dockerfileTemplateData }) } } });

testControl(control, {
  valid: [
    { name: 'a Dockerfile that installs something', world: world(dockerfile('RUN dnf install -y git')), event: create },
    { name: 'one that AWS does not show', world: world(undefined), event: create },
  ],
  invalid: [
    {
      name: 'a Dockerfile with a token in its environment',
      world: world(dockerfile(`ENV GITHUB_TOKEN=${token}`)),
      event: create,
      secret: token,
      sends: [],
      status: 'open',
      says: /^The text of the Dockerfile holds what looks like a secret: .*github-token in line 4/,
      advice: /`aws imagebuilder delete-container-recipe --container-recipe-arn /,
    },
    {
      name: 'one that the sweep finds',
      world: world(dockerfile(`RUN git clone https://x:${token}@github.com/shop/app`)),
      event: scheduled(),
      secret: token,
      sends: [],
      status: 'open',
      says: /github-token in line 4/,
    },
  ],
  skipped: [{ name: 'one that is gone by now', world: () => builderWorld(), event: create, says: 'The resource is gone.' }],
});
