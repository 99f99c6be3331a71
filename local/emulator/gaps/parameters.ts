import { type HttpAnswer, jsonAnswer } from '../../http.ts';
import { at, isObject, type Json, type JsonObject, listAt, parseJson, stringAt } from '../../json.ts';
import { callerArn } from '../../trail/identity.ts';
import type { Addition, Additions } from './addition.ts';

/** Parameters as AWS shows them: who wrote a version, policies as text, and resource policies, of which there are none here. */
export function parameters(): Additions {
  const writers = new Map<string, string>();
  const keyOf = (region: string, name: Json | undefined, version: Json | undefined) => [region, name, version].join(' ');

  const show: Addition = async (call, { forward }) => {
    const answer = await forward(call);
    const body = bodyOf(answer);
    const shown = listAt(body, 'Parameters').map((one) => {
      const user = writers.get(keyOf(call.region, at(one, 'Name') ?? call.json['Name'], at(one, 'Version')));
      return isObject(one) ? { ...levelPolicies(one), ...(user !== undefined && { LastModifiedUser: user }) } : one;
    });
    return answer.status < 400 ? answerOf({ ...body, Parameters: shown }) : answer;
  };
  return {
    async 'ssm:PutParameter'(call, { caller, forward }) {
      const answer = await forward(call);
      if (answer.status < 400) writers.set(keyOf(call.region, call.json['Name'], bodyOf(answer)['Version']), callerArn(caller));
      return answer;
    },
    'ssm:DescribeParameters': show,
    'ssm:GetParameterHistory': show,
    async 'ssm:GetResourcePolicies'() {
      return answerOf({ Policies: [] });
    },
  };
}

/** A parameter with the text of its policies, where moto has the policies themselves. */
export function levelPolicies<Parameter extends object>(parameter: Parameter): Parameter {
  if (!('Policies' in parameter)) return parameter;
  const policies = listAt(parameter, 'Policies').map((one) => {
    const policy = at(one, 'PolicyText') ?? null;
    return isObject(one) && isObject(policy)
      ? { ...one, PolicyText: JSON.stringify(policy), PolicyType: stringAt(policy, 'Type') ?? '' }
      : one;
  });
  return { ...parameter, Policies: policies };
}

function bodyOf(answer: HttpAnswer): JsonObject {
  const body = parseJson(answer.body.toString('utf8'));
  return isObject(body) ? body : {};
}

function answerOf(body: JsonObject): HttpAnswer {
  return jsonAnswer(body, 200, 'application/x-amz-json-1.1');
}
