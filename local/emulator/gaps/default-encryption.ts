import { stringAt } from '../../json.ts';
import { ec2Answer, parseAnswer } from '../ec2-xml.ts';
import type { Additions } from './addition.ts';
import { withBaselines } from './volumes.ts';

// How AWS names the default key as long as nobody chose another.
const awsManagedKey = 'alias/aws/ebs';

/** EBS encryption by default: moto does not return the default key; `python/sitecustomize.py` has it obey the switch. */
export function defaultEncryption(): Additions {
  const chosenKeys = new Map<string, string>();
  return {
    async 'ec2:GetEbsDefaultKmsKeyId'(call, { requestId }) {
      return ec2Answer(call.action, { kmsKeyId: chosenKeys.get(call.region) ?? awsManagedKey }, requestId);
    },
    async 'ec2:ModifyEbsDefaultKmsKeyId'(call, { forward }) {
      const answer = await forward(call);
      const key = answer.status < 400 ? stringAt(parseAnswer(answer.body), 'kmsKeyId') : undefined;
      if (key !== undefined) chosenKeys.set(call.region, key);
      return answer;
    },
    async 'ec2:ResetEbsDefaultKmsKeyId'(call, { moto, requestId }) {
      await moto.ec2('ModifyEbsDefaultKmsKeyId', { KmsKeyId: awsManagedKey }, call.region);
      chosenKeys.delete(call.region);
      return ec2Answer(call.action, { kmsKeyId: awsManagedKey }, requestId);
    },
    async 'ec2:CreateVolume'(call, { forward }) {
      return withBaselines(await forward(call));
    },
  };
}
