import { jsonAnswer } from '../../http.ts';
import { isObject, type JsonObject, listAt, parseJson, stringAt } from '../../json.ts';
import type { FirstQueues } from '../../runtime/first-queues.ts';
import type { Additions } from './addition.ts';

/** Dead letters that name the queue they were moved from, as SQS's do. */
export function deadLetters(queues: FirstQueues): Additions {
  return {
    async 'sqs:ReceiveMessage'(call, { forward }) {
      const answer = await forward(call);
      const body = parseJson(answer.body.toString('utf8'));
      if (answer.status >= 400 || !isObject(body)) return answer;
      const queueArn = `arn:aws:sqs:${call.region}:${call.account}:${stringAt(call.json, 'QueueUrl')?.split('/').at(-1)}`;
      const asked = ['AttributeNames', 'MessageSystemAttributeNames'].flatMap((list) => listAt(call.json, list));
      const isAsked = asked.some((name) => name === 'All' || name === 'DeadLetterQueueSourceArn');
      const Messages = listAt(body, 'Messages')
        .filter(isObject)
        .map((message) => {
          const id = stringAt(message, 'MessageId') ?? '';
          queues.note(id, queueArn);
          const source = queues.sourceOf(id, queueArn);
          return isAsked && source !== undefined ? withAttribute(message, 'DeadLetterQueueSourceArn', source) : message;
        });
      return jsonAnswer({ ...body, Messages }, answer.status, 'application/x-amz-json-1.0');
    },
  };
}

function withAttribute(message: JsonObject, name: string, value: string): JsonObject {
  const attributes = message['Attributes'];
  return { ...message, Attributes: { ...(isObject(attributes) ? attributes : {}), [name]: value } };
}
