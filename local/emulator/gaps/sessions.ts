import type { HttpAnswer } from '../../http.ts';
import { stringAt } from '../../json.ts';
import type { Callers } from '../../trail/callers.ts';
import type { Caller } from '../../trail/identity.ts';
import { parseAnswer } from '../ec2-xml.ts';
import type { Addition, Additions } from './addition.ts';

/** What names the parameters of a call of STS. */
interface Parameters {
  get(name: string): string | null | undefined;
}

/** Temporary credentials: whoever calls with them shows in records as the session that they are of. */
export function sessions(callers: Callers): Additions {
  const noting: Addition = async (call, { forward, caller }) => {
    const answer = await forward(call);
    noteSession(callers, call.query, answer, caller);
    return answer;
  };
  return { 'sts:AssumeRole': noting, 'sts:GetSessionToken': noting };
}

/** Remembers whose the credentials of an answer are: a role's session, or else another one of whoever asked. */
export function noteSession(callers: Callers, query: Parameters, answer: HttpAnswer, asking?: Caller): void {
  const action = query.get('Action') ?? '';
  const accessKeyId = answer.status < 400 && stringAt(parseAnswer(answer.body), `${action}Result`, 'Credentials', 'AccessKeyId');
  if (!accessKeyId) return;
  const roleArn = query.get('RoleArn');
  const name = query.get('RoleSessionName') ?? action;
  const sourceIdentity = query.get('SourceIdentity') ?? undefined;
  const caller: Caller | undefined = roleArn ? { kind: 'role', name, roleArn, since: new Date(), sourceIdentity } : asking;
  if (caller) callers.assume(accessKeyId, caller);
}
