import { type HttpAnswer, jsonAnswer } from '../../http.ts';
import type { JsonObject } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';

/** What Systems Manager keeps of one sort in each Region, by its id. */
export class Kept {
  readonly #regions = new Map<string, Map<string, JsonObject>>();

  /** Everything in the Region of a call. */
  of({ region }: AwsCall): Map<string, JsonObject> {
    const known = this.#regions.get(region) ?? new Map<string, JsonObject>();
    this.#regions.set(region, known);
    return known;
  }
}

/** Answers a call of Systems Manager. */
export function ssmAnswer(body: JsonObject): HttpAnswer {
  return jsonAnswer(body, 200, 'application/x-amz-json-1.1');
}

/** Refuses a call of Systems Manager. */
export function ssmRefusal(call: AwsCall, code: string, message: string, requestId: string): HttpAnswer {
  return errorAnswer(call, { code, message }, requestId);
}
