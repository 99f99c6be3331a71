import type { Iac, TagCode, Written } from '#shared/control/iac.ts';
import { OWNER_KEY, OWNER_PREFIX } from './names.ts';

/** A type of CloudFormation with a list of tags, and its other properties that hold text. */
export function cloudFormationTags(type: string, ...texts: readonly string[]): Written {
  return {
    tag: (key, value) => `\`Tags: [{ Key: ${key}, Value: ${value} }]\` on the ${type}`,
    texts: `${listed('Tags', ...texts)} of the ${type}, or of the tags of the stack`,
  };
}

/** A resource of Terraform with a map of tags, and its other arguments that hold text. */
export function terraformTags(resource: string, ...texts: readonly string[]): Written {
  return {
    tag: (key, value) => `\`tags = { "${key}" = "${value}" }\` on the ${resource}`,
    texts: `${listed('tags', ...texts)} of the ${resource}, or of \`default_tags\` of the provider`,
  };
}

/** How code gives a resource a tag. */
export function tagging({ cloudFormation, terraform, cdk }: TagCode, key = 'KEY', value = 'VALUE'): Required<Omit<Iac, 'kubernetes'>> {
  return {
    about: 'tags',
    cloudFormation: `set ${cloudFormation.tag(key, value)}.`,
    terraform: `set ${terraform.tag(key, value)}.`,
    cdk: cdk?.tag ? `set ${cdk.tag(key, value)}.` : `call \`Tags.of(construct).add('${key}', '${value}')\`${cdk?.besides ?? ''}.`,
  };
}

/** How code names an owner, which Redress keeps, and what Terraform needs so that it keeps what Redress names. */
export function owning(code: TagCode): Iac {
  const { cloudFormation, cdk } = tagging(code, OWNER_KEY, 'OWNER');
  const another = (way: string) => `to name another owner, ${way} Redress keeps what is there.`;
  return {
    about: 'owner',
    cloudFormation: another(cloudFormation),
    terraform: `set \`${ignoreTags(OWNER_PREFIX)}\` in the provider, or the next apply removes the tags.`,
    cdk: another(cdk),
  };
}

/** How code removes sensitive text. */
export function cleaning({ cloudFormation, terraform, cdk }: TagCode): Iac {
  return {
    about: 'text',
    cloudFormation: `remove it from ${cloudFormation.texts}.`,
    terraform: `remove it from ${terraform.texts}.`,
    cdk: cdk?.tag
      ? `remove it from ${cdk.texts}.`
      : `remove the \`Tags.of(…).add(…)\` that adds it${cdk?.texts ? `, or remove it from ${cdk.texts}` : ''}.`,
  };
}

/** What makes Terraform's provider keep tags that it did not set. */
export function ignoreTags(prefix: string): string {
  return `ignore_tags { key_prefixes = ["${prefix}"] }`;
}

function listed(...names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
