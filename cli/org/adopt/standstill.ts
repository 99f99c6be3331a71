import { setTimeout as sleep } from 'node:timers/promises';
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { FORWARDING, functionOf } from '#shared/finding/names.ts';
import { depthOf } from '../../dead-letters.ts';
import { DEFAULT_BUS, listed } from '../../doctor/checks/rules.ts';
import { Failure, trying } from '../../failure.ts';
import type { Session } from '../../session.ts';
import type { Running, Source } from './source.ts';

/** How often something is looked at again, in milliseconds. */
const POLL = 3000;

/** What is asked while somebody waits. */
export interface Patience {
  readonly terminal: Pick<Session['terminal'], 'progress'>;
  /** Until when it is waited for, in milliseconds since 1970. */
  readonly until: number;
}

/** With which the reason of a pause begins that the adoption itself sets. */
export const MOVING = 'Redress is being moved to the hub';

/** Waits until something holds; answers whether it came to hold in time. */
export async function comesTrue({ terminal, until }: Patience, doing: string, holds: () => Promise<boolean>): Promise<boolean> {
  try {
    for (;;) {
      if (await holds()) return true;
      const left = until - Date.now();
      if (left <= 0) return false;
      terminal.progress(doing);
      await sleep(Math.min(POLL, left));
    }
  } finally {
    terminal.progress();
  }
}

/** A stack that takes nothing in: its rules and its mappings are off, and what was switched off here can be switched on again. */
export class Standstill {
  readonly #running: Running;
  readonly #source: Source;
  readonly #events: EventBridgeClient;
  readonly #lambda: LambdaClient;
  /** What was switched off by this run. */
  readonly #rules: string[] = [];
  readonly #mappings: string[] = [];
  #isPaused = false;

  constructor(source: Source, running: Running) {
    this.#source = source;
    this.#running = running;
    this.#events = new EventBridgeClient(running.settings);
    this.#lambda = new LambdaClient(running.settings);
  }

  /** Begins no fix any more, and hears nothing new; what is in progress goes on. */
  async deafen(by: string, hub: string, now: Date): Promise<void> {
    const { ledger } = this.#source;
    await trying('pause the stack', async () => {
      if ((await ledger.pauses()).length > 0) return;
      await ledger.setPause({ by, at: now.toISOString(), reason: `${MOVING} ${hub} by \`redress org adopt\`.` });
      this.#isPaused = true;
    });
    await trying('disable the rules of the stack', async () => {
      for (const { Name = '', State } of await listed(this.#events, DEFAULT_BUS)) {
        // those of a member are the hub's
        if (State === 'DISABLED' || Name.startsWith(FORWARDING)) continue;
        await this.#events.send(new DisableRuleCommand({ Name }));
        this.#rules.push(Name);
      }
    });
  }

  /** Takes no message any more; answers whether nothing is in flight in time. */
  async disconnect(patience: Patience): Promise<boolean> {
    const { queues, sqs } = this.#running;
    const all = await trying('disable the event source mappings of the stack', async () => {
      const found = await Promise.all(queues.map(({ kind }) => this.#mappingsOf(functionOf(kind))));
      for (const { UUID, State } of found.flat()) {
        if (State === 'Disabled') continue;
        await this.#lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
        this.#mappings.push(UUID);
      }
      return found.flat();
    });
    const isOff = async () => {
      const states = await Promise.all(all.map(({ UUID }) => this.#lambda.send(new GetEventSourceMappingCommand({ UUID }))));
      const depths = await Promise.all(queues.map(({ queueUrl }) => depthOf(sqs, queueUrl)));
      return states.every(({ State }) => State === 'Disabled') && depths.every(({ inFlight }) => inFlight === 0);
    };
    return await comesTrue(patience, 'Waiting until nothing is in flight …', isOff);
  }

  /** Switches on again what this run switched off. */
  async undo(): Promise<void> {
    await trying('let the stack go on', async () => {
      for (const UUID of this.#mappings.splice(0)) await this.#lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
      for (const Name of this.#rules.splice(0)) await this.#events.send(new EnableRuleCommand({ Name }));
      if (this.#isPaused) await this.#source.ledger.setPause(undefined);
      this.#isPaused = false;
    });
  }

  async #mappingsOf(FunctionName: string): Promise<{ readonly UUID: string; readonly State: string }[]> {
    const { EventSourceMappings = [] } = await this.#lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
    return EventSourceMappings.map(({ UUID = '', State = '' }) => ({ UUID, State }));
  }
}

/** Refuses a stack with dead letters: they would be lost with it. */
export async function checkDeadLetters({ deadLetterUrls, sqs, name }: Running): Promise<void> {
  const depths = await Promise.all(deadLetterUrls.map((url) => depthOf(sqs, url)));
  const count = depths.reduce((sum, { waiting, inFlight }) => sum + waiting + inFlight, 0);
  if (count > 0)
    throw new Failure(`The stack ${name} has ${count} dead letters, which would be lost with it.`, {
      next: 'Put them back with `redress redrive` there, and wait for them; or purge the queue, if nobody needs them.',
    });
}
