import type { Denial } from '#shared/control/prevention.ts';

/** Keeps encryption by default on where it is on: then all that is launched is encrypted, whatever a template says. */
export const keepsDefaultEncryption: Denial = { actions: ['ec2:DisableEbsEncryptionByDefault'] };

/**
 * Refuses unencrypted volumes at calls that make them. `ec2:CopyVolumes` has the key too, but AWS does not say whether it
 * judges the copy or its source, and a copy is how a volume is encrypted.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export function refusesUnencrypted(...actions: readonly ('ec2:CreateVolume' | 'ec2:RunInstances')[]): Denial {
  return { actions, resources: ['arn:*:ec2:*:*:volume/*'], conditions: { Bool: { 'ec2:Encrypted': 'false' } } };
}

/** What a person should know of the condition before trusting it. */
export const UNTRIED =
  'AWS does not document how `ec2:Encrypted` reads where only encryption by default encrypts a volume: try it in one account first.';

/** AWS's pages for these denials. */
export const encryptionPages = {
  byDefault: 'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html',
  // its example of a policy that refuses unencrypted volumes
  refusal: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interface-vpc-endpoints.html',
  // service-linked roles and the management account are not bound
  scope: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html',
} as const;
