import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { keyOf } from '#shared/ledger/items.ts';
import type { ObservedCall } from '../../local/emulator/proxy.ts';

/** The windows of the rate limit that functions counted fixes in; known by their keys, as a scan of the ledger takes the emulator seconds. */
export class Windows {
  readonly #seen = new Set<string>();

  /** Remembers the window that a call counts in. */
  note({ api, call }: ObservedCall): void {
    if (api !== 'dynamodb:UpdateItem') return;
    const [, window] = /"(WINDOW#[^"]+)"/.exec(call.request.body.toString('utf8')) ?? [];
    if (window !== undefined) this.#seen.add(window);
  }

  /** Forgets how many fixes were made, as the next windows do. */
  async pass(dynamo: DynamoDBClient, TableName: string): Promise<void> {
    for (const window of [...this.#seen]) {
      this.#seen.delete(window);
      await dynamo.send(new DeleteItemCommand({ TableName, Key: keyOf(window, 'WINDOW') }));
    }
  }
}
