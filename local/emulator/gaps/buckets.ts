import type { HttpAnswer } from '../../http.ts';
import { readError } from '../aws-error.ts';
import { xmlAnswer } from '../ec2-xml.ts';
import type { Additions } from './addition.ts';

/** Every bucket encrypts since 2023; moto says so only where somebody set it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html */
export const buckets: Additions = {
  async 's3:GetBucketEncryption'(call, { forward }): Promise<HttpAnswer> {
    const answer = await forward(call);
    if (readError(answer)?.code !== 'ServerSideEncryptionConfigurationNotFoundError') return answer;
    const byDefault = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: 'false' };
    return xmlAnswer(200, { ServerSideEncryptionConfiguration: { Rule: byDefault } });
  },
};
