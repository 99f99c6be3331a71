import { isObject, type Json, listAt } from '../../json.ts';
import type { Additions } from './addition.ts';

/** AWS takes the word for everybody in any case; moto keeps it as it was typed, and then removes it as nothing else. */
export const documents: Additions = {
  async 'ssm:ModifyDocumentPermission'(call, { forward }) {
    const { AccountIdsToAdd, AccountIdsToRemove, ...rest } = call.json;
    const json = { ...rest, ...lists({ AccountIdsToAdd, AccountIdsToRemove }) };
    return forward({ ...call, json, request: { ...call.request, body: Buffer.from(JSON.stringify(json)) } });
  },
};

function lists(given: { readonly [name: string]: Json | undefined }): { [name: string]: Json } {
  const isAll = (one: Json) => typeof one === 'string' && one.toLowerCase() === 'all';
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, Json][] =>
      value === undefined || isObject(value) ? [] : [[name, listAt(value).map((one) => (isAll(one) ? 'all' : one))]],
    ),
  );
}
