import { ModifyInstanceMetadataOptionsCommand } from '@aws-sdk/client-ec2';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { instances } from './kind.ts';
import { adviceOn, factsOf, ofGroup, sayUsage } from './metadata.ts';
import { isLoosening } from './records.ts';
import { SETTLE_SECONDS } from './usage.ts';

const ID = 'instance-imds-v2';
const required = { StringNotEquals: { 'ec2:MetadataHttpTokens': 'required' } };

export default defineControl(instances, {
  id: ID,
  title: 'EC2 instances demand session tokens from their metadata service (IMDSv2)',
  why: 'Without tokens, whoever makes a program on the instance fetch one address of their choice gets the credentials of its role.',
  remediation:
    'Demands tokens, and changes no other option. Asks a person first where the instance was asked without one in the last 14 days. Leaves new instances for a day.',
  severity: 'medium',
  defaultMode: 'observe',
  triggers: [
    {
      ...instances.calls('RunInstances'),
      where: {
        responseElements: { instancesSet: { items: { metadataOptions: { httpTokens: ['optional'], httpEndpoint: ['enabled'] } } } },
      },
    },
    // [U] no record of a call that went well is public, so the live instance decides
    { ...instances.calls('ModifyInstanceMetadataOptions'), breaks: isLoosening, isMistake: false },
  ],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [{ action: 'cloudwatch:GetMetricData' }],
    writes: [
      {
        action: 'ec2:ModifyInstanceMetadataOptions',
        resource: 'arn:{partition}:ec2:{region}:{account}:instance/*',
        conditions: {
          Null: {
            'ec2:Attribute/HttpTokens': 'false',
            'ec2:Attribute/HttpEndpoint': 'true',
            'ec2:Attribute/HttpPutResponseHopLimit': 'true',
            'ec2:Attribute/HttpProtocolIpv6': 'true',
            'ec2:Attribute/InstanceMetadataTags': 'true',
          },
        },
      },
    ],
  },
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-transition-to-version-2.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataOptions.html',
  ],
  iac: {
    cloudFormation: 'set `MetadataOptions: { HttpTokens: required }` on the AWS::EC2::Instance.',
    terraform: 'set `metadata_options { http_tokens = "required" }` on the aws_instance.',
    cdk: 'set `requireImdsv2: true` on the ec2.Instance.',
  },
  prevention: {
    scp: [
      { actions: ['ec2:RunInstances'], resources: ['arn:*:ec2:*:*:instance/*'], conditions: required },
      {
        actions: ['ec2:ModifyInstanceMetadataOptions'],
        resources: ['arn:*:ec2:*:*:instance/*'],
        // `ec2:MetadataHttpTokens` is what the instance has before the call, and would refuse the fix too
        conditions: { StringNotEquals: { 'ec2:Attribute/HttpTokens': 'required' }, Null: { 'ec2:Attribute/HttpTokens': 'false' } },
      },
    ],
    breaks:
      'Launches that leave the choice open fail, old launch templates among them, and nobody can let an instance answer without tokens again.',
    references: [
      'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-instance-metadata',
      'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html',
    ],
  },

  inspectOne: (instance, read, { now }, { id }) => factsOf(id, instance, read, now),

  judge(facts): Verdict {
    const { tokens, isReachable, usage, group } = facts;
    if (!isReachable) return { is: 'compliant', says: 'Its metadata service is turned off.' };
    if (!usage)
      return tokens === 'required'
        ? { is: 'compliant', says: 'Its metadata service demands session tokens.' }
        : { is: 'skip', says: 'AWS does not show the options of its metadata service.' };
    const isUsed = usage.is === 'counted' && usage.requests > 0;
    return {
      is: 'violation',
      says: `Its metadata service answers without a session token (IMDSv1). ${sayUsage(usage)}`,
      risk: isUsed ? 'IMDSv1 is in use' : 'IMDSv1 is allowed',
      advice: adviceOn(facts, isUsed),
      ...(group && { iac: ofGroup }),
    };
  },

  plan({ id, usage, settles }, { modeOf }): Plan {
    const command = new ModifyInstanceMetadataOptionsCommand({ InstanceId: id, HttpTokens: 'required' });
    const changes = [{ command, says: `Demand session tokens from whoever asks the metadata service of ${id}.` }];
    // what is new has no number yet, and is looked at again when it has settled; a person who is asked anyway need not wait for that
    if (usage?.is === 'new' || (usage?.is === 'counted' && usage.requests === 0))
      return { changes, ...(settles && modeOf(ID) === 'fix' && { settleSeconds: SETTLE_SECONDS }) };
    return { changes, needsApproval: `A person should look first: ${usage ? sayUsage(usage) : ''}` };
  },

  before: ({ tokens }) => ({ tokens: tokens ?? null }),

  undo: ({ tokens }, _facts, { id }): Plan => ({
    changes:
      tokens === 'optional'
        ? [
            {
              command: new ModifyInstanceMetadataOptionsCommand({ InstanceId: id, HttpTokens: tokens }),
              says: `Let the metadata service of ${id} answer without a session token again.`,
            },
          ]
        : [],
  }),
});
