import { at, isObject, type Json, type JsonObject, listAt, parseJson, stringAt } from '../../json.ts';
import { StackSetError } from './stack-set-error.ts';

/** What a caller sets of a StackSet, and sees again. */
const SETTINGS = ['TemplateBody', 'Description', 'Parameters', 'Capabilities', 'AutoDeployment'] as const;

/** The parameters of the query protocol as the object that they stand for, such as `Regions.member.1` as the first of a list. */
export function inputOf(query: ReadonlyMap<string, string>): JsonObject {
  const root: JsonObject = {};
  for (const [name, value] of query) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    let here = root;
    for (const key of path) {
      const inner = here[key];
      const next = isObject(inner) ? inner : {};
      here[key] = next;
      here = next;
    }
    here[last] = value;
  }
  const listed = (value: Json): Json => {
    if (!isObject(value)) return value;
    const { member } = value;
    if (isObject(member)) return Object.values(member).map(listed);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, listed(inner)]));
  };
  return listed(root) as JsonObject;
}

/** A list of an answer as the query protocol writes it. */
export function outputOf(value: Json): Json {
  if (Array.isArray(value)) return { member: value.map(outputOf) };
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, outputOf(inner)])) : value;
}

/** The settings of a StackSet that a call names. */
export function settingsIn(input: JsonObject): JsonObject {
  return Object.fromEntries(SETTINGS.flatMap((key) => (input[key] === undefined ? [] : [[key, input[key]]])));
}

/** The template that a call brings; throws for one that is not JSON. */
export function templateIn(input: JsonObject): JsonObject {
  const template = parseJson(stringAt(input, 'TemplateBody') ?? '');
  if (isObject(template)) return template;
  throw new StackSetError('ValidationError', 'Template format error: the local cloud takes templates in JSON.');
}

/** The OUs that a call names. */
export function ousIn(input: JsonObject): string[] {
  return listAt(input, 'DeploymentTargets', 'OrganizationalUnitIds').map(String);
}

/** The Regions that a call names. */
export function regionsIn(input: JsonObject): string[] {
  return listAt(input, 'Regions').map(String);
}

/** How a call chooses among the accounts of its OUs. */
export function filterIn(input: JsonObject): string {
  return stringAt(input, 'DeploymentTargets', 'AccountFilterType') ?? 'NONE';
}

/** Whether failures in a Region are more than a call's preferences allow; without any, none may fail. */
export function toleranceIn(input: JsonObject): (failed: number, accounts: number) => boolean {
  const percent = at(input, 'OperationPreferences', 'FailureTolerancePercentage');
  const count = Number(at(input, 'OperationPreferences', 'FailureToleranceCount') ?? 0);
  return (failed, accounts) => failed > (percent === undefined ? count : Math.floor((Number(percent) * accounts) / 100));
}

/** The part of a list that a call asks for. */
export function page(items: readonly JsonObject[], input: JsonObject): JsonObject {
  const start = Number(at(input, 'NextToken') ?? 0);
  const end = start + Number(at(input, 'MaxResults') ?? 100);
  return { Summaries: items.slice(start, end), ...(end < items.length && { NextToken: String(end) }) };
}
