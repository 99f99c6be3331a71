import { stringAt } from '../../json.ts';
import type { Callers } from '../../trail/callers.ts';
import { parseAnswer } from '../ec2-xml.ts';
import type { Addition, Additions } from './addition.ts';

/** Temporary credentials: whoever calls with them shows in records as the session that they are of. */
export function sessions(callers: Callers): Additions {
  const assuming: Addition = async (call, { forward }) => {
    const answer = await forward(call);
    const accessKeyId = stringAt(parseAnswer(answer.body), `${call.action}Result`, 'Credentials', 'AccessKeyId');
    const [roleArn, name] = [call.query.get('RoleArn'), call.query.get('RoleSessionName') ?? call.action];
    if (answer.status < 400 && accessKeyId !== undefined && roleArn !== undefined)
      callers.assume(accessKeyId, { kind: 'role', name, roleArn, since: new Date(), sourceIdentity: call.query.get('SourceIdentity') });
    return answer;
  };
  return {
    'sts:AssumeRole': assuming,
    'sts:AssumeRoleWithSAML': assuming,
    'sts:AssumeRoleWithWebIdentity': assuming,
    async 'sts:GetSessionToken'(call, { forward, caller }) {
      const answer = await forward(call);
      const accessKeyId = stringAt(parseAnswer(answer.body), 'GetSessionTokenResult', 'Credentials', 'AccessKeyId');
      if (answer.status < 400 && accessKeyId !== undefined) callers.assume(accessKeyId, caller);
      return answer;
    },
  };
}
