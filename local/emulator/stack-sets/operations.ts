import { compact, type JsonObject } from '../../json.ts';
import { StackSetError } from './stack-set-error.ts';

/** An account in a Region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

type Result = Place & { status: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED'; reason?: string | undefined };

interface Operation {
  readonly id: string;
  readonly action: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  readonly since: string;
  readonly results: readonly Result[];
  readonly ended: Promise<void>;
}

/** An operation that is to begin. */
interface Beginning<Where extends Place> {
  readonly id: string;
  readonly action: string;
  readonly places: readonly Where[];
  /** Does it in one place; answers why it failed there. */
  readonly work: (place: Where, operation: string) => Promise<string | undefined>;
  /** Whether so many failures of so many accounts in a Region are too many. */
  readonly isTooMany?: (failed: number, accounts: number) => boolean;
}

/** The operations of a StackSet, of which one goes on at a time. */
export class Operations {
  readonly #all: Operation[] = [];

  /** Throws if no operation can begin now, or none of this id. */
  check(id?: string): void {
    if (this.#all.some((one) => one.id === id))
      throw new StackSetError('OperationIdAlreadyExistsException', `The operation ${id} exists already.`, 409);
    if (this.#all.some(({ status }) => status === 'RUNNING'))
      throw new StackSetError('OperationInProgressException', 'Another operation of this StackSet is in progress.', 409);
  }

  /** Begins an operation in all its places at once; resolves at its end. */
  begin<Where extends Place>({ id, action, places, work, isTooMany = () => false }: Beginning<Where>): Promise<void> {
    const results = places.map(({ account, region }): Result => ({ account, region, status: 'PENDING' }));
    const one = async (result: Result, place: Where): Promise<void> => {
      result.status = 'RUNNING';
      result.reason = await work(place, id).catch((error: unknown) => String(error));
      result.status = result.reason === undefined ? 'SUCCEEDED' : 'FAILED';
    };
    const ended = Promise.all(results.map((result, n) => one(result, places[n] as Where))).then(() => {
      const tooMany = [...Map.groupBy(results, ({ region }) => region).values()].some((all) =>
        isTooMany(all.filter(({ status }) => status === 'FAILED').length, all.length),
      );
      operation.status = tooMany ? 'FAILED' : 'SUCCEEDED';
    });
    const operation: Operation = { id, action, status: 'RUNNING', since: new Date().toISOString(), results, ended };
    this.#all.push(operation);
    return ended;
  }

  /** Resolves once none goes on. */
  async idle(): Promise<void> {
    for (;;) {
      const running = this.#all.find(({ status }) => status === 'RUNNING');
      if (!running) return;
      await running.ended;
    }
  }

  /** What a list shows of them, the newest first. */
  list(): JsonObject[] {
    return this.#all.toReversed().map(summary);
  }

  /** What one of them is; throws if there is none such. */
  describe(id: string | undefined): JsonObject {
    return summary(this.#one(id));
  }

  /** How it went in each place. */
  results(id: string | undefined): JsonObject[] {
    return this.#one(id).results.map(({ account, region, status, reason }) =>
      compact({ Account: account, Region: region, Status: status, StatusReason: reason }),
    );
  }

  #one(id: string | undefined): Operation {
    const found = this.#all.find((one) => one.id === id);
    if (found) return found;
    throw new StackSetError('OperationNotFoundException', `Operation ${id} not found`, 404);
  }
}

function summary({ id, action, status, since }: Operation): JsonObject {
  return { OperationId: id, Action: action, Status: status, CreationTimestamp: since };
}
