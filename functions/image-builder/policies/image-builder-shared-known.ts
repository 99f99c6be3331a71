import { defineControl, type Verdict } from '#shared/control/control.ts';
import { trustedAccounts, trustedOrganizations } from '#shared/control/trusted.ts';
import { policies } from './kind.ts';
import { EVERYBODY, strangersIn } from './strangers.ts';

/** Undefined where the policy cannot be read. */
type Facts = { readonly strangers: readonly string[] | undefined };

export default defineControl(policies, {
  id: 'image-builder-shared-known',
  title: 'Image Builder’s components, recipes and images are shared with known accounts only',
  why: 'Whoever a component or recipe is shared with reads its text. Whoever an image is shared with builds on it, with what is on its disks.',
  remediation: 'Reports only; changes nothing. Names the accounts, and how sharing ends.',
  severity: 'high',
  defaultMode: 'observe',
  // no call takes a policy back, and a share of AWS RAM belongs to that
  maxMode: 'observe',
  triggers: [
    ...policies.created,
    // [U] how AWS RAM's records name what is shared; other shares start nothing
    {
      eventSource: 'ram.amazonaws.com',
      eventNames: ['CreateResourceShare', 'AssociateResourceShare'],
      where: { requestParameters: { resourceArns: [{ wildcard: 'arn:*:imagebuilder:*' }] } },
    },
  ],
  common: { trustedAccounts, trustedOrganizations },
  isIdle: (settings) => settings.trustedAccounts.length === 0,
  references: [
    'https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-shared-resources-share.html',
    'https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing-update.html',
  ],
  iac: {
    cloudFormation:
      'remove the account from `Principals` of the AWS::RAM::ResourceShare, or the resource from its `ResourceArns`. Image Builder itself has no type for a policy.',
    terraform: 'remove the aws_ram_principal_association of the account, or the aws_ram_resource_association of the resource.',
    cdk: 'remove the account from `principals` of the ram.CfnResourceShare, or the resource from its `resourceArns`.',
  },
  prevention: {
    scp: [
      {
        actions: ['ram:CreateResourceShare', 'ram:UpdateResourceShare'],
        conditions: { Bool: { 'ram:RequestedAllowsExternalPrincipals': 'true' } },
      },
    ],
    breaks:
      'Nothing at all can be shared through AWS RAM with accounts outside the organization. The calls of Image Builder that write a policy are not stopped.',
    references: ['https://docs.aws.amazon.com/ram/latest/userguide/scp.html'],
  },
  reportsManaged: true,

  inspectOne({ text }, _read, { account, settings }): Facts {
    try {
      return {
        strangers: text === undefined ? [] : strangersIn(text, [account, ...settings.trustedAccounts, ...settings.trustedOrganizations]),
      };
    } catch (error) {
      if (error instanceof SyntaxError) return { strangers: undefined };
      throw error;
    }
  },

  // where only other places name accounts, nobody is a stranger
  judge({ strangers }, { settings }): Verdict {
    if (strangers === undefined)
      return { is: 'violation', severity: 'medium', says: 'Its policy cannot be read, so nobody knows whom it is shared with.' };
    if (strangers.length === 0 || settings.trustedAccounts.length === 0)
      return { is: 'compliant', says: 'It is shared with nobody that the settings do not name.' };
    const isPublic = strangers.includes(EVERYBODY);
    return {
      is: 'violation',
      ...(isPublic && { severity: 'critical' as const }),
      says: isPublic ? `It is shared with ${EVERYBODY}.` : `It is shared with ${strangers.join(' and ')}, which the settings do not name.`,
      advice: [
        'If it is meant to be, add the account to `trustedAccounts`, or the organization to `trustedOrganizations`.',
        'Find the share: `aws ram list-resources --resource-owner SELF`. End it: `aws ram disassociate-resource-share --resource-share-arn SHARE --principals ACCOUNT`.',
        'A policy that was put without a share is replaced by one that names nobody else: Image Builder has no call that deletes one.',
      ],
    };
  },

  before: ({ strangers }) => ({ strangers: strangers ?? [] }),
});
