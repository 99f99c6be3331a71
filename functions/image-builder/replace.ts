import { carried, withoutEmpty } from '#shared/aws/whole.ts';
import type { AwsCommand, Change } from '#shared/control/types.ts';

/** How what AWS replaces as a whole is written back. */
export interface Replacing {
  /** The request, of what it shall hold. */
  request(members: object): AwsCommand;
  /** The member of the request that names the resource. */
  readonly id: string;
  /** What AWS shows of the resource beside what was written. */
  readonly answered: readonly string[];
}

interface Dated {
  readonly dateUpdated?: string | undefined;
  readonly dateCreated?: string | undefined;
}

/** Why nothing is written, in sentences for a person: what is not sent is gone, and what Redress does not know it cannot send. */
export function obstaclesIn(resource: object, { request, answered }: Replacing): string[] {
  const { unknown } = carried(resource, request({}), answered);
  if (unknown.length === 0) return [];
  const names = unknown.map((name) => `\`${name}\``).join(' and ');
  return [
    `Redress changes nothing here: AWS shows ${names}, which this version of Redress cannot write back, and an update without it may remove it.`,
  ];
}

/** The change that replaces a resource by one that differs in `edits` alone. */
export function replacing(id: string, resource: object & Dated, edits: object, how: Replacing, says: string): Change {
  const { members } = carried(resource, how.request({}), how.answered);
  const { dateUpdated, dateCreated } = resource;
  return {
    command: how.request(withoutEmpty({ [how.id]: id, ...members, ...edits })),
    says,
    // of another state another token: AWS answers the same one without doing anything
    step: `${id} of ${dateUpdated ?? dateCreated ?? 'the first'}`,
  };
}
