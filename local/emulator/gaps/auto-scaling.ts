import type { HttpAnswer } from '../../http.ts';
import { at, compact, isObject, type Json, type JsonObject, listAt, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import { type AwsError, errorAnswer, readError } from '../aws-error.ts';
import { parseAnswer, queryAnswer } from '../ec2-xml.ts';
import type { MotoClient } from '../moto-client.ts';

const version = '2011-01-01';

/** Calls Auto Scaling in moto. */
export function autoScaling(moto: MotoClient, action: string, query: { readonly [name: string]: string }, region: string) {
  return moto.query('autoscaling', action, { Version: version, ...query }, region);
}

/** An answer of Auto Scaling. */
export function autoScalingAnswer(action: string, result: JsonObject, requestId: string): HttpAnswer {
  return queryAnswer(`http://autoscaling.amazonaws.com/doc/${version}/`, action, result, requestId);
}

/** What a call of Auto Scaling answered. */
export function resultOf(call: Pick<AwsCall, 'action'>, answer: HttpAnswer): JsonObject {
  const result = at(parseAnswer(answer.body), `${call.action}Result`);
  return isObject(result) ? result : {};
}

/** Auto Scaling's usual refusal. */
export function invalid(call: AwsCall, message: string, requestId: string, code = 'ValidationError'): HttpAnswer {
  return errorAnswer(call, { code, message }, requestId);
}

/** The members of a request as an answer has them: a list stands under `member`. */
export function asShown(value: Json): Json {
  if (Array.isArray(value)) return { member: value.map(asShown) };
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, asShown(child)]));
}

/** The members of an answer as a request has them, such as `Overrides.member.1.InstanceType`. */
export function asQuery(value: Json, name: string): { [name: string]: string } {
  if (!isObject(value)) return { [name]: String(value) };
  const parts = Object.entries(value).map(([key, child]) =>
    key === 'member'
      ? Object.assign({}, ...listAt(value, key).map((one, index) => asQuery(one, `${name}.member.${index + 1}`)))
      : asQuery(child, `${name}.${key}`),
  );
  return Object.assign({}, ...parts);
}

/** Whether there is a launch configuration of a name. */
export async function hasConfiguration(moto: MotoClient, name: string, region: string): Promise<boolean> {
  const action = 'DescribeLaunchConfigurations';
  const answer = await autoScaling(moto, action, { 'LaunchConfigurationNames.member.1': name }, region);
  return listAt(resultOf({ action }, answer), 'LaunchConfigurations', 'member').length > 0;
}

/** A reference to a launch template with its id and its name, as groups show it; or why AWS would not take it. */
export async function templateOf(moto: MotoClient, reference: Json, region: string): Promise<JsonObject | AwsError> {
  const [id, name, wanted] = ['LaunchTemplateId', 'LaunchTemplateName', 'Version'].map((member) => stringAt(reference, member));
  if (wanted !== undefined && !/^(\$Latest|\$Default|[1-9]\d*)$/.test(wanted)) {
    const message = "Invalid launch template version: either '$Default', '$Latest', or a numeric version are allowed.";
    return { code: 'ValidationError', message };
  }
  if ((id === undefined) === (name === undefined)) {
    const message = 'Valid requests must contain either launchTemplateId or LaunchTemplateName';
    return { code: 'ValidationError', message };
  }
  const which = compact({ LaunchTemplateId: id, LaunchTemplateName: name }) as { [name: string]: string };
  const answer = await moto.ec2('DescribeLaunchTemplateVersions', { ...which, 'LaunchTemplateVersion.1': wanted ?? '$Default' }, region);
  const refused = readError(answer);
  if (refused !== undefined) {
    return { code: 'ValidationError', message: `You must use a valid fully-formed launch template. ${refused.message}` };
  }
  const found = listAt(parseAnswer(answer.body), 'launchTemplateVersionSet', 'item')[0];
  return compact({
    LaunchTemplateId: stringAt(found, 'launchTemplateId'),
    LaunchTemplateName: stringAt(found, 'launchTemplateName'),
    Version: wanted,
  });
}
