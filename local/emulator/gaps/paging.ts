import type { HttpAnswer } from '../../http.ts';
import type { Json } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import { type AwsError, errorAnswer } from '../aws-error.ts';

// What AWS allows and, where no number is named, gives.
const most = 200;

/** A page of a list, and the token of the next one; or AWS's refusal. */
export type Page = { readonly items: Json[]; readonly next: { nextToken?: string } } | { readonly refused: HttpAnswer };

/** The page of a list that a call of EC2 asks for, of at most 200; moto cuts off what it does not show, without a token. */
export function pageOf(call: AwsCall, list: readonly Json[], requestId: string): Page {
  const refuse = (message: string): Page => {
    const error: AwsError = { code: 'InvalidParameterValue', message };
    return { refused: errorAnswer(call, error, requestId) };
  };
  const [wanted, token] = [call.query.get('MaxResults') ?? `${most}`, call.query.get('NextToken') ?? 'from-0'];
  const [size, start] = [Number(wanted), Number(/^from-(\d+)$/.exec(token)?.[1])];
  if (!Number.isInteger(size) || size < 1 || size > most)
    return refuse(`Value ( ${wanted} ) for parameter maxResults is invalid. It must be between 1 and ${most}.`);
  if (Number.isNaN(start)) return refuse(`Value ( ${token} ) for parameter nextToken is invalid.`);
  const end = start + size;
  return { items: list.slice(start, end), next: end < list.length ? { nextToken: `from-${end}` } : {} };
}
