import { actionOf, actionsOf, isReadVerb } from '#shared/aws/actions.ts';
import type { Send } from '#shared/aws/clients.ts';
import type { AnyControl, AwsCommand, Place } from '#shared/control/control.ts';
import { isSecret } from '#shared/detect/index.ts';
import type { Acting } from '#shared/engine/acting.ts';
import { runBatch } from '#shared/engine/batch.ts';
import type { EngineDeps } from '#shared/engine/types.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { type DueRows, dueRows } from '#shared/ledger/due.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import { placeKey } from '#shared/ledger/items.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { alertView } from '../../functions/alerts/view.ts';
import { renderings } from './alerts/forms.ts';
import { guardedLedger, guardOf, type Kill } from './kills.ts';
import { MemoryTable } from './table.ts';
import { type Left, type Watched, watched } from './watched.ts';

/** What a test's AWS answers; throw an error with `name` and `$metadata` to refuse. */
export interface World {
  readonly send: Send;
  /** The virtual time; the harness sets it. */
  clock?: () => Date;
  /** Puts the mocked clients back. */
  restore?(): void;
}

/** A message on the test's queue. */
interface Waiting {
  readonly id: string;
  readonly body: string;
  /** The principal that sent it. */
  readonly sender: string;
  visibleAt: number;
  receives: number;
}

/** One command that reached AWS. */
export interface SentCommand {
  readonly api: string;
  readonly input: object;
}

export interface HarnessOptions {
  readonly controls: readonly AnyControl[];
  readonly config?: RedressConfig;
  readonly world: World;
  readonly start?: string;
  /** What is served beside `place`, and what is there. */
  readonly others?: readonly { readonly place: Place; readonly world: World }[];
  /** How it acts in other places, where that is not by their worlds alone. */
  readonly acting?: Partial<Omit<Acting, 'enqueue'>>;
  /** What the ledger's table holds at the start. */
  readonly table?: MemoryTable;
}

export const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws' };
/** The function that all controls of a harness run in. */
const FUNCTION = 'redress-volumes';
const VISIBILITY_SECONDS = 366;
const HOUR = 3_600_000;
const MAX_RECEIVES = 5;
/** What SQS sees as the sender of the engine's own messages. */
export const OWN_ROLE = 'AROAREDRESS:redress-volumes';

/** The engine with memory in place of DynamoDB, SQS and EventBridge, a virtual clock, and a way to be killed at any call. */
export class Harness implements Watched {
  readonly table: MemoryTable;
  /** The ledger of `place`. */
  readonly ledger: Ledger;
  readonly announced: Finding[] = [];
  readonly logs: { level: string; message: string; [field: string]: unknown }[] = [];
  readonly metrics: { control: string; metric: string; value: number }[] = [];
  readonly reads: SentCommand[] = [];
  readonly writes: SentCommand[] = [];
  /** Every IAM action that AWS would check for what was sent: a create with tags checks the tagging too. */
  readonly actions = new Set<string>();
  readonly dead: string[] = [];
  /** Every body that was ever put on the queue by the engine. */
  readonly enqueued: string[] = [];
  /** Errors with which the bus refuses the next findings, one each. */
  busRefuses: Error[] = [];
  /** External calls of the last invocation, in order. */
  calls: string[] = [];
  now: Date;
  readonly #options: HarnessOptions;
  readonly #due: DueRows;
  #waiting: Waiting[] = [];
  #ids = 0;

  constructor(options: HarnessOptions) {
    this.#options = options;
    this.table = options.table ?? new MemoryTable();
    this.ledger = this.ledgerOf(place);
    this.#due = dueRows('redress-ledger', this.table.client, place, FUNCTION);
    watched.add(this);
    this.now = new Date(options.start ?? '2026-11-21T09:00:05.000Z');
    options.world.clock = () => this.now;
  }

  /** The ledger of any place. */
  ledgerOf(of: Place): Ledger {
    return dynamoLedger('redress-ledger', this.table.client, { place: of, own: place, functions: [FUNCTION] });
  }

  /** Puts a message on the queue, which was received so often before. */
  put(body: unknown, delaySeconds = 0, receives = 0, sender = 'AIDAEXAMPLE'): void {
    this.#ids += 1;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.#waiting.push({ id: `m-${this.#ids}`, body: text, visibleAt: this.now.getTime() + delaySeconds * 1000, receives, sender });
  }

  /** Writes what is due to the ledger, as whoever may write there can. */
  async putDue(row: Parameters<DueRows['put']>[0][number]): Promise<void> {
    await this.#due.put([row]);
  }

