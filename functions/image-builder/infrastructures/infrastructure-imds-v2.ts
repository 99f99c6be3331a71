import type { InfrastructureConfiguration } from '@aws-sdk/client-imagebuilder';
import * as v from 'valibot';
import { bucketReads } from '#shared/aws/bucket.ts';
import { withoutEmpty } from '#shared/aws/whole.ts';
import { type Change, defineControl, type Plan, type Severity, type Verdict } from '#shared/control/control.ts';
import { passing, roleNames } from '#shared/control/roles.ts';
import { anyOf } from '../builder.ts';
import { obstaclesIn, replacing } from '../replace.ts';
import { type Besides, besidesOf } from './besides.ts';
import { infrastructures, updating } from './kind.ts';

interface Facts {
  readonly config: InfrastructureConfiguration;
  readonly besides: readonly Besides[];
}

const REQUIRED = 'required';
const PROFILE = 'Image Builder looks at the instance profile of an update, and passes its role to EC2';

const instanceRoles = v.pipe(
  roleNames,
  v.description(
    'The roles of the instance profiles of such configurations, at most 10: `web`, or `batch/*` for all under a path. AWS asks whoever updates a configuration for `iam:PassRole`, and Redress passes no other role.',
  ),
);

export default defineControl(infrastructures, {
  id: 'infrastructure-imds-v2',
  title: 'Image Builder’s build instances demand session tokens from their metadata service (IMDSv2)',
  why: 'Without tokens, whoever makes a program on the build instance fetch one address of their choice gets the credentials of its role, which writes images.',
  remediation:
    'Sets `httpTokens` to `required`, and leaves all else as it is. Reports key pairs, instances that are kept, and topics and log buckets of other accounts.',
  severity: 'medium',
  defaultMode: 'approve',
  amountsTo:
    'It can change any infrastructure configuration, for AWS knows no narrower permission: builds then run in another network, and as any role that `instanceRoles` names.',
  // [U] no record of them is public, so the live configuration decides
  triggers: [...infrastructures.created, infrastructures.calls('UpdateInfrastructureConfiguration')],
  permissions: {
    reads: bucketReads,
    writes: [
      { action: 'imagebuilder:UpdateInfrastructureConfiguration', resource: anyOf('infrastructure-configuration') },
      { action: 'iam:GetInstanceProfile', resource: 'arn:{partition}:iam::{account}:instance-profile/*', impliedBy: PROFILE },
      passing('instanceRoles', ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'], PROFILE),
    ],
  },
  settings: { instanceRoles },
  references: [
    'https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_InstanceMetadataOptions.html',
    'https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_UpdateInfrastructureConfiguration.html',
    'https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-infra-config.html',
  ],
  iac: {
    cloudFormation: 'set `InstanceMetadataOptions: { HttpTokens: required }` on the AWS::ImageBuilder::InfrastructureConfiguration.',
    terraform: 'set `instance_metadata_options { http_tokens = "required" }` on the aws_imagebuilder_infrastructure_configuration.',
    cdk: "set `instanceMetadataOptions: { httpTokens: 'required' }` on the imagebuilder.CfnInfrastructureConfiguration.",
  },
  prevention: {
    scp: [
      {
        actions: ['imagebuilder:CreateInfrastructureConfiguration', 'imagebuilder:UpdateInfrastructureConfiguration'],
        resources: ['arn:*:imagebuilder:*:*:infrastructure-configuration/*'],
        conditions: { StringNotEquals: { 'imagebuilder:Ec2MetadataHttpTokens': REQUIRED } },
      },
    ],
    breaks: 'Calls that leave the choice open fail too. Configurations that are there stay as they are, until somebody updates one.',
    references: [
      'https://docs.aws.amazon.com/imagebuilder/latest/userguide/security_iam_service-with-iam.html',
      'https://docs.aws.amazon.com/service-authorization/latest/reference/list_imagebuilder.html',
    ],
  },

  inspectOne: async (config, read, context): Promise<Facts> => ({ config, besides: await besidesOf(config, read, context) }),

  judge({ config, besides }, { settings }): Verdict {
    const isOpen = !demands(config);
    const all = [...(isOpen ? ['Its build instances answer without session tokens.'] : []), ...besides.map(({ says }) => says)];
    if (all.length === 0) return { is: 'compliant', says: 'Its build instances demand session tokens.' };
    return {
      is: 'violation',
      says: all.join(' '),
      ...(!isOpen && { severity: worstOf(besides) }),
      advice: [
        ...(isOpen ? obstaclesIn(config, updating) : []),
        // [U] whether AWS asks for it where the profile stays the same
        ...(isOpen && settings.instanceRoles.length === 0
          ? [
              'If AWS denies the fix, name the role of its instance profile in the setting `instanceRoles`: without it Redress passes no role.',
            ]
          : []),
        ...(isOpen
          ? ['Components that ask the metadata service without a token fail then: use the AWS CLI or an SDK in them, or get a token first.']
          : []),
        ...besides.map(({ advice }) => advice),
      ],
    };
  },

  plan({ config, besides }, { id }): Plan {
    const rest = besides.length > 0 && { leavesRest: true };
    if (demands(config) || obstaclesIn(config, updating).length > 0) return { changes: [], ...rest };
    const says = 'Demand session tokens on build instances, and leave all else as it is.';
    return { changes: [change(id, config, REQUIRED, says)], ...rest };
  },

  before: ({ config }) => ({ httpTokens: config.instanceMetadataOptions?.httpTokens ?? null }),

  undo({ httpTokens }, { config }, { id }): Plan {
    if (httpTokens === REQUIRED || !demands(config) || obstaclesIn(config, updating).length > 0) return { changes: [] };
    return { changes: [change(id, config, httpTokens ?? undefined, 'Let build instances answer without session tokens again.')] };
  },
});

function demands({ instanceMetadataOptions }: InfrastructureConfiguration): boolean {
  return instanceMetadataOptions?.httpTokens === REQUIRED;
}

function change(id: string, config: InfrastructureConfiguration, httpTokens: string | undefined, says: string): Change {
  const instanceMetadataOptions = withoutEmpty({ ...config.instanceMetadataOptions, httpTokens });
  return replacing(id, config, { instanceMetadataOptions }, updating, says);
}

function worstOf(besides: readonly Besides[]): Severity {
  return besides.some(({ severity }) => severity === 'medium') ? 'medium' : 'low';
}
