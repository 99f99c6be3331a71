import { defineControl } from '#shared/control/control.ts';
import { replaceVersion, verdictOnText } from '../secrets.ts';
import { components } from './kind.ts';

export default defineControl(components, {
  id: 'component-no-secrets',
  title: 'Image Builder components hold no secrets',
  why: 'Whoever may read a component reads its text, and so does every account that it is shared with. What it writes to a disk is in every image.',
  remediation: 'Reports only; changes nothing. Names the line, never the text.',
  severity: 'high',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: components.created,
  sweep: { every: '1 day', atDeployment: true },
  references: [
    'https://docs.aws.amazon.com/imagebuilder/latest/userguide/toe-use-documents.html',
    'https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateComponent.html',
  ],
  iac: {
    cloudFormation:
      'take it out of `Data` of the AWS::ImageBuilder::Component, raise its `Version`, and have the script read it from Secrets Manager when it runs.',
    terraform:
      'take it out of `data` of the aws_imagebuilder_component, raise its `version`, and have the script read it from Secrets Manager when it runs. The state keeps the old text.',
    cdk: 'take it out of `data` of the imagebuilder.CfnComponent, raise its `version`, and have the script read it from Secrets Manager when it runs.',
  },
  prevention: { none: 'No policy can look into the text of a component.' },
  // what is written there has to go, whoever manages the component
  reportsManaged: true,

  inspectOne: ({ found }, _read, _context, { id }) => ({ found, id }),

  judge: ({ found, id }) =>
    verdictOnText(found, 'component', [replaceVersion('component', 'delete-component', 'component-build-version-arn', id)]),

  before: ({ found }) => ({ kinds: found?.kinds ?? [] }),
});
