import { listAt, stringAt } from '../../json.ts';
import type { AwsError } from '../aws-error.ts';
import type { MotoClient } from '../moto-client.ts';

// Such as `resolve:ssm:/golden/web:3`.
const alias = /^resolve:ssm:(.+)$/;

/** The AMI that a parameter of Parameter Store names, or EC2's refusal; what is no alias is itself. */
export async function resolveImage(moto: MotoClient, imageId: string, region: string): Promise<string | AwsError> {
  const name = alias.exec(imageId)?.[1];
  if (name === undefined) return imageId;
  const answer = await moto.json('ssm', 'GetParameters', { Names: [name] }, region);
  const parameter = listAt(answer, 'Parameters')[0];
  if (parameter === undefined) return { code: 'SsmInvalidParameter', message: `The following aliases are invalid: ${name}` };
  // Amazon's own have the right type on AWS; moto's are plain texts.
  if (stringAt(parameter, 'DataType') !== 'aws:ec2:image' && !name.startsWith('/aws/')) {
    const message = 'Unsupported data type. The following parameter data types are supported: aws:ec2:image';
    return { code: 'SsmInvalidParameter', message };
  }
  return stringAt(parameter, 'Value') ?? '';
}
