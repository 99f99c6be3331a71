/** Why no control looks at these calls of EC2, which can make or change groups and their rules, or only name them. */
export const unwatched: { readonly [why: string]: readonly string[] } = {
  'It opens nothing; what it closes, the next sweep sees.': [
    'DeleteSecurityGroup',
    'DisassociateSecurityGroupVpc',
    'RevokeSecurityGroupEgress',
    'RevokeSecurityGroupIngress',
  ],
  'It puts a group to use and changes none of its rules: an open one was found when it was opened.': [
    'ApplySecurityGroupsToClientVpnTargetNetwork',
    'AssociateSecurityGroupVpc',
    'CreateClientVpnEndpoint',
    'CreateInstanceConnectEndpoint',
    'CreateLaunchTemplate',
    'CreateLaunchTemplateVersion',
    'CreateVerifiedAccessEndpoint',
    'CreateVpcEndpoint',
    'ModifyClientVpnEndpoint',
    'ModifyInstanceConnectEndpoint',
    'ModifyVerifiedAccessEndpoint',
    'RequestSpotInstances',
    'RunInstances',
    'RunScheduledInstances',
  ],
  'It is about something else that names groups, and no group.': [
    'CreateApplicationStatusCheck',
    'DeleteInstanceConnectEndpoint',
    'DeleteVerifiedAccessEndpoint',
    'ModifyApplicationStatusCheck',
    'ValidateSecurityGroupQuotasForInterface',
  ],
};
