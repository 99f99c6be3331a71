/** Remembers which queue a message was first received from: moto keeps no source with a dead letter. */
export class FirstQueues {
  readonly #byMessage = new Map<string, string>();

  /** Notes the ARN of the queue that a message was received from. */
  note(messageId: string, queueArn: string): void {
    if (!this.#byMessage.has(messageId)) this.#byMessage.set(messageId, queueArn);
  }

  /** The ARN of the queue that a message was moved from; undefined where it is in its first. */
  sourceOf(messageId: string, queueArn: string): string | undefined {
    const first = this.#byMessage.get(messageId);
    return first === queueArn ? undefined : first;
  }
}
