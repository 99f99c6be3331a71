import type { EbsBlockDevice, Image, Snapshot } from '@aws-sdk/client-ec2';

/** A block device as launch templates and launch configurations both write it. */
interface Mapping {
  readonly DeviceName?: string | undefined;
  readonly VirtualName?: string | undefined;
  /** Removes the image's device; text in a template (empty, even), a boolean in a launch configuration. */
  readonly NoDevice?: string | boolean | undefined;
  readonly Ebs?:
    | {
        readonly Encrypted?: boolean | undefined;
        readonly KmsKeyId?: string | undefined;
        readonly SnapshotId?: string | undefined;
      }
    | undefined;
}

/** What decides about the volumes of a launch; `ImageId` is an AMI's id, a reference to a parameter resolved. */
export interface Launch {
  readonly ImageId?: string | undefined;
  readonly BlockDeviceMappings?: readonly Mapping[] | undefined;
}

/** What else decides about them, as read from the account. */
export interface Around {
  readonly account: string;
  readonly region: string;
  readonly isDefaultOn: boolean;
  /** The account's default key of EBS. */
  readonly defaultKey: string;
  /** By id; absent means gone, or not shared with this account. */
  readonly images: ReadonlyMap<string, Image>;
  readonly snapshots: ReadonlyMap<string, Snapshot>;
}

/** What one block device of a launch becomes, and why. */
export interface Effect {
  readonly device: string;
  /** `refused`: AWS launches nothing; `unknown`: what it is made from cannot be seen. */
  readonly is: 'encrypted' | 'unencrypted' | 'refused' | 'unknown';
  readonly why: string;
  /** The key that an encrypted volume is under. */
  readonly key?: string;
  /** What it is made from is under another key, which has to be usable too; without the keys of snapshots read, it may be the same. */
  readonly source?: SourceKey;
}

/** Another key that a volume is made from; `key` is absent where AWS does not show it, as of the snapshots of somebody else's image. */
export interface SourceKey {
  readonly of: string;
  readonly key?: string | undefined;
}

/** What a device's volume is made from: nothing, a snapshot, or something that cannot be seen. */
type Source =
  | 'empty'
  | 'unknown'
  | { readonly isEncrypted: boolean; readonly isOurs: boolean; readonly key: string | undefined; readonly of: string };

/**
 * What every block device of a launch becomes. A mapping goes over the image's device of the same name, member by member;
 * encryption is never removed, and a snapshot of somebody else's key comes out under the account's default key.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html
 * https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
 */
export function effectsOf(launch: Launch, around: Around): Effect[] {
  const { ImageId } = launch;
  const image = ImageId === undefined ? undefined : around.images.get(ImageId);
  const ofImage = devicesOf(image);
  const named = new Map((launch.BlockDeviceMappings ?? []).flatMap((one) => (one.DeviceName ? [[one.DeviceName, one]] : [])));
  const effects = [...new Set([...ofImage.keys(), ...named.keys()])].flatMap((device) => {
    const mapping = named.get(device);
    const base = ofImage.get(device);
    const isAbsent = mapping !== undefined && mapping.NoDevice !== undefined && mapping.NoDevice !== false;
    if (isAbsent || mapping?.VirtualName || (!base && !mapping?.Ebs)) return [];
    return [effectOf(device, mapping?.Ebs, base, image, launch, around)];
  });
  if (ImageId === undefined || image) return effects;
  const device = `the devices of ${ImageId}`;
  return [
    ...effects,
    around.isDefaultOn
      ? { device, is: 'encrypted', why: BY_DEFAULT, key: around.defaultKey }
      : { device, is: 'unknown', why: unseen(ImageId) },
  ];
}

/** The EBS devices of an image, by name. */
export function devicesOf(image: Image | undefined): ReadonlyMap<string, EbsBlockDevice> {
  return new Map((image?.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) => (DeviceName && Ebs ? [[DeviceName, Ebs]] : [])));
}

/** The devices that do not come out encrypted. */
export function badOf(effects: readonly Effect[]): readonly Effect[] {
  return effects.filter(({ is }) => is !== 'encrypted');
}

