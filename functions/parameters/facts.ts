import type { ParameterMetadata, Tag } from '@aws-sdk/client-ssm';
import { classify, errorText } from '#shared/aws/errors.ts';
import { isByFunction } from '#shared/aws/ours.ts';
import type { Made } from '#shared/control/actor.ts';
import type { Context, Reader, Target } from '#shared/control/control.ts';
import type { Advice } from '#shared/control/iac.ts';
import { managerOf } from '#shared/control/manager.ts';
import type { Secret } from '#shared/control/secret.ts';
import { type Detection, detectInName } from '#shared/detect/index.ts';
import { keyState } from './key.ts';
import { type Labelled, labelledIn } from './labels.ts';
import { atTheSource, byName, type Leave, reasonToLeave } from './leave.ts';
import { decryptedByName, historyOf, isGone, metadataByName, storedByName, tagsOf, type Value, type Version } from './parameters.ts';
import { type Readers, readersOf } from './readers.ts';
import type { Settings } from './settings.ts';
import { isRecreated, type Original, obstacleToStage, stagesOf } from './stage.ts';

/** Somebody's newer value that a conversion overwrote: the one to put back. */
interface Lost {
  readonly version: number;
  readonly keyId: string | undefined;
  readonly secret: Secret;
}

/** All that is known of one parameter; values stand in secrets only. */
export interface Facts extends Original {
  readonly found: readonly Detection[];
  /** Whose last version it is, as far as AWS says. */
  readonly isOurs: 'yes' | 'no' | 'unknown';
  readonly lost?: Lost;
  /** Whether the conversion created a parameter again that somebody had just deleted: PutParameter cannot ask that there be one. */
  readonly isRevived?: boolean;
  /** Why a SecureString of ours cannot be read back. */
  readonly unreadable?: string;
  /** Whether the config names it for Slack: then only its type is known, for no role of a control may read it. */
  readonly isOwn?: boolean;
  readonly leave?: Leave;
  /** Where to change what is left. */
  readonly source?: readonly Advice[];
  readonly problem?: string;
  readonly doubt?: string;
  /** What settles a doubt about the key. */
  readonly keyAdvice?: string;
  readonly readers?: Readers;
  /** Plaintext versions that readers may name by a label. */
  readonly labelled?: readonly Labelled[];
}

/** CloudTrail's event history lags: within so many minutes of its creation a parameter's readers do not show, but nor can anything depend on it. */
const NEW_MINUTES = 15;
/** AWS keeps so many versions, and drops the oldest at the next write, unless it is labelled. */
const MOST_VERSIONS = 100;

type Targets = readonly Target<Made>[];

/** Reads a batch of parameters; one that is neither there nor staged is absent. */
export async function inspectAll(targets: Targets, read: Reader, context: Context<Settings>): Promise<Map<string, Facts>> {
  const own = context.ownSecrets ?? [];
  const names = targets.map(({ id }) => id);
  // the role may not read those, and one such name would fail the call for all
  const readable = names.filter((name) => !own.includes(name));
  const [metadata, values] = await Promise.all([read.many(metadataByName, names), read.many(storedByName, readable)]);
  const facts = await Promise.all(
    targets.map(async ({ id, hint }): Promise<[string, Facts][]> => {
      const known = metadata.get(id);
      if (own.includes(id)) return known ? [[id, { ...unread(id), metadata: known, isOwn: true }]] : [];
      try {
        const one = await inspectOne(id, known, values.get(id), hint, read, context);
        return one ? [[id, one]] : [];
      } catch (error) {
        // deleted between two reads: the next look tells whether it stays away
        if (isGone(error)) return [];
        throw error;
      }
    }),
  );
  return new Map(facts.flat());
}

/** What is known of a parameter before it is read. */
const unread = (name: string) =>
  ({
    name,
    metadata: undefined,
    value: undefined,
    labels: [],
    tags: [],
    stages: [],
    found: [],
    isOurs: 'unknown',
    isSettled: true,
  }) satisfies Facts;

