/** Why no control looks at these calls of EC2, which can make or change VPCs and their encryption controls. */
export const unwatched: { readonly [why: string]: readonly string[] } = {
  'It moves an encryption control between its two modes, and a VPC is monitored in both.': ['ModifyVpcEncryptionControl'],
  'It is about every VPC of the account, and what it makes of one shows later: the sweep sees it.': ['ModifyAccountVpcEncryptionControl'],
  'It changes nothing that a control of VPCs judges.': [
    'AssociateVpcCidrBlock',
    'DeleteVpc',
    'DisassociateVpcCidrBlock',
    'ModifyVpcAttribute',
    'ModifyVpcTenancy',
  ],
};
