import type { AnyControl, AwsCommand, Place } from '#shared/control/control.ts';
import type { Message, Sweeps, Wake } from '#shared/finding/message.ts';
import type { NamedPlace } from '#shared/ledger/items.ts';
import type { Grant } from '#shared/ledger/windows.ts';
import type { Write } from './sender.ts';

/** One message from the queue. */
export interface Delivery {
  readonly id: string;
  readonly body: string;
  /** How often SQS has handed it out; more than once means that an earlier try crashed or failed. */
  readonly receiveCount: number;
  /** The principal that sent it, as SQS saw it. */
  readonly senderId?: string;
  /** The message of several controls that this one stands for a control of, and what it says alone. */
  readonly part?: { readonly whole: Delivery; readonly message: Message };
}

/** How a deployment acts in the places that it serves; what is optional only a hub has. */
export interface Acting {
  /** The place that a message names, if this deployment serves it; an order of a version that named none is of the deployment's own. */
  readonly placeOf: (named: NamedPlace | undefined) => Place | undefined;
  /** Sends a read to AWS in a place. */
  readonly read: (command: AwsCommand, place: Place) => Promise<unknown>;
  readonly write: Write;
  /** Puts messages on the kind's own queue; throws unless all were taken: `NotTaken`, where the queue has the others. */
  readonly enqueue: (messages: readonly { body: Message | Sweeps | Wake; delaySeconds: number }[]) => Promise<void>;
  /** Messages of one lane share their calls and wait for one another, and for no others; absent means one lane for all. */
  readonly laneOf?: (delivery: Delivery) => string | undefined;
  /** The messages of a batch that wait behind those of others, as they go back to the queue; absent where there is nobody else. */
  readonly crowdsIn?: (deliveries: readonly Delivery[]) => readonly { readonly id: string; readonly body: Message }[];
  /** Called when a control's sweep found nothing at all in a place. */
  readonly foundNothing?: (control: AnyControl, place: Place) => Promise<void>;
  /** Takes fixes of what a hub has for its organization as a whole; absent where there is one place. */
  readonly reserveInAll?: (window: string, wanted: number, limit: number, now: Date) => Promise<Grant>;
  /** The keys of the pauses that hold in a place; absent where one holds for everything. */
  readonly pausesAt?: (place: Place) => readonly string[];
  /** The messages that a delivery stands for; absent where those of several controls are split, and each other stands for itself. */
  readonly unpack?: (delivery: Delivery) => Promise<readonly Delivery[]>;
}
