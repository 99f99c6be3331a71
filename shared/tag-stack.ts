import type { Loader, Permission } from './control.ts';
import { classify } from './errors.ts';
import { allTags, type Tag } from './taggable.ts';

/** What it takes to read a stack's tags. */
export const stackReads: readonly Permission[] = [{ action: 'cloudformation:DescribeStacks' }];

/** The tags of CloudFormation stacks, by id or name; a stack that is gone, or that Redress may not look at, is absent. */
export const stackTags: Loader<readonly Tag[]> = {
  name: 'tags of stacks',
  // the API takes one name
  max: 1,
  load: async ([id], read) => {
    if (id === undefined) return new Map();
    // loaded only for what a stack made: most batches never need it
    const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
    try {
      const { Stacks = [] } = await read(new DescribeStacksCommand({ StackName: id }));
      return new Map(Stacks.slice(0, 1).map((stack) => [id, allTags(stack.Tags)]));
    } catch (error) {
      const what = classify(error);
      // CloudFormation answers ValidationError for a stack that is not there
      if (what === 'missing' || what === 'refused') return new Map();
      throw error;
    }
  },
};
