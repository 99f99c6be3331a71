import type { Instance } from '@aws-sdk/client-ec2';
import { code, option } from '#shared/control/command.ts';
import { allTags, tagOf } from '#shared/control/tag.ts';

/** What launched an instance, by tags that only AWS sets. */
export interface Source {
  readonly group: string | undefined;
  readonly template: string | undefined;
}

/** The Auto Scaling group that launched an instance, and the launch template that it came from. */
export function sourceOf({ Tags }: Instance): Source {
  const tags = allTags(Tags);
  return { group: tagOf(tags, 'aws:autoscaling:groupName'), template: tagOf(tags, 'aws:ec2launchtemplate:id') };
}

/** How a person has a group launch other instances; nothing for an instance that none launched. */
export function atGroup({ group, template }: Source): string[] {
  if (!group) return [];
  const refresh = `aws autoscaling start-instance-refresh ${option('auto-scaling-group-name', group)}`;
  return [
    `The Auto Scaling group ${group} launched it, and its next instances will be the same. Set it in ${template ? `the launch template ${template}` : 'the launch template of the group'}, then have the group replace its instances: ${code(refresh)}.`,
  ];
}
