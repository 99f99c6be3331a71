import * as v from 'valibot';
import { defineControl, type Verdict } from '#shared/control/control.ts';
import { components } from './kind.ts';

const key = v.pipe(
  v.optional(v.string()),
  v.description('The customer key that components are to be under, by its ARN. Without one the control does nothing.'),
);

export default defineControl(components, {
  id: 'component-key',
  title: 'Image Builder components are under your key',
  why: 'Image Builder encrypts every component. Only a key of your own lets you say who may read them, and take that back.',
  remediation: 'Reports only; changes nothing: the key of a component cannot be changed.',
  severity: 'low',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: components.created,
  settings: { key },
  isIdle: (settings) => settings.key === undefined,
  references: [
    'https://docs.aws.amazon.com/imagebuilder/latest/userguide/data-protection.html',
    'https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateComponent.html',
  ],
  iac: {
    cloudFormation:
      'set `KmsKeyId` of the AWS::ImageBuilder::Component to the key. CloudFormation replaces the component: raise its `Version`.',
    terraform: 'set `kms_key_id` of the aws_imagebuilder_component to the key. Terraform replaces the component: raise its `version`.',
    cdk: 'set `kmsKeyId` of the imagebuilder.CfnComponent to the key. CloudFormation replaces the component: raise its `version`.',
  },
  prevention: { none: 'No condition key shows the key of a component.' },

  inspectOne: ({ kmsKeyId }) => ({ kmsKeyId }),

  // where only other places name a key, any will do
  judge({ kmsKeyId }, { settings }): Verdict {
    if (settings.key === undefined || kmsKeyId === settings.key)
      return { is: 'compliant', says: 'The component is under the key that the settings name.' };
    const says = kmsKeyId
      ? `The component is under ${kmsKeyId}, and the settings name ${settings.key}.`
      : 'The component has no customer managed key: Image Builder encrypts it with a key of its own.';
    return { is: 'violation', says, advice: ['Make a new version of the component with `--kms-key-id`, and have recipes use it.'] };
  },

  before: ({ kmsKeyId }) => ({ key: kmsKeyId ?? null }),
});
