import { classify } from '#shared/aws/errors.ts';
import type { Loader } from '#shared/control/control.ts';
import type { KindTags } from '#shared/control/kind.ts';
import { allTags, type Tag } from '#shared/control/tag.ts';

/** The tags of CloudFormation stacks, by id or name; a stack that is gone is absent. */
const stackTags: Loader<readonly Tag[]> = {
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

/** How a kind's owner control learns the creator tag of a stack. */
export const stacks: NonNullable<KindTags<unknown>['stacks']> = {
  tags: stackTags,
  reads: [{ action: 'cloudformation:DescribeStacks' }],
};
