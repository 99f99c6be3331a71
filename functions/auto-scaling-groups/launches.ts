import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Context, Place, Reader } from '#shared/control/control.ts';
import type { Advice } from '#shared/control/iac.ts';
import { inSentence, type Managers, managerOf } from '#shared/control/manager.ts';
import type { KeyState } from '#shared/launch/ebs-key.ts';
import { keyForLaunches, type Who } from '#shared/launch/key-for-launches.ts';
import { type Around, badOf, type Effect, effectsOf } from '#shared/launch/launch.ts';
import { nobody, otherLaunchers } from '#shared/launch/launchers.ts';
import { type Pointer, pointersOf } from '#shared/launch/pointers.ts';
import { aroundOf, templatesById, versionsOf } from '#shared/launch/reads.ts';
import { encryptedData, encryptionSource, launchOf, replacementOf, type TemplateVersion } from '#shared/launch/template.ts';
import { configurationsByName } from './groups.ts';

/** A launch template as a group names it, and what is launched by it. */
export interface Launched extends Pointer {
  /** The number of the version it stands for now; undefined if that is gone. */
  readonly version: number | undefined;
  readonly effects: readonly Effect[];
  /** The number of the version that is the same with encryption. */
  readonly replacement: number | undefined;
  /** Whether the version is the template's latest: only of that one another is made. */
  readonly isLatest: boolean;
  /** What manages the template, so that no version is made of it, and its default stays where it is. */
  readonly owner: string | undefined;
  /** How that encrypts what it launches. */
  readonly ways: readonly Advice[];
  /** What it claims to be managed by, where a person decides about that. */
  readonly claim: string | undefined;
  /** Why no encrypted version of it will come, whatever manages it. */
  readonly obstacles: readonly string[];
  /** The keys of volumes in the replacement that are under another one now, or under none. */
  readonly keys: readonly string[];
}

/** All that is known of one group. */
export interface Facts {
  readonly group: AutoScalingGroup;
  readonly launches: readonly Launched[];
  /** A launch configuration, with what is launched by it; none if it is gone. */
  readonly configuration: { readonly name: string; readonly effects: readonly Effect[] } | undefined;
}

/** Where is read, and whether the keys of encrypted volumes matter. */
interface Ask {
  readonly place: Place & Managers;
  readonly wantsKeys: boolean;
}

/** Reads everything that decides about what a group launches. */
export async function inspectGroup(group: AutoScalingGroup, read: Reader, place: Ask['place'], wantsKeys = false): Promise<Facts> {
  const ask = { place, wantsKeys };
  const [launches, configuration] = await Promise.all([launchesOf(group, read, ask), configurationOf(group, read, ask)]);
  return { group, launches, configuration };
}

/** The launches of a group that do not make encrypted volumes only. */
export function badLaunches(launches: readonly Launched[]): Launched[] {
  return launches.filter(({ isUsed, effects }) => isUsed && badOf(effects).length > 0);
}

/** What is wrong with the keys that volumes would come under, for whoever would launch them after the move; undefined if nothing is. */
export async function keyOfMove({ group, launches }: Facts, read: Reader, context: Context): Promise<KeyState | undefined> {
  const bad = badLaunches(launches);
  // a default moves for all that follows it
  const defaults = bad.filter(({ follows }) => follows === '$Default');
  const isMoved = (one: Pointer) => one.follows === '$Default' && defaults.some(({ template }) => template === one.template);
  const who: Who = {
    groups: (all) => [group, ...all.filter((one) => pointersOf(one).some(isMoved))],
    others: async () => {
      const template = defaults.flatMap(({ template, name }) => [template, name]);
      return template.length > 0 ? await otherLaunchers(read, context, { template }) : nobody;
    },
  };
  const ids = bad.flatMap(({ keys }) => keys);
  const state = await keyForLaunches(ids, who, read, context);
  return state?.problem || state?.doubt ? state : undefined;
}

async function launchesOf(group: AutoScalingGroup, read: Reader, ask: Ask): Promise<Launched[]> {
  const byTemplate = Map.groupBy(pointersOf(group), ({ template }) => template);
  const launched = await Promise.all([...byTemplate].map(([template, pointers]) => launchedBy(template, pointers, read, ask)));
  return launched.flat();
}

