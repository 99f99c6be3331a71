/** A statement of a policy of an organization; all of them deny. */
export interface Denial {
  readonly actions: readonly string[];
  /** ARNs with `*`; absent means every resource. */
  readonly resources?: readonly string[];
  /** `{settings.a.*.b}` stands for each value that this path of the control's settings has, in a denial of its own. */
  readonly conditions?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
}

/** The policies of an organization that make a mistake impossible, or the sentence that says why none does. */
export type Prevention =
  | { readonly none: string }
  | {
      readonly scp?: readonly Denial[];
      readonly rcp?: readonly Denial[];
      /** Attributes of an EC2 declarative policy, as they stand under `ec2_attributes`. */
      readonly declarative?: { readonly [attribute: string]: object };
      /** What stops working that was right, in a sentence or two. */
      readonly breaks: string;
      /** AWS's pages for the keys and attributes that it uses. */
      readonly references: readonly string[];
    };

/** The types of policy, what people call them, what Organizations calls them, and the longest document of each in bytes. */
export const policyTypes = {
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
  scp: { name: 'service control policy', type: 'SERVICE_CONTROL_POLICY', limit: 5120 },
  rcp: { name: 'resource control policy', type: 'RESOURCE_CONTROL_POLICY', limit: 5120 },
  declarative: { name: 'EC2 declarative policy', type: 'DECLARATIVE_POLICY_EC2', limit: 10_000 },
} as const;

/** A type of policy. */
export type PolicyType = keyof typeof policyTypes;

/** The types of policy that prevent a control's mistake; none where no policy does. */
export function policiesOf(prevention: Prevention | undefined): readonly PolicyType[] {
  if (!prevention || 'none' in prevention) return [];
  return (['scp', 'rcp', 'declarative'] as const).filter((type) => prevention[type] !== undefined);
}

/** A denial as a policy writes it, without the `Sid`; an RCP names the principal too. */
export function statementOf({ actions, resources = ['*'], conditions = {} }: Denial, type: 'scp' | 'rcp'): object {
  return {
    Effect: 'Deny',
    ...(type === 'rcp' && { Principal: '*' }),
    Action: actions,
    Resource: resources.length === 1 ? resources[0] : resources,
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  };
}
