import type { Image } from '@aws-sdk/client-ec2';
import { allTags, tagOf } from '#shared/control/tag.ts';

/** The longest name of an image. */
const LONGEST = 128;

/** The name of an encrypted copy: an account has each name once, so it ends with the id of the original. */
export function copyName({ Name = '', ImageId = '' }: Image): string {
  const end = ` encrypted (${ImageId})`;
  return `${Name.slice(0, LONGEST - end.length)}${end}`.trim();
}

/** The service that keeps an image as a backup and restores it by its id, as only AWS writes it; a copy would serve nobody. */
export function keeperOf({ Tags }: Image): { readonly says: string; readonly advice: string } | undefined {
  const tags = allTags(Tags);
  const policy = tagOf(tags, 'aws:dlm:lifecycle-policy-id');
  if (policy !== undefined)
    return {
      says: `The policy ${policy} of Amazon Data Lifecycle Manager keeps the image, and deletes it in time.`,
      advice: 'Encrypt the volumes of the instance: its later images are encrypted like them.',
    };
  if (!tags.some(({ Key }) => Key.startsWith('aws:backup:'))) return undefined;
  return {
    says: 'AWS Backup keeps the image as a recovery point, and restores it by its id.',
    advice: 'Encrypt the volumes of the instance: its later recovery points are encrypted like them.',
  };
}
