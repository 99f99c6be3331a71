import { type HttpAnswer, jsonAnswer } from '../http.ts';
import { isObject, parseJson, stringAt } from '../json.ts';
import type { AwsCall } from './aws-call.ts';
import { parseXml, xmlAnswer } from './ec2-xml.ts';

/** An error as AWS answers it. */
export interface AwsError {
  /** Such as `InvalidVolume.NotFound`. */
  readonly code: string;
  readonly message: string;
  /** The HTTP status; 400 where absent. */
  readonly status?: number;
}

/** Writes an error in the protocol of the call. */
export function errorAnswer(call: AwsCall, { code, message, status = 400 }: AwsError, requestId: string): HttpAnswer {
  const error = { Code: code, Message: message };
  if (call.protocol === 'ec2') return xmlAnswer(status, { Response: { Errors: { Error: error }, RequestID: requestId } });
  if (call.protocol === 'query') {
    return xmlAnswer(status, { ErrorResponse: { Error: { Type: status < 500 ? 'Sender' : 'Receiver', ...error }, RequestId: requestId } });
  }
  const answer = jsonAnswer({ __type: code, message }, status, 'application/x-amz-json-1.1');
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': code } };
}

/** The error in an answer, or undefined where the call went well. */
export function readError(answer: HttpAnswer): AwsError | undefined {
  const { status } = answer;
  if (status < 400) return undefined;
  const text = answer.body.toString('utf8');
  const json = parseJson(text);
  if (isObject(json)) {
    const type = stringAt(json, '__type') ?? stringAt(json, 'code') ?? stringAt(json, 'Code') ?? 'InternalFailure';
    return { status, code: type.slice(type.indexOf('#') + 1), message: stringAt(json, 'message') ?? stringAt(json, 'Message') ?? '' };
  }
  const document = parseXml(text);
  const error =
    stringAt(document, 'Response', 'Errors', 'Error', 'Code') !== undefined ? ['Response', 'Errors', 'Error'] : ['ErrorResponse', 'Error'];
  return {
    status,
    code: stringAt(document, ...error, 'Code') ?? stringAt(document, 'Error', 'Code') ?? 'InternalError',
    message: stringAt(document, ...error, 'Message') ?? stringAt(document, 'Error', 'Message') ?? '',
  };
}
