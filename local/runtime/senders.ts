import type { AwsCall } from '../emulator/aws-call.ts';
import type { HttpAnswer } from '../http.ts';
import { listAt, parseJson, stringAt } from '../json.ts';
import { type Caller, principalId } from '../trail/identity.ts';

/** Remembers who sent which message: moto gives every one the same SenderId. */
export class Senders {
  readonly #byMessage = new Map<string, string>();

  /** Notes the sender of what a call put into a queue. */
  note(call: AwsCall, caller: Caller, answer: HttpAnswer): void {
    if (call.service !== 'sqs' || !/^SendMessage(Batch)?$/.test(call.action) || answer.status >= 400) return;
    const sent = parseJson(answer.body.toString('utf8'));
    for (const message of [sent, ...listAt(sent, 'Successful')]) {
      const id = stringAt(message, 'MessageId');
      if (id !== undefined) this.#byMessage.set(id, principalId(caller));
    }
  }

  /** The IAM id of a message's sender; undefined where a service sent it. */
  of(messageId: string): string | undefined {
    return this.#byMessage.get(messageId);
  }
}
