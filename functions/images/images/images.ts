import { DescribeImagesCommand, type Filter, type Image } from '@aws-sdk/client-ec2';
import { onePage, pages } from '#shared/aws/pages.ts';
import type { Part, Reader } from '#shared/control/types.ts';

/** CloudFormation has no such type; EC2's own name for an image. */
export const IMAGE = 'AWS::EC2::Image';

/** Asks for images of this account alone; without the flags AWS hides what nobody else may launch any more. */
export function ownImages(input: DescribeImagesCommand['input']): DescribeImagesCommand {
  return new DescribeImagesCommand({ Owners: ['self'], IncludeDeprecated: true, IncludeDisabled: true, ...input });
}

/** Every image of this account under the filters. */
export function imagesWhere(Filters: Filter[], read: Reader): Promise<Image[]> {
  return pages(
    read,
    (token) => ownImages({ Filters, ...token }),
    ({ Images }) => Images,
  );
}

/** A part of the images under the filters, as targets. */
export async function pageOfImages(Filters: Filter[], read: Reader, from: string | undefined): Promise<Part<{ type: string; id: string }>> {
  const page = (token: object) => ownImages({ Filters, MaxResults: 500, ...token });
  const { items, ...rest } = await onePage(read, page, ({ Images }) => Images, from);
  return { ...rest, items: items.flatMap(({ ImageId }) => (ImageId ? [{ type: IMAGE, id: ImageId }] : [])) };
}
