import { isByFunction } from '#shared/aws/ours.ts';
import type { Context, Reader } from '#shared/control/control.ts';
import type { KeyState } from '#shared/launch/ebs-key.ts';
import { type Around, badOf, type Effect, effectsOf } from '#shared/launch/launch.ts';
import { aroundOf, versionsOf, whyUnsupported } from '#shared/launch/reads.ts';
import { isSameButForEncryption, launchOf, replacementOf, type TemplateVersion } from '#shared/launch/template.ts';
import { keyOfFix } from './key-of-fix.ts';

type Settings = { readonly kmsKey?: string | undefined };

/** The default or the latest version, what it launches, and the number of the version that replaces it. */
export interface Judged {
  readonly version: TemplateVersion;
  readonly isLatest: boolean;
  readonly effects: readonly Effect[];
  readonly replacement: number | undefined;
}

/** All that is known of one launch template. */
export interface Facts {
  readonly id: string;
  readonly judged: readonly Judged[];
  readonly around: Around;
  /** The number of the version that the latest is a copy of, with encryption, where Redress made it. */
  readonly made: number | undefined;
  /** Somebody's version that one of Redress took the place of as the latest: it appeared while Redress made its own. */
  readonly overtaken: { readonly version: TemplateVersion; readonly effects: readonly Effect[] } | undefined;
  /** The key of what would be made; absent where nothing has to be. */
  readonly key: KeyState | undefined;
  /** Versions that say Redress made them, and that AWS says somebody else made. */
  readonly strangers: readonly number[];
  /** Why its instance type takes no encrypted volume. */
  readonly unsupported: string | undefined;
}

/** What Redress writes as the description of a version that it makes of another. */
export const DESCRIPTION = 'Redress: version';

/** Reads everything that decides about a launch template; undefined if its versions are gone. */
export async function inspectTemplate(id: string, read: Reader, context: Context<Settings>): Promise<Facts | undefined> {
  const current = await versionsOf(id, { Versions: ['$Latest', '$Default'] }, read);
  const latest = current.at(-1);
  if (!latest) return undefined;
  const now = await aroundOf(current.map(launchOf), read, context);
  const bad = current.filter((one) => badOf(effectsOf(launchOf(one), now)).length > 0);
  const isOurs = (one: TemplateVersion) => madeFrom(one) !== undefined && isByFunction(one.createdBy, 'launch-templates', context) !== 'no';
  const from = isOurs(latest) ? madeFrom(latest) : undefined;
  const first = Math.min(...bad.map(({ number }) => number), from ?? Number.POSITIVE_INFINITY);
  const isCurrentEnough = !Number.isFinite(first);
  const versions = isCurrentEnough ? current : await versionsOf(id, { MinVersion: String(first) }, read);
  const around = isCurrentEnough ? now : await aroundOf(versions.map(launchOf), read, context);
  // anybody could write the description, and AWS says who made the version
  const original = versions.find(({ number }) => number === from);
  const made = original && isSameButForEncryption(original, latest, around) ? original.number : undefined;
  const lost = made === undefined ? undefined : versions.findLast((one) => one.number > made && one.number < latest.number && !isOurs(one));
  const isWrong = lost ?? (bad.includes(latest) ? latest : undefined);
  return {
    id,
    around,
    made,
    judged: current.map((version) => ({
      version,
      isLatest: version === latest,
      effects: effectsOf(launchOf(version), around),
      replacement: replacementOf(version, versions, around)?.number,
    })),
    overtaken: lost && { version: lost, effects: effectsOf(launchOf(lost), around) },
    key: isWrong && (await keyOfFix(id, isWrong, around, read, context)),
    strangers: current.filter((one) => madeFrom(one) !== undefined && !isOurs(one)).map(({ number }) => number),
    unsupported: isWrong && (await whyUnsupported(isWrong.data.InstanceType, read)),
  };
}

/** The version that Redress made another from, by its description. */
function madeFrom({ description }: TemplateVersion): number | undefined {
  const number = description?.startsWith(DESCRIPTION) ? /^ (\d+)\b/.exec(description.slice(DESCRIPTION.length))?.[1] : undefined;
  return number === undefined ? undefined : Number(number);
}
