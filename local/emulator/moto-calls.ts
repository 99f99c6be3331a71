import type { HttpAnswer, HttpRequest } from '../http.ts';
import { account as ownAccount } from '../trail/identity.ts';
import { type AwsCall, iamAction } from './aws-call.ts';
import { errorAnswer } from './aws-error.ts';

/** A call as moto takes it: whoever calls is of its own account, unless a header names another. */
export function inItsAccount({ account, request }: AwsCall): HttpRequest {
  return account === ownAccount ? request : { ...request, headers: { ...request.headers, 'x-moto-account-id': account } };
}

/** An answer as AWS gives it: moto gives every EC2 answer the same request id, and answers a call that it does not know with a page of HTML. */
export function understood(call: AwsCall, answer: HttpAnswer, requestId: string, endpoint: string): HttpAnswer {
  const type = String(answer.headers['content-type'] ?? '');
  if (answer.status >= 500 && type.startsWith('text/html')) {
    return errorAnswer(
      call,
      { code: 'InternalError', message: `The local cloud cannot do ${iamAction(call)} as it was called.`, status: 501 },
      requestId,
    );
  }
  // The SDK follows a queue's URL past AWS_ENDPOINT_URL, so the outputs of a stack must name this endpoint.
  if (call.service === 'cloudformation')
    return {
      ...answer,
      body: Buffer.from(answer.body.toString('utf8').replaceAll(/https:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com(?=\/)/g, endpoint)),
    };
  if (call.protocol !== 'ec2') return answer;
  return { ...answer, body: Buffer.from(answer.body.toString('utf8').replace(/(<request(?:Id|ID)>)request-id</i, `$1${requestId}<`)) };
}
