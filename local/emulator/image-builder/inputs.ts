import { type JsonObject, listAt, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import type { Around } from '../gaps/addition.ts';
import { type Kind, references } from './kinds.ts';
import { invalid, Refusal } from './refusal.ts';
import type { Table } from './table.ts';

/** Refuses an input that has none, or more than one, of the members of which it must have one. */
export function checkOneOf(input: JsonObject, { oneOf }: Kind): void {
  if (oneOf === undefined || oneOf.filter((member) => input[member] !== undefined).length === 1) return;
  throw new Refusal('InvalidParameterCombinationException', `Exactly one of ${oneOf.join(' and ')} must be given.`);
}

/** Refuses an input that names what is not there; [U] the code. */
export function checkReferences(table: Table, input: JsonObject): void {
  const components = listAt(input, 'components').map((one, n) => [`components[${n}].componentArn`, stringAt(one, 'componentArn')] as const);
  for (const [member, arn] of [...references.map((name) => [name, stringAt(input, name)] as const), ...components])
    if (arn !== undefined && table.find(arn) === undefined) throw invalid(member, `The resource '${arn}' does not exist.`);
}

/** An input with the text of the object of S3 that it names, in place of the name. */
export async function withText(input: JsonObject, call: AwsCall, around: Around): Promise<JsonObject> {
  const [from, to] = input['uri'] === undefined ? ['dockerfileTemplateUri', 'dockerfileTemplateData'] : ['uri', 'data'];
  const uri = stringAt(input, from);
  if (uri === undefined) return input;
  const [, path] = /^s3:\/(\/[^/]+\/.+)$/.exec(uri) ?? [];
  if (path === undefined) throw invalid(from, 'It must be an S3 URI.');
  const object = await around.moto.object(path, call.region);
  if (object === undefined) throw invalid(from, `The object '${uri}' cannot be read.`);
  const { [from]: _, ...others } = input;
  return { ...others, [to]: object };
}