async function inspectOne(
  name: string,
  metadata: ParameterMetadata | undefined,
  stored: Value | undefined,
  made: Made | undefined,
  read: Reader,
  context: Context<Settings>,
): Promise<Facts | undefined> {
  const isOurs = isByFunction(metadata?.LastModifiedUser, 'parameters', context);
  const none = { ...unread(name), metadata, value: stored, isOurs };
  const stages = await stagesOf(name, read, context);
  if (!stored) return stages.length > 0 ? { ...none, metadata: undefined, stages } : undefined;
  if (!metadata) return undefined;
  const isSettled = metadata.Version === stored.version;
  if (stored.type === 'SecureString') {
    const tags = stages.length > 0 || (stored.version === 1 && isOurs === 'yes') ? await tagsOf(name, read) : [];
    // what somebody else wrote is theirs: Redress has no business to decrypt it
    if (isOurs === 'no') return { ...none, isSettled, stages, tags };
    const isRevived = stored.version === 1 && isOurs === 'yes' && !isRecreated(tags);
    return { ...none, isSettled, stages, tags, isRevived, ...(await readBack(name, stored, isOurs, read, context)) };
  }
  const named = detectInName(name, context.settings.patterns);
  const found = [...(stored.isPlain ? named.filter(({ detector }) => detector === 'name:configured') : named), ...stored.found];
  if (found.length === 0 && stages.length === 0) return none;
  const tags = await tagsOf(name, read);
  const known: Facts = { ...none, isSettled, found, tags, stages };
  if (stages.length > 0) return { ...known, labels: newestLabels(await historyOf(name, read)) };
  const leave = await reasonToLeave(name, metadata.Tier, stored, read, context);
  // what the engine skips all the same needs no readers looked up, which CloudTrail grants twice a second
  if (leave || managerOf(tags, made, context)?.isProven)
    return { ...known, ...(leave && { leave, source: atTheSource(tags, made, context) }) };
  return { ...known, ...(await obstacles(name, metadata, stored, tags, read, context)) };
}

/** What Redress wrote, decrypted, and whether the newest version that is not its own has another value. */
async function readBack(
  name: string,
  stored: Value,
  isOurs: Facts['isOurs'],
  read: Reader,
  context: Context,
): Promise<Pick<Facts, 'value' | 'labels'> & { lost?: Lost; unreadable?: string; labelled?: readonly Labelled[] }> {
  try {
    const value = (await read.many(decryptedByName, [name])).get(name);
    if (!value) return { value: stored, labels: [], unreadable: 'GetParameters leaves it out when it is to decrypt it' };
    const history = await historyOf(name, read, true);
    const labels = newestLabels(history);
    const theirs = isOurs === 'yes' ? history.findLast(({ user }) => isByFunction(user, 'parameters', context) !== 'yes') : undefined;
    const isLost = theirs !== undefined && !theirs.secret.equals(value.secret);
    return { value, labels, labelled: labelledIn(history, value.secret), ...(isLost && { lost: theirs }) };
  } catch (error) {
    const what = classify(error);
    if (what !== 'denied' && what !== 'refused') throw error;
    return { value: stored, labels: [], unreadable: errorText(error) };
  }
}

/** What stands against converting it now, and who would feel it. */
async function obstacles(
  name: string,
  metadata: ParameterMetadata,
  value: Value,
  tags: readonly Tag[],
  read: Reader,
  context: Context<Settings>,
): Promise<Pick<Facts, 'labels' | 'problem' | 'doubt' | 'keyAdvice' | 'readers' | 'labelled'>> {
  const { settings, now } = context;
  const named = byName(name);
  const history = await historyOf(name, read);
  const labels = newestLabels(history);
  const key = await keyState(settings.kmsKey, read);
  const obstacle = settings.purgeHistory ? obstacleToStage(name, tags) : oldestLabelled(history);
  const problem = named.problem ?? key.problem ?? obstacle;
  // what is recreated has no older versions
  const labelled = settings.purgeHistory ? [] : labelledIn(history, value.secret);
  if (problem) return { labels, problem, labelled };
  const doubts = [
    ...(named.doubt ? [named.doubt] : []),
    ...(key.doubt ? [key.doubt] : []),
    ...(settings.purgeHistory ? labelsLost(history) : []),
  ];
  const age = now.getTime() - (metadata.LastModifiedDate?.getTime() ?? 0);
  const isNew = value.version === 1 && age < NEW_MINUTES * 60_000;
  const readers = isNew ? undefined : await readersOf(name, settings, read, context);
  const doubt = doubts.length > 0 && { doubt: doubts.join('; ') };
  return { labels, labelled, ...doubt, ...(key.advice && { keyAdvice: key.advice }), ...(readers && { readers }) };
}

function newestLabels(history: readonly Version[]): readonly string[] {
  return history.at(-1)?.labels ?? [];
}

/** Old versions that somebody may read by a label, and that go with the history. */
function labelsLost(history: readonly Version[]): string[] {
  return history
    .slice(0, -1)
    .filter(({ labels }) => labels.length > 0)
    .map(({ version, labels }) => `version ${version} carries the label ${labels.join(' and ')}, which goes with it`);
}

function oldestLabelled(history: readonly Version[]): string | undefined {
  const [oldest] = history;
  if (!oldest || history.length < MOST_VERSIONS || oldest.labels.length === 0) return undefined;
  return `it has ${MOST_VERSIONS} versions and the oldest, ${oldest.version}, carries the label ${oldest.labels[0]}, so AWS takes no further one (ParameterMaxVersionLimitExceeded)`;
}