async function launchedBy(template: string, pointers: readonly Pointer[], read: Reader, ask: Ask): Promise<Launched[]> {
  const Versions = [...new Set(['$Latest', '$Default', ...pointers.map(({ follows }) => follows)])];
  const [described, current] = await Promise.all([read.many(templatesById, [template]), versionsOf(template, { Versions }, read)]);
  const now = await aroundAll(current, pointers, read, ask);
  const bad = pointers.flatMap((pointer) => {
    const version = followed(pointer, current);
    return version && badOf(launchedWith(version, pointer, now)).length > 0 ? [version.number] : [];
  });
  const versions = bad.length > 0 ? await versionsOf(template, { MinVersion: String(Math.min(...bad)) }, read) : current;
  const around = bad.length > 0 ? await aroundAll([...current, ...versions], pointers, read, ask) : now;
  const { Operator, Tags } = described.get(template) ?? {};
  const operator = Operator?.Managed ? (Operator.Principal ?? 'an AWS service') : undefined;
  const manager = managerOf(Tags, operator === undefined ? undefined : { via: operator, service: operator }, ask.place);
  const { claims = 'ask' } = ask.place;
  const isBelieved = manager?.isProven || (claims === 'skip' && operator === undefined);
  const owner = isBelieved ? manager?.name : operator;
  const claim = manager && owner === undefined && claims === 'ask' ? inSentence(manager) : undefined;
  const ways = owner === undefined ? [] : (manager?.fix(encryptionSource()) ?? []);
  return pointers.map((pointer) => {
    const version = followed(pointer, current);
    const effects = version ? launchedWith(version, pointer, around) : [];
    const replacement = version && replacementOf(version, versions, around);
    const replaced = replacement ? launchedWith(replacement, pointer, around) : [];
    // an override's own image has devices of its own
    const isGood = replacement && badOf(replaced).length === 0;
    const isUnder = (device: string, key: string) => effects.some((one) => one.device === device && one.key === key);
    return {
      ...pointer,
      version: version?.number,
      effects,
      replacement: isGood ? replacement.number : undefined,
      isLatest: version !== undefined && version.number === current.at(-1)?.number,
      owner,
      ways,
      claim,
      obstacles: version && badOf(effects).length > 0 ? obstaclesOf(version, around) : [],
      keys: isGood ? replaced.flatMap(({ device, key }) => (key && !isUnder(device, key) ? [key] : [])) : [],
    };
  });
}

/** What keeps the template control from making an encrypted version that would help. */
function obstaclesOf(version: TemplateVersion, around: Around): readonly string[] {
  const own = effectsOf(launchOf(version), around);
  if (badOf(own).length > 0) return encryptedData(version, own, around, undefined).obstacles;
  return ['An override names an image whose devices the template does not encrypt: give that override a launch template of its own.'];
}

async function configurationOf(group: AutoScalingGroup, read: Reader, { place, wantsKeys }: Ask): Promise<Facts['configuration']> {
  const name = group.LaunchConfigurationName;
  if (!name) return undefined;
  const configuration = (await read.many(configurationsByName, [name])).get(name);
  if (!configuration) return { name, effects: [] };
  return { name, effects: effectsOf(configuration, await aroundOf([configuration], read, place, wantsKeys)) };
}

function aroundAll(
  versions: readonly TemplateVersion[],
  pointers: readonly Pointer[],
  read: Reader,
  { place, wantsKeys }: Ask,
): Promise<Around> {
  const images = pointers.flatMap((pointer) => pointer.images.flatMap((ImageId) => (ImageId ? [{ ImageId }] : [])));
  return aroundOf([...versions.map(launchOf), ...images], read, place, wantsKeys);
}

function followed({ follows }: Pointer, versions: readonly TemplateVersion[]): TemplateVersion | undefined {
  if (follows === '$Latest') return versions.at(-1);
  return versions.find(({ number, isDefault }) => (follows === '$Default' ? isDefault : String(number) === follows));
}

function launchedWith(version: TemplateVersion, { images }: Pointer, around: Around): Effect[] {
  const launch = launchOf(version);
  return images.flatMap((image) => effectsOf(image ? { ...launch, ImageId: image } : launch, around));
}
