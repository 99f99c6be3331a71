import { GetImageCommand } from '@aws-sdk/client-imagebuilder';
import { classify } from '#shared/aws/errors.ts';
import type { Permission, Place, Reader } from '#shared/control/types.ts';

const PUBLIC = '/aws/service/';

/** What Image Builder has of whoever it is: AWS's own, and what others share. */
export const anyOwners = 'arn:{partition}:imagebuilder:{region}:*:*';

/** What it takes to find the AMI that a recipe builds from. Parameters of the account are not read, for they hold anything. */
export const parentReads: readonly Permission[] = [
  // AWS's own images, and those of other accounts, can be parents too
  { action: 'imagebuilder:GetImage', resource: anyOwners },
  { action: 'ssm:GetParameter', resource: `arn:{partition}:ssm:{region}::parameter${PUBLIC}*` },
];

/**
 * Finds the AMI behind `parentImage`: its id, an image of Image Builder, whose version may have an `x`, or a public parameter.
 * What cannot be resolved is answered as it is.
 * https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateImageRecipe.html
 */
export async function parentOf(parentImage: string, read: Reader, place: Place): Promise<string> {
  if (parentImage.startsWith('ami-')) return parentImage;
  return (await resolved(parentImage, read, place).catch(unlessBusy)) ?? parentImage;
}

async function resolved(parent: string, read: Reader, { region }: Place): Promise<string | undefined> {
  if (/^arn:[^:]+:imagebuilder:[^:]*:[^:]*:image\//.test(parent)) {
    const { image } = await read(new GetImageCommand({ imageBuildVersionArn: parent }));
    return image?.outputResources?.amis?.find((one) => one.region === region)?.image;
  }
  const name = /^(?:ssm:|arn:[^:]+:ssm:[^:]*::parameter)(\/.*)$/.exec(parent)?.[1];
  if (!name?.startsWith(PUBLIC)) return undefined;
  // few recipes name one
  const { GetParameterCommand } = await import('@aws-sdk/client-ssm');
  const { Parameter } = await read(new GetParameterCommand({ Name: name }));
  return Parameter?.Value?.startsWith('ami-') ? Parameter.Value : undefined;
}

/** What AWS does not show is an answer; AWS that is busy is none. */
function unlessBusy(error: unknown): undefined {
  const what = classify(error);
  if (what === 'throttled' || what === 'unavailable' || what === 'defect') throw error;
  return undefined;
}
