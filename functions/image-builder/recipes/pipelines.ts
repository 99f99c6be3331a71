import {
  GetImagePipelineCommand,
  type ImagePipeline,
  ListImagePipelinesCommand,
  UpdateImagePipelineCommand,
} from '@aws-sdk/client-imagebuilder';
import { oneByOne } from '#shared/aws/loaders.ts';
import { asWritten, whole } from '#shared/aws/whole.ts';
import type { Permission, Reader } from '#shared/control/types.ts';
import { pageOf, reading } from '../builder.ts';
import type { Replacing } from '../replace.ts';

const Update = asWritten(UpdateImagePipelineCommand);

/** What it takes to know which pipelines build from a recipe. */
export const pipelineReads: readonly Permission[] = [{ action: 'imagebuilder:ListImagePipelines' }, reading('GetImagePipeline')];

/** How a pipeline is written back. */
export const updatingPipeline: Replacing = {
  // what AWS shows is what it takes
  request: (members) => new Update(members as UpdateImagePipelineCommand['input']),
  id: 'imagePipelineArn',
  answered: [
    'arn',
    'name',
    'platform',
    'dateCreated',
    'dateUpdated',
    'dateLastRun',
    'dateNextRun',
    'lastRunStatus',
    'consecutiveFailures',
    'tags',
  ],
};

const pipelinesByArn = oneByOne(
  'image pipelines',
  (imagePipelineArn) => whole(new GetImagePipelineCommand({ imagePipelineArn })),
  ({ imagePipeline }) => imagePipeline,
);

/** The pipelines of the account that satisfy a test, and those that are named, each as it is now: the list lags behind. */
export async function pipelinesWhere(
  test: (pipeline: ImagePipeline) => boolean,
  named: readonly string[],
  read: Reader,
): Promise<readonly ImagePipeline[]> {
  const listed: string[] = [];
  let from: string | undefined;
  do {
    const { items, next } = await pageOf(
      read,
      (page) => new ListImagePipelinesCommand(page),
      ({ imagePipelineList }) => imagePipelineList,
      from,
    );
    listed.push(...items.flatMap((one) => (one.arn && test(one) ? [one.arn] : [])));
    from = next;
  } while (from);
  const found = await read.many(pipelinesByArn, [...new Set([...listed, ...named])]);
  return [...found.values()].filter(test);
}
