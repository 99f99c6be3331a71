import { createHash } from 'node:crypto';
import { partitionOf } from '#shared/aws/partition.ts';
import { MAX_TEMPLATE_BODY, textOf } from '../../infra/member.ts';
import type { Where } from '../deployment.ts';
import { Failure, trying } from '../failure.ts';
import { s3Client } from '../replay/s3.ts';
import type { Administrator } from './administrator.ts';
import type { Wanted } from './plan.ts';
import { setNames } from './stack-sets.ts';

/** Throws `Failure` for a template that is too long for a request where no bucket is named. */
export function checkSize({ part, template }: Wanted, bucket: string | undefined): void {
  const bytes = Buffer.byteLength(textOf(template));
  if (bytes > MAX_TEMPLATE_BODY && bucket === undefined)
    throw new Failure(
      `The template of ${setNames[part]} has ${bytes} bytes, more than the ${MAX_TEMPLATE_BODY} that CloudFormation takes in a request.`,
      {
        next: 'Name a bucket of this account with --bucket: the template is put there, and CloudFormation reads it from there once, with your credentials.',
        exitCode: 2,
      },
    );
}

/** How a request names the template: its text, or where it stands in a bucket of the caller's account. */
export async function templateArguments(
  wanted: Wanted,
  bucket: string | undefined,
  { account }: Administrator,
  where: Where,
): Promise<{ TemplateBody: string } | { TemplateURL: string }> {
  checkSize(wanted, bucket);
  const { part } = wanted;
  const text = textOf(wanted.template);
  if (bucket === undefined || Buffer.byteLength(text) <= MAX_TEMPLATE_BODY) return { TemplateBody: text };
  const [{ HeadBucketCommand, PutObjectCommand }, client] = await Promise.all([import('@aws-sdk/client-s3'), s3Client(where)]);
  // who could write there could give every member other roles
  const owned = { Bucket: bucket, ExpectedBucketOwner: account };
  const Key = `redress/${setNames[part]}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`;
  return await trying(
    `put the template of ${setNames[part]} into the bucket ${bucket}, which has to be of account ${account}`,
    async () => {
      const { BucketRegion = 'us-east-1' } = await client.send(new HeadBucketCommand(owned));
      await client.send(new PutObjectCommand({ ...owned, Key, Body: text, ContentType: 'application/json' }));
      const domain = partitionOf(BucketRegion) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
      return { TemplateURL: `https://s3.${BucketRegion}.${domain}/${bucket}/${Key}` };
    },
  );
}