  /** Whether anything is on the queue, visible or not, or waits in the ledger. */
  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.due.length === 0;
  }

  /** The times of what waits in the ledger for a wake. */
  get due(): string[] {
    return [...this.table.items.values()].flatMap(({ pk, sk }) => (pk?.S?.startsWith('DUE#') ? (sk?.S?.split('#')[0] ?? []) : []));
  }

  /** Receives and handles what is visible now, as one batch; `killAt` kills the invocation before or after its nth external call. */
  async invoke(kill?: Kill): Promise<void> {
    const batch = this.#waiting.filter(({ visibleAt }) => visibleAt <= this.now.getTime()).slice(0, 100);
    for (const one of batch) {
      one.receives += 1;
      one.visibleAt = this.now.getTime() + VISIBILITY_SECONDS * 1000;
    }
    const dying = Promise.withResolvers<'killed'>();
    const deps = this.#deps(kill, () => dying.resolve('killed'));
    const deliveries = batch.map(({ id, body, receives, sender }) => ({ id, body, receiveCount: receives, senderId: sender }));
    const failed = await Promise.race([runBatch(deliveries, deps), dying.promise]);
    const handled = failed === 'killed' ? [] : batch.filter(({ id }) => !failed.has(id));
    this.#waiting = this.#waiting.filter((one) => !handled.includes(one));
    for (const one of this.#waiting.filter(({ receives }) => receives >= MAX_RECEIVES)) this.dead.push(one.body);
    this.#waiting = this.#waiting.filter(({ receives }) => receives < MAX_RECEIVES);
  }

  /**
   * Goes on, moving the clock to the next visible message or wake, until nothing waits or so much virtual time has passed;
   * `killAt` kills an invocation after the nth call of all. Answers how many calls there were.
   */
  async settle(maxHours = 12, killAt = 0): Promise<number> {
    const end = this.now.getTime() + maxHours * HOUR;
    let calls = 0;
    while (!this.isIdle) {
      // the schedule wakes it at every full hour
      const wake = this.due.length > 0 ? (Math.floor(this.now.getTime() / HOUR) + 1) * HOUR : Number.POSITIVE_INFINITY;
      const next = Math.min(wake, ...this.#waiting.map(({ visibleAt }) => visibleAt));
      if (next > end) break;
      this.now = new Date(Math.max(this.now.getTime(), next));
      if (next === wake) this.put({ wake: true });
      await this.invoke(killAt > calls ? { at: killAt - calls, when: 'after' } : undefined);
      calls += this.calls.length;
    }
    return calls;
  }

  /** The latest announcement or ledger row of each finding. */
  async findings(of: Place = place): Promise<Finding[]> {
    const ledger = this.ledgerOf(of);
    const days = [
      ...new Set([...this.announced.map(({ event }) => event.time.slice(0, 10)), this.now.toISOString().slice(0, 10), '2026-11-21']),
    ];
    const rows = await Promise.all(days.map((day) => ledger.findingsOf(day)));
    return rows.flat().map(({ finding }) => finding);
  }

  /** Everything that left the engine so far, and what the notifier would make of it. */
  async left(): Promise<Left[]> {
    const { announced, logs, metrics, enqueued } = this;
    return [
      { by: 'announcement', text: JSON.stringify(announced) },
      { by: 'alert', text: JSON.stringify(announced.map(everyAlert)) },
      { by: 'log', text: JSON.stringify(logs) },
      { by: 'metric', text: JSON.stringify(metrics) },
      { by: 'queue', text: JSON.stringify(enqueued) },
      { by: 'ledger', text: this.table.dump() },
    ];
  }

  /** The same as one text. */
  async output(): Promise<string> {
    return (await this.left()).map(({ text }) => text).join('\n');
  }

  #deps(kill: Kill | undefined, die: () => void): EngineDeps {
    this.calls = [];
    const guarded = guardOf(this.calls, kill, die);
    const { controls, config = {}, world, others = [], acting } = this.#options;
    const served = [{ place, world }, ...others];
    const send = guarded(
      (...[command]) => actionOf(command),
      async (command: AwsCommand, at: Place) => {
        for (const action of actionsOf(command)) this.actions.add(action);
        const sent = { api: actionOf(command), input: command.input };
        (isReadVerb(sent.api) ? this.reads : this.writes).push(sent);
        return await served.find((one) => one.place === at)?.world.send(command);
      },
    );
    return {
      controlOf: async (id) => controls.find((control) => control.id === id),
      config,
      placeOf: (named = place) => served.find((one) => placeKey(one.place) === placeKey(named))?.place,
      ledger: (at) => guardedLedger(this.ledgerOf(at), guarded),
      read: send,
      write: (command, of) => send(command, of.place),
      enqueue: guarded('sqs:SendMessageBatch', async (messages: Parameters<EngineDeps['enqueue']>[0]) => {
        for (const { body, delaySeconds } of messages) {
          this.enqueued.push(JSON.stringify(body));
          this.put(body, delaySeconds, 0, OWN_ROLE);
        }
      }),
      due: {
        put: guarded('ledger.putDue', this.#due.put),
        until: guarded('ledger.dueUntil', this.#due.until),
        remove: guarded('ledger.removeDue', this.#due.remove),
      },
      announce: guarded('events:PutEvents', async (findings: readonly Finding[]) => {
        return findings.map((finding) => {
          const refusal = this.busRefuses.shift();
          if (!refusal) this.announced.push(structuredClone(finding));
          return refusal ?? true;
        });
      }),
      now: () => new Date(this.now),
      remainingMs: () => 60_000,
      telemetry: {
        log: (level, message, fields) => void this.logs.push({ ...fields, level, message }),
        count: (control, metric) => void this.metrics.push({ control, metric, value: 1 }),
        secondsToFixed: (control, value) => void this.metrics.push({ control, metric: 'secondsToFixed', value }),
      },
      isSecret,
      owner: `invocation-${this.#ids}-${Math.random()}`,
      leaseSeconds: 65,
      maxReceives: MAX_RECEIVES,
      ...acting,
    };
  }
}

/** An error as the SDK throws it. */
export function awsError(name: string, message = name, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });
}

/** A finding as it is told in every way. */
function everyAlert(finding: Finding): unknown[] {
  const view = alertView(finding);
  return Object.values(renderings).map((render) => render(view));
}
