import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { actionOf, isReadVerb } from '#shared/aws/actions.ts';
import { type ClientMakers, type Send, sendWith } from '#shared/aws/clients.ts';
import { errorCode, UndeclaredCall } from '#shared/aws/errors.ts';
import type { AnyControl, AwsCommand, Place, Target } from '#shared/control/control.ts';
import { changesOf } from '#shared/engine/compose.ts';
import { decide } from '#shared/engine/decide.ts';
import { observeAll } from '#shared/engine/observe.ts';
import { caseContextOf, type Run } from '#shared/engine/types.ts';
import { exemptionFor, type RedressConfig } from '#shared/finding/config.ts';
import type { Status } from '#shared/finding/finding.ts';
import { placeKey } from '#shared/ledger/items.ts';
import { sdkClients } from '../../scripts/sdk.ts';
import { callerIdentity, clientConfig, type Where } from '../deployment.ts';
import type { BusEvent } from './events.ts';
import type { Judged } from './judge.ts';
import { liveKey } from './report.ts';
import { runOf } from './run.ts';

/** So many resources are looked at; each is kept with its event until then. */
const MOST = 2000;
/** So many of one control and place are read at once. */
const BATCH = 50;
const ROOT = join(import.meta.dirname, '..', '..');

/** What is there now of one resource that a match named, and what Redress would do with it. */
export interface LiveLook {
  readonly key: string;
  readonly control: AnyControl;
  readonly place: Place;
  readonly target: Target;
  /** `gone` if it is not there, `unread` if it could not be read, `fix` and `wait` if a fix would begin or wait; else a finding's status. */
  readonly is: Status | 'compliant' | 'gone' | 'unread' | 'fix' | 'wait';
  readonly says: string;
  /** The commands that Redress would send, and the later steps as sentences. */
  readonly plan: readonly { readonly api: string; readonly says: string }[];
}

type AwsClient = Awaited<ReturnType<ClientMakers[string]>>;

interface Kept {
  readonly event: BusEvent;
  readonly judged: Judged;
  readonly target: Target;
}

/** What looks at resources: with whose credentials, and how a command is sent in a place. */
export interface Eyes {
  readonly account: string;
  readonly read: (command: AwsCommand, place: Place) => Promise<unknown>;
}

/** Keeps the resources that may be wrong, and looks at each once, when all is read; it sends reads alone. */
export class Live {
  readonly #config: RedressConfig;
  readonly #eyes: Eyes;
  readonly #kept = new Map<string, Kept>();
  /** Resources of other accounts, and those beyond the bound. */
  readonly left = { elsewhere: 0, beyond: 0 };

  constructor(config: RedressConfig, eyes: Eyes) {
    this.#config = config;
    this.#eyes = eyes;
  }

  /** Keeps what an event names, if it may be wrong; of a resource the latest event counts. */
  add(event: BusEvent, judged: Judged): void {
    const { control, place, told, targets, mode } = judged;
    if (control.kind.is === 'call' || mode === 'off' || !(told.is === 'violation' || told.is === 'needs-live')) return;
    for (const target of targets) {
      if (place.account !== this.#eyes.account) {
        this.left.elsewhere += 1;
        continue;
      }
      const key = liveKey(control, placeKey(place), target.type, target.id);
      const known = this.#kept.get(key);
      if (!known && this.#kept.size >= MOST) this.left.beyond += 1;
      else if (!known || known.event.time <= event.time) this.#kept.set(key, { event, judged, target });
    }
  }

  /** Looks at all of them, place by place. */
  async *look(now: () => Date): AsyncGenerator<LiveLook> {
    const groups = Map.groupBy(this.#kept, ([, { judged }]) => `${judged.control.id} ${placeKey(judged.place)}`);
    for (const group of groups.values())
      for (let at = 0; at < group.length; at += BATCH) yield* await this.#lookAt(group.slice(at, at + BATCH), now);
  }

  async #lookAt(group: readonly (readonly [string, Kept])[], now: () => Date): Promise<LiveLook[]> {
    const [first] = group;
    if (!first) return [];
    const { place } = first[1].judged;
    const deps = { config: this.#config, read: this.#eyes.read, now };
    const runs = group.map(([, { event, judged, target }]) => runOf(judged, event, target));
    const observed = await observeAll(runs, place, deps);
    return group.map(([key, { judged, target }], n): LiveLook => {
      const known = { key, control: judged.control, place, target, plan: [] };
      const found = observed[n];
      const run = runs[n];
      if (found instanceof Error || !run) return { ...known, is: 'unread', says: `It could not be read (${errorCode(found)}).` };
      if (found?.facts === undefined) return { ...known, is: 'gone', says: 'It is not there now.' };
      return { ...known, ...this.#decided(Object.assign(run, found), found.facts, now()) };
    });
  }

  #decided(run: Run, facts: unknown, now: Date): Pick<LiveLook, 'is' | 'says' | 'plan'> {
    const context = caseContextOf(run, { config: this.#config }, now);
    const { decision } = decide(
      run,
      context,
      exemptionFor(this.#config, run.control.id, { account: run.place.account, id: run.target.id }, now),
    );
    const verdict = run.control.judge(facts, context);
    if (verdict.is !== 'violation' || decision.is === 'drop' || decision.is === 'answer' || decision.is === 'send')
      return { is: verdict.is === 'skip' ? 'skipped' : 'compliant', says: verdict.says, plan: [] };
    const plan = decision.is === 'wait' ? run.control.plan(facts, context) : decision.plan;
    const is = decision.is === 'close' ? decision.status : decision.is === 'begin' ? 'fix' : 'wait';
    const reason = decision.is === 'begin' ? undefined : decision.reason?.says;
    return { is, says: [verdict.says, ...(reason ? [reason] : [])].join(' '), plan: [...changesOf(plan), ...(plan?.later ?? [])] };
  }
}

/** The caller's own credentials, for reads alone; throws `Failure` where there are none. */
export async function eyesOf(where: Where): Promise<Eyes> {
  const { account } = await callerIdentity(where);
  const clients = await sdkClients(ROOT);
  const senders = new Map<string, Send>();
  const senderIn = (region: string): Send => {
    const known = senders.get(region);
    if (known) return known;
    const makers: ClientMakers = Object.fromEntries(
      clients.map(({ service, package: name, className }) => [service, () => makeClient(name, className, { ...where, region })]),
    );
    const made = sendWith(makers);
    senders.set(region, made);
    return made;
  };
  return { account, read: readOnly((command, { region }) => senderIn(region)(command)) };
}

/** Refuses whatever is no read, whoever asks for it. */
export function readOnly(read: Eyes['read']): Eyes['read'] {
  return async (command, place) => {
    const action = actionOf(command);
    if (!isReadVerb(action)) throw new UndeclaredCall(`${action} is not a read: a replay changes nothing`);
    return await read(command, place);
  };
}

async function makeClient(name: string, className: string, where: Where): Promise<AwsClient> {
  const folder = join(ROOT, 'node_modules', name, 'package.json');
  const { default: manifest }: { default: { main?: string } } = await import(pathToFileURL(folder).href, { with: { type: 'json' } });
  const module: object = await import(pathToFileURL(join(folder, '..', manifest.main ?? 'index.js')).href);
  return Reflect.construct(Reflect.get(module, className), [clientConfig(where)]);
}
