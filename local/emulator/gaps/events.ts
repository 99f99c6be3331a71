import { jsonAnswer } from '../../http.ts';
import { isObject, type JsonObject, listAt, parseJson, stringAt } from '../../json.ts';
import { withJson } from '../aws-call.ts';
import type { Additions } from './addition.ts';

const REFUSED = { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };

/** Nobody but AWS sends events whose source begins with `aws.`; moto takes them from anyone. */
export const events: Additions = {
  async 'events:PutEvents'(call, { forward }) {
    const entries = listAt(call.json, 'Entries').filter(isObject);
    const isTaken = (entry: JsonObject) => !stringAt(entry, 'Source')?.startsWith('aws.');
    if (entries.every(isTaken)) return await forward(call);
    const taken = entries.filter(isTaken);
    const answer = taken.length > 0 ? await forward(withJson(call, { ...call.json, Entries: taken })) : jsonAnswer({ Entries: [] });
    const answers = listAt(parseJson(answer.body.toString('utf8')), 'Entries');
    if (answer.status >= 400) return answer;
    const Entries = entries.map((entry) => (isTaken(entry) ? (answers.shift() ?? {}) : REFUSED));
    const FailedEntryCount = Entries.filter((entry) => stringAt(entry, 'ErrorCode') !== undefined).length;
    return jsonAnswer({ FailedEntryCount, Entries }, 200, 'application/x-amz-json-1.1');
  },
};