/** Effects in one sentence; `what` is what launches, such as `Version 3`. */
export function sayEffects(what: string, effects: readonly Effect[]): string {
  const bad = badOf(effects);
  if (bad.length === 0) {
    const byDefault = effects.some(({ why }) => why === BY_DEFAULT);
    if (effects.length === 0) return `${what} names no volume.`;
    return `${what} launches encrypted volumes only${byDefault ? `, since ${BY_DEFAULT}` : ''}.`;
  }
  const list = bad.map(({ device, why }) => `${device}, since ${why}`).join('; ');
  if (bad.some(({ is }) => is === 'unencrypted')) return `${what} launches unencrypted volumes: ${list}.`;
  if (bad.some(({ is }) => is === 'unknown')) return `Whether ${lower(what)} launches encrypted volumes is not known: ${list}.`;
  return `${what} launches nothing: ${list}.`;
}

const BY_DEFAULT = 'encryption by default is on';

function effectOf(
  device: string,
  ebs: Mapping['Ebs'],
  base: EbsBlockDevice | undefined,
  image: Image | undefined,
  { ImageId }: Launch,
  around: Around,
): Effect {
  const source = sourceOf(ebs, base, image, ImageId, around);
  const isFromEncrypted = typeof source === 'object' && source.isEncrypted;
  const key = ebs?.KmsKeyId ?? (isFromEncrypted && source.isOurs ? source.key : undefined) ?? around.defaultKey;
  const isFromOther = isFromEncrypted && source.key !== key && !(source.isOurs && source.key === undefined);
  const encrypted = (why: string): Effect => ({
    device,
    is: 'encrypted',
    why,
    key,
    ...(isFromOther && { source: { of: source.of, ...(source.key && { key: source.key }) } }),
  });
  if (ebs?.Encrypted) return encrypted('`Encrypted` is set');
  if (around.isDefaultOn) return encrypted(BY_DEFAULT);
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html: a key without `Encrypted` is an error
  if (ebs?.KmsKeyId) return { device, is: 'refused', why: 'it has a key and `Encrypted` is not set, which AWS refuses' };
  if (isFromEncrypted) return encrypted(ebs?.SnapshotId || base?.SnapshotId ? 'its snapshot is encrypted' : 'its AMI encrypts it');
  const open = (why: string): Effect => ({ device, is: 'unencrypted', why });
  if (source === 'empty') return open(ebs?.Encrypted === false ? '`Encrypted` is false' : '`Encrypted` is not set');
  if (source === 'unknown') return { device, is: 'unknown', why: unseen(ebs?.SnapshotId ?? ImageId ?? 'its image') };
  return open(ebs?.SnapshotId ? `the snapshot ${ebs.SnapshotId} is not encrypted` : `the snapshot of ${ImageId} is not encrypted`);
}

function sourceOf(
  ebs: Mapping['Ebs'],
  base: EbsBlockDevice | undefined,
  image: Image | undefined,
  imageId: string | undefined,
  { account, snapshots }: Around,
): Source {
  if (ebs?.SnapshotId && ebs.SnapshotId !== base?.SnapshotId) {
    const snapshot = snapshots.get(ebs.SnapshotId);
    if (!snapshot) return 'unknown';
    return { isEncrypted: snapshot.Encrypted === true, isOurs: snapshot.OwnerId === account, key: snapshot.KmsKeyId, of: ebs.SnapshotId };
  }
  // a device of an image whose devices cannot be seen may be one of them
  if (!base) return imageId === undefined || image ? 'empty' : 'unknown';
  if (!base.SnapshotId && !base.Encrypted) return 'empty';
  const key = base.KmsKeyId ?? snapshots.get(base.SnapshotId ?? '')?.KmsKeyId;
  return { isEncrypted: base.Encrypted === true, isOurs: image?.OwnerId === account, key, of: imageId ?? 'its image' };
}

function unseen(id: string): string {
  return id.startsWith('resolve:') ? `${id} cannot be resolved` : `${id} is gone, or not shared with this account`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
