import { defineControl } from '#shared/control/control.ts';
import { replaceVersion, verdictOnText } from '../secrets.ts';
import { containerRecipes } from './kind.ts';

export default defineControl(containerRecipes, {
  id: 'container-recipe-no-secrets',
  title: 'The Dockerfiles of Image Builder’s container recipes hold no secrets',
  why: 'Whoever may read the recipe or pull the image reads them: a layer keeps what a later layer deletes.',
  remediation: 'Reports only; changes nothing. Names the line, never the text.',
  severity: 'high',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: containerRecipes.created,
  sweep: { every: '1 day', atDeployment: true },
  references: [
    'https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateContainerRecipe.html',
    'https://docs.docker.com/build/building/secrets/',
  ],
  iac: {
    cloudFormation:
      'take it out of `DockerfileTemplateData` of the AWS::ImageBuilder::ContainerRecipe, raise its `Version`, and have a component read it from Secrets Manager when it runs.',
    terraform:
      'take it out of `dockerfile_template_data` of the aws_imagebuilder_container_recipe, raise its `version`, and have a component read it from Secrets Manager when it runs. The state keeps the old text.',
    cdk: 'take it out of `dockerfileTemplateData` of the imagebuilder.CfnContainerRecipe, raise its `version`, and have a component read it from Secrets Manager when it runs.',
  },
  prevention: { none: 'No policy can look into a Dockerfile.' },
  // what is written there has to go, whoever manages the recipe
  reportsManaged: true,

  inspectOne: ({ found }, _read, _context, { id }) => ({ found, id }),

  judge: ({ found, id }) =>
    verdictOnText(found, 'Dockerfile', [replaceVersion('container recipe', 'delete-container-recipe', 'container-recipe-arn', id)]),

  before: ({ found }) => ({ kinds: found?.kinds ?? [] }),
});
