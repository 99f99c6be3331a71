import { MEMBER_PATH } from '#shared/finding/names.ts';
import type { HttpAnswer } from '../../http.ts';
import { at, listAt, parseJson, stringAt } from '../../json.ts';
import type { Callers } from '../../trail/callers.ts';
import { accountOf, type Caller, callerArn } from '../../trail/identity.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import { parseAnswer } from '../ec2-xml.ts';
import type { MotoClient } from '../moto-client.ts';
import { statementsIn } from '../session-policies.ts';
import type { Addition, Additions } from './addition.ts';

/** What names the parameters of a call of STS. */
interface Parameters {
  get(name: string): string | null | undefined;
}

/** Temporary credentials: whoever calls with them shows in records as the session that they are of. */
export function sessions(callers: Callers): Additions {
  const noting: Addition = async (call, { forward, caller }) => {
    const answer = await forward(call);
    noteSession(callers, call.query, answer, { ...call, caller });
    return answer;
  };
  const trusted: Addition = async (call, around) => {
    const role = call.query.get('RoleArn') ?? '';
    if (!role.includes(`:role${MEMBER_PATH}`) || (await isTrusted(role, call, around.caller, around.moto, callers)))
      return noting(call, around);
    const message = `User: ${callerArn(around.caller)} is not authorized to perform: sts:AssumeRole on resource: ${role}`;
    return errorAnswer(call, { code: 'AccessDenied', message, status: 403 }, around.requestId);
  };
  return { 'sts:AssumeRole': trusted, 'sts:GetSessionToken': noting };
}

/** Whether the role of a member is there and trusts who calls; moto makes sessions of any role, also of one that is not there. */
async function isTrusted(arn: string, { region }: AwsCall, caller: Caller, moto: MotoClient, callers: Callers): Promise<boolean> {
  const account = arn.split(':')[4] ?? '';
  const RoleName = arn.slice(arn.lastIndexOf('/') + 1);
  const answer = await moto.in(account).query('iam', 'GetRole', { Version: '2010-05-08', RoleName }, region);
  const role = at(parseAnswer(answer.body), 'GetRoleResult', 'Role');
  if (answer.status >= 400 || stringAt(role, 'Arn') !== arn) return false;
  const keys: { readonly [key: string]: string | undefined } = {
    'aws:PrincipalArn': caller.kind === 'user' ? callerArn(caller) : caller.roleArn,
    'aws:PrincipalOrgID': callers.organizationOf(accountOf(caller)),
    'aws:ResourceOrgID': callers.organizationOf(account),
  };
  const filled = (text: string) => text.replace(/\$\{([\w:]+)\}/g, (_all, key: string) => keys[key] ?? 'nothing');
  const trust = parseJson(decodeURIComponent(stringAt(role, 'AssumeRolePolicyDocument') ?? ''));
  return listAt(trust, 'Statement').some((statement) => {
    const conditions = Object.values(Object(at(statement, 'Condition'))).flatMap((tests) => Object.entries<unknown>(Object(tests)));
    return (
      stringAt(statement, 'Principal', 'AWS') === `arn:aws:iam::${accountOf(caller)}:root` &&
      conditions.every(([key, value]) => keys[key] !== undefined && keys[key] === filled(String(value)))
    );
  });
}

/** Remembers whose the credentials of an answer are: a role's session, or else another one of whoever asked. */
export function noteSession(
  callers: Callers,
  query: Parameters,
  answer: HttpAnswer,
  asking?: { readonly caller: Caller; readonly accessKeyId: string },
): void {
  const action = query.get('Action') ?? '';
  const accessKeyId = answer.status < 400 && stringAt(parseAnswer(answer.body), `${action}Result`, 'Credentials', 'AccessKeyId');
  if (!accessKeyId) return;
  const roleArn = query.get('RoleArn');
  const name = query.get('RoleSessionName') ?? action;
  const sourceIdentity = query.get('SourceIdentity') ?? undefined;
  const policy = statementsIn(query.get('Policy'));
  const caller: Caller | undefined = roleArn ? { kind: 'role', name, roleArn, since: new Date(), sourceIdentity, policy } : asking?.caller;
  if (caller) callers.assume(accessKeyId, caller, asking?.accessKeyId);
}
