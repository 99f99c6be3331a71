import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import type { Permission } from '#shared/control/control.ts';
import type { Tag, Taggable } from './taggable.ts';

const named = { Null: { 'aws:TagKeys': 'false' } };

/** EC2's tag calls for one type of resource, named as in its ARN, such as `volume`. */
export function ec2TagCommands(
  resource: string,
): Pick<Taggable, 'set' | 'unset'> & { permissions: Pick<Taggable['permissions'], 'set' | 'unset'> } {
  const arn = `arn:{partition}:ec2:{region}:{account}:${resource}/*`;
  // DeleteTags without keys would remove every tag
  const permission = (action: string): Permission => ({ action, resource: arn, conditions: named });
  return {
    set: (id: string, tags: readonly Tag[]) => new CreateTagsCommand({ Resources: [id], Tags: [...tags] }),
    unset: (id: string, keys: readonly string[]) => new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) }),
    permissions: { set: permission('ec2:CreateTags'), unset: permission('ec2:DeleteTags') },
  };
}
