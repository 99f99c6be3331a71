import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Terminal } from '../../cli/terminal.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import { parseAnswer } from '../../local/emulator/ec2-xml.ts';
import { MotoClient } from '../../local/emulator/moto-client.ts';
import { at, isObject, type JsonObject, stringAt } from '../../local/json.ts';
import type { LocalOrganization } from '../../local/synthesise.ts';
import { type LocalEvent, putEvents } from '../../local/trail/event.ts';
import { theVolume, volumesAlone } from './organization.ts';
import { administrator } from './plan.ts';
import type { Account } from './sorts/sort.ts';
import { teller } from './storm.ts';
import { inCloud } from './world.ts';

/** What is asked of a run with a noisy account. */
export interface NoisyOptions extends LocalOrganization {
  /** How many events the noisy account makes, and over how many seconds; an emulator that is too slow for that takes longer. */
  readonly events: number;
  readonly seconds: number;
  readonly terminal: Terminal;
}

/** How long volumes of quiet accounts took until they were encrypted, in seconds. */
export interface Took {
  readonly made: number;
  readonly done: number;
  readonly median: number;
  readonly longest: number;
}

/** What came of it. */
export interface NoisyResult {
  /** While nothing else happened. */
  readonly alone: Took;
  /** While the events of the noisy account came and were worked on. */
  readonly beside: Took;
  /** Over how many seconds its events came. */
  readonly cameIn: number;
  /** How many messages were still waiting when the last quiet volume was done. */
  readonly stillWaiting: number;
}

/** How many quiet volumes there are in each run, and how many seconds lie between two. */
const QUIET = { volumes: 20, every: 3 };
/** So many messages of a batch at most, which bounds what moto is asked at once. */
const BATCH = 50;
/** A quiet volume that takes longer is not waited for, in milliseconds. */
const PATIENCE_MS = 5 * 60_000;
/** So many events go with a call of PutEvents. */
const MOST_PER_CALL = 10;
/** So many calls at once make the noise. */
const AT_ONCE = 8;

/** Has one account make many events at once, and tells how long the volumes of others take beside that, and without. */
export async function noisy({ events, seconds, terminal, ...organization }: NoisyOptions): Promise<NoisyResult> {
  const tell = teller(terminal);
  const done = new Map<string, number>();
  const onFinding = (finding: JsonObject): void => {
    if (stringAt(finding, 'status') === theVolume().status) done.set(stringAt(finding, 'resource', 'id') ?? '', Date.now());
  };
  const config = { controls: await volumesAlone() };
  return await inCloud(config, { organization, mostPerBatch: BATCH, onProgress: tell, onFinding }, async (cloud) => {
    const [first = ''] = organization.regions;
    const loud = administrator(cloud, 1, first);
    const quiet = Array.from({ length: organization.accounts - 2 }, (_, n) =>
      organization.regions.map((region) => administrator(cloud, n + 2, region)),
    ).flat();
    tell(`making the ${events} volumes of ${loud.id}`);
    const send = await noiseOf({ events, seconds }, loud, cloud);
    tell('a run without noise');
    const alone = await run(quiet, done);
    tell('a run beside the noise');
    const begun = Date.now();
    const [beside, cameIn] = await Promise.all([run(quiet, done), send().then(() => (Date.now() - begun) / 1000)]);
    const { now, later } = await cloud.queued();
    return { alone, beside, cameIn, stillWaiting: now + later };
  });
}

/** Makes the volumes that the noise is about, past the endpoint, so that they make no event; answers what sends the events of all. */
async function noiseOf(
  { events, seconds }: Pick<NoisyOptions, 'events' | 'seconds'>,
  loud: Account,
  cloud: LocalCloud,
): Promise<() => Promise<void>> {
  const { id: account, settings } = loud;
  const { region } = settings;
  const moto = new MotoClient({ endpoint: cloud.motoEndpoint }, account);
  const shape = { AvailabilityZone: `${region}a`, Size: '1' };
  const ids: string[] = [];
  await atOnce(events, async () => {
    const id = stringAt(parseAnswer((await moto.ec2('CreateVolume', shape, region)).body), 'volumeId');
    if (id !== undefined) ids.push(id);
  });
  // one is made as people do it, for its record
  await theVolume().make(loud, 'first');
  const record = cloud.records().find((one) => one.eventName === 'CreateVolume' && one.recipientAccountId === account);
  if (!record || ids.length < events) throw new Error('the noise could not be made');
  const eventOf = (id: string): LocalEvent => {
    const made = at(record, 'responseElements');
    const responseElements = { ...(isObject(made) ? made : {}), volumeId: id };
    const detail = { ...record, eventID: randomUUID(), requestID: randomUUID(), eventTime: new Date().toISOString(), responseElements };
    return { source: 'aws.ec2', type: 'AWS API Call via CloudTrail', resources: [], detail };
  };
  return async () => {
    const [begun, calls] = [Date.now(), Math.ceil(events / MOST_PER_CALL)];
    await atOnce(calls, async (n) => {
      await sleep(Math.max(0, begun + (n / calls) * seconds * 1000 - Date.now()));
      await putEvents(ids.slice(n * MOST_PER_CALL, Math.min((n + 1) * MOST_PER_CALL, events)).map(eventOf), moto, region);
    });
  };
}

/** Makes volumes in turn in these places, one every few seconds; answers how long each took. */
async function run(places: readonly Account[], done: ReadonlyMap<string, number>): Promise<Took> {
  const made = await Promise.all(
    Array.from({ length: QUIET.volumes }, async (_, n) => {
      await sleep(n * QUIET.every * 1000);
      const place = places[n % places.length];
      if (!place) throw new Error('there is no quiet account');
      const begun = Date.now();
      const id = await theVolume().make(place, `quiet-${n}`);
      while (!done.has(id) && Date.now() - begun < PATIENCE_MS) await sleep(100);
      return { isDone: done.has(id), seconds: ((done.get(id) ?? Date.now()) - begun) / 1000 };
    }),
  );
  const seconds = made.map((one) => one.seconds).toSorted((a, b) => a - b);
  return {
    made: made.length,
    done: made.filter(({ isDone }) => isDone).length,
    median: seconds[Math.floor(seconds.length / 2)] ?? 0,
    longest: seconds.at(-1) ?? 0,
  };
}

async function atOnce(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let n = next; n < count; n = next) {
      next += 1;
      await work(n);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
