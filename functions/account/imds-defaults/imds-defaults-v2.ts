import { GetInstanceMetadataDefaultsCommand, ModifyInstanceMetadataDefaultsCommand } from '@aws-sdk/client-ec2';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { type ImdsDefaults, imdsDefaults } from './kind.ts';

type Facts = ImdsDefaults & { readonly isEnforced: boolean };

/** What containers need: the answer to a request for a token takes one hop more to reach them. */
const HOPS = 2;
/** What breaks once tokens are required where somebody chose one hop. */
const ONE_HOP = 'The default hop limit is 1, so containers on new instances would get no token';
const guide = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html';

export default defineControl(imdsDefaults, {
  id: 'imds-defaults-v2',
  title: 'New instances demand IMDSv2 by default',
  why: 'Under IMDSv1 whoever makes an application fetch a URL can read the credentials of the instance. The default reaches each launch that says nothing of it.',
  remediation:
    'Makes session tokens required by default, and lets them travel two hops where the account has no preference. Running instances stay as they are; software of old AMIs may need IMDSv1.',
  severity: 'medium',
  defaultMode: 'approve',
  triggers: [...imdsDefaults.created],
  sweep: { every: '1 day', atDeployment: true },
  permissions: { writes: [{ action: 'ec2:ModifyInstanceMetadataDefaults' }] },
  references: [guide, 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html'],
  iac: {
    cloudFormation: 'has no type for it: a custom resource can call `ModifyInstanceMetadataDefaults`.',

    terraform:
      'have an aws_ec2_instance_metadata_defaults with `http_tokens = "required"` and `http_put_response_hop_limit = 2` in each Region.',
  },
  prevention: {
    // [U] whether it takes numbers too: AWS's own example has text
    declarative: {
      instance_metadata_defaults: { http_tokens: { '@@assign': 'required' }, http_put_response_hop_limit: { '@@assign': String(HOPS) } },
    },
    breaks: 'Software on new instances that asks without a token fails, unless the launch or its AMI says that tokens are optional.',
    references: [guide, 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html'],
  },

  async inspectOne({ state }, read): Promise<Facts> {
    const { AccountLevel } = await read(new GetInstanceMetadataDefaultsCommand({}));
    return { ...state, isEnforced: AccountLevel?.HttpTokensEnforced === 'enabled' };
  },

  judge: ({ tokens, hopLimit, isEnforced }): Verdict =>
    tokens === 'required'
      ? { is: 'compliant', says: 'New instances demand session tokens by default.' }
      : {
          is: 'violation',
          says: `New instances that say nothing of it ${tokens === null ? 'may get' : 'get'} a metadata service that answers without a session token.${isEnforced ? ' Launches that do not require tokens fail, because HttpTokensEnforced is on.' : ''}`,
          advice: [
            'Before you approve: find out whether software on new instances asks without a token, with the metric MetadataNoToken of AWS/EC2.',
            ...(hopLimit === 1 ? [`${ONE_HOP}: set \`HttpPutResponseHopLimit\` to ${HOPS} first where there are any.`] : []),
          ],
        },

  // never `HttpTokensEnforced`, which has launches fail
  plan({ hopLimit }): Plan {
    const isSilent = hopLimit === null;
    return {
      changes: [
        {
          command: new ModifyInstanceMetadataDefaultsCommand({
            HttpTokens: 'required',
            // what somebody chose stays: some networks of containers need three hops
            ...(isSilent && { HttpPutResponseHopLimit: HOPS }),
          }),
          says: `Make session tokens required by default for new instances${isSilent ? `, with a hop limit of ${HOPS}` : ''}.`,
        },
      ],
      ...(hopLimit === 1 && { needsApproval: `${ONE_HOP}.` }),
    };
  },

  before: ({ tokens, hopLimit }): ImdsDefaults => ({ tokens, hopLimit }),
});
