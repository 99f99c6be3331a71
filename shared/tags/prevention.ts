import type { Prevention } from '#shared/control/prevention.ts';
import type { Taggable } from './taggable.ts';

/**
 * Refuses calls that make a resource of a kind without a tag.
 * @param key may hold `{settings.…}`, as denials do
 */
export function taggedAtCreation({ created, tags }: Taggable, key: string): Prevention {
  // a call that can give no tags would be refused whatever it says
  const tagging = created.filter(({ takesTags }) => takesTags !== false);
  const actions = tagging.flatMap(({ eventSource, eventNames }) => eventNames.map((name) => `${eventSource.split('.')[0]}:${name}`));
  const resource = tags.permissions.set.resource?.replaceAll(/\{\w+\}/g, '*');
  // a new version of a parameter takes no tags: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
  const isVersioned = actions.includes('ssm:PutParameter');
  return {
    scp: [
      {
        actions: [...new Set(actions)],
        ...(resource && { resources: [resource] }),
        conditions: {
          Null: { [`aws:RequestTag/${key}`]: 'true' },
          ...(isVersioned && { StringNotEquals: { 'ssm:Overwrite': 'true' } }),
        },
      },
    ],
    breaks: [
      'Every call that makes one without the tag fails: in the console, in code that tags afterwards, and by services under a role of yours.',
      ...(isVersioned ? ['A parameter that is made with `Overwrite` is not refused.'] : []),
    ].join(' '),
    references: ['https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_tagging.html'],
  };
}

/** Why nothing keeps sensitive data out of tags. */
export const NO_LOOK_AT_VALUES = 'No policy of AWS recognises sensitive data; a tag policy can only list the values that a key may have.';
