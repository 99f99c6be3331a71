import type { Image } from '@aws-sdk/client-ec2';
import { code, option } from '#shared/control/command.ts';
import { allTags, tagOf } from '#shared/control/tag.ts';
import type { Place } from '#shared/control/types.ts';

/** The tag in which EC2 Image Builder names the image that an AMI is of; anybody can set it, so it only says where to look. */
const MARK = 'Ec2ImageBuilderArn';

/** Whether an AMI bears the mark of EC2 Image Builder. */
export function isMarked({ Tags }: Image): boolean {
  return tagOf(allTags(Tags), MARK) !== undefined;
}

/** The recipe that an AMI was built from, by its mark: an image has the name and the version of its recipe. */
export function recipeOf({ Tags }: Image, place: Place): string | undefined {
  return builtAs(tagOf(allTags(Tags), MARK), place)?.recipe;
}

/** How a person finds the distribution configuration that shared an AMI, by its mark. */
export function distributionOf({ Tags }: Image, place: Place): string | undefined {
  const built = builtAs(tagOf(allTags(Tags), MARK), place);
  if (!built) return undefined;
  const show = `aws imagebuilder get-image ${option('image-build-version-arn', built.image)} --query image.distributionConfiguration.arn`;
  return `Its distribution configuration: ${code(show)}. \`distribution-private\` removes \`all\` there.`;
}

function builtAs(mark = '', { account }: Place): { readonly image: string; readonly recipe: string } | undefined {
  const form = /^(arn:[a-z-]+:imagebuilder:[a-z0-9-]+:(\d{12})):image\/([a-z0-9_-]+\/\d+\.\d+\.\d+)\/\d+$/;
  const [image, service, owner, of] = form.exec(mark) ?? [];
  return image !== undefined && owner === account ? { image, recipe: `${service}:image-recipe/${of}` } : undefined;
}
