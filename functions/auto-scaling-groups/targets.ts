import { type Made, madeWith } from '#shared/control/actor.ts';
import type { Place, Target } from '#shared/control/control.ts';
import { isByMaker } from '#shared/control/kind.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { LAUNCH_TEMPLATE, templateOf } from '#shared/launch/template.ts';
import { autoScalingGroups } from './kind.ts';

/** The group that a record is about, or the launch template that stands for the groups that follow it. */
export function groupsOrTemplate(record: CloudTrailRecord, place: Place): Target<Made>[] {
  const template = record.eventSource === 'ec2.amazonaws.com' ? templateOf(record) : undefined;
  // whoever changes a template need not have made the group
  if (template) return [{ type: LAUNCH_TEMPLATE, id: template }];
  const groups = autoScalingGroups.targets(record, place);
  return groups.map((target) => ({ ...target, ...(isByMaker(autoScalingGroups, record) && { hint: madeWith(record) }) }));
}
