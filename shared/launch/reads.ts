import {
  type _InstanceType,
  DescribeImagesCommand,
  DescribeInstanceTypesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotsCommand,
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  type Image,
  type LaunchTemplate,
  type LaunchTemplateVersion,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { classify } from '#shared/aws/errors.ts';
import { pages } from '#shared/aws/pages.ts';
import type { Loader, Permission, Place, Reader } from '#shared/control/control.ts';
import { Secret } from '#shared/control/secret.ts';
import { type Around, devicesOf, type Launch } from './launch.ts';
import type { TemplateVersion } from './template.ts';

/** What the reads of this file need. */
export const launchReads: readonly Permission[] = [
  { action: 'ec2:GetEbsEncryptionByDefault' },
  { action: 'ec2:GetEbsDefaultKmsKeyId' },
  { action: 'ec2:DescribeImages' },
  { action: 'ec2:DescribeSnapshots' },
];

/** What it takes to know that Auto Scaling can use a key. */
export const keyReads: readonly Permission[] = [
  { action: 'autoscaling:DescribeAutoScalingGroups' },
  { action: 'kms:DescribeKey' },
  { action: 'kms:GetKeyPolicy' },
  { action: 'kms:ListGrants' },
];

/** What it takes to know that an encrypted volume can be made: with the key, and on the instance type. */
export const encryptionReads: readonly Permission[] = [{ action: 'ec2:DescribeInstanceTypes' }, ...keyReads];

/** What the reads of launch templates need besides. */
export const templateReads: readonly Permission[] = [
  { action: 'ec2:DescribeLaunchTemplates' },
  { action: 'ec2:DescribeLaunchTemplateVersions' },
  // AWS's public parameters have no account in their ARN
  ...['{account}:parameter/*', ':parameter/aws/service/*'].map((parameters) => ({
    action: 'ssm:GetParameters',
    resource: `arn:{partition}:ssm:{region}:${parameters}`,
    impliedBy: 'EC2 reads the parameter that an `ImageId` names, with the permissions of whoever asks for the AMI',
  })),
];

const SSM_IMAGE = 'resolve:ssm:';

/** Images by id: by filter, since one missing id would fail the call; deprecated and disabled ones are still named by templates. */
const imagesById: Loader<Image> = {
  name: 'images by id',
  max: 200,
  async load(ids, read) {
    const which = { Filters: [{ Name: 'image-id', Values: [...ids] }], IncludeDeprecated: true, IncludeDisabled: true };
    const found = await pages(
      read,
      (token) => new DescribeImagesCommand({ ...which, ...token }),
      ({ Images }) => Images,
    );
    return new Map(found.flatMap((one) => (one.ImageId ? [[one.ImageId, one]] : [])));
  },
};

/** Snapshots by id. */
const snapshotsById: Loader<Snapshot> = {
  name: 'snapshots by id',
  max: 200,
  async load(ids, read) {
    const Filters = [{ Name: 'snapshot-id', Values: [...ids] }];
    const found = await pages(
      read,
      (token) => new DescribeSnapshotsCommand({ Filters, ...token }),
      ({ Snapshots }) => Snapshots,
    );
    return new Map(found.flatMap((one) => (one.SnapshotId ? [[one.SnapshotId, one]] : [])));
  },
};

/** Launch templates by id; one that is gone is absent. */
export const templatesById: Loader<LaunchTemplate> = {
  name: 'launch templates by id',
  max: 200,
  async load(ids, read) {
    try {
      const templates = await templatesWhere({ LaunchTemplateIds: [...ids] }, read);
      return new Map(templates.flatMap((one) => (one.LaunchTemplateId ? [[one.LaunchTemplateId, one]] : [])));
    } catch (error) {
      // one that is missing fails the call for all, and there is no filter by id
      if (classify(error) !== 'missing') throw error;
      if (ids.length === 1) return new Map();
      const singles = await Promise.all(ids.map((id) => templatesById.load([id], read)));
      return new Map(singles.flatMap((one) => [...one]));
    }
  },
};

/** Every launch template that is asked for, or all of the Region. */
export function templatesWhere(
  which: { LaunchTemplateIds?: string[]; Filters?: { Name: string; Values: string[] }[] },
  read: Reader,
): Promise<LaunchTemplate[]> {
  return pages(
    read,
    (token) => new DescribeLaunchTemplatesCommand({ ...which, ...token }),
    ({ LaunchTemplates }) => LaunchTemplates,
  );
}

/**
 * Versions of a template, oldest first: those named (`$Latest`, `$Default`, numbers), or all from a number on; what is gone is absent.
 * References to parameters are resolved by calls of their own, since a version must be copied with the reference itself.
 */
export async function versionsOf(
  template: string,
  which: { Versions: string[] } | { MinVersion: string },
  read: Reader,
): Promise<readonly TemplateVersion[]> {
  const versions = await presentOf({ LaunchTemplateId: template, ...which }, read);
  const images = await resolvedImages(template, versions, read);
  const found = versions.map(
    ({ VersionNumber: number = 0, DefaultVersion, VersionDescription, CreatedBy: createdBy, LaunchTemplateData = {} }): TemplateVersion => {
      const { UserData, ...data } = LaunchTemplateData;
      const userData = UserData === undefined ? undefined : new Secret(UserData, `user data of version ${number}`);
      const imageId = images.get(data.ImageId ?? '') ?? data.ImageId;
      return { number, isDefault: DefaultVersion === true, description: VersionDescription, createdBy, data, userData, imageId };
    },
  );
  // asked for as `$Latest` and `$Default`, one version may come twice
  return [...new Map(found.map((one) => [one.number, one])).values()].sort((a, b) => a.number - b.number);
}

/** Reads what decides about the volumes of launches; with encryption by default on, images and snapshots matter for the keys only. */
export async function aroundOf(launches: readonly Launch[], read: Reader, { account, region }: Place, wantsKeys = false): Promise<Around> {
  const [{ EbsEncryptionByDefault }, { KmsKeyId }] = await Promise.all([
    read(new GetEbsEncryptionByDefaultCommand({})),
    read(new GetEbsDefaultKmsKeyIdCommand({})),
  ]);
  const settings = { account, region, isDefaultOn: EbsEncryptionByDefault === true, defaultKey: KmsKeyId ?? 'alias/aws/ebs' };
  if (settings.isDefaultOn && !wantsKeys) return { ...settings, images: new Map(), snapshots: new Map() };
  const ids = launches.flatMap(({ ImageId }) => (ImageId?.startsWith('ami-') ? [ImageId] : []));
  const images = await read.many(imagesById, ids);
  const own = [...images.values()].flatMap((image) => [...devicesOf(image).values()].flatMap(({ SnapshotId }) => SnapshotId ?? []));
  // an image's own too: at another device, or with another image, it is a snapshot like any
  const named = launches.flatMap(({ BlockDeviceMappings }) => (BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []));
  // the image itself tells whether its snapshots are encrypted; only the snapshot tells with which key
  const snapshots = await read.many(snapshotsById, wantsKeys ? [...named, ...own] : named);
  return { ...settings, images, snapshots };
}

/** Why an instance type takes no encrypted volume; undefined if nothing says so. */
export async function whyUnsupported(instanceType: _InstanceType | undefined, read: Reader): Promise<string | undefined> {
  if (!instanceType) return undefined;
  try {
    const { InstanceTypes } = await read(new DescribeInstanceTypesCommand({ InstanceTypes: [instanceType] }));
    return InstanceTypes?.[0]?.EbsInfo?.EncryptionSupport === 'unsupported' ? `${instanceType} takes no encrypted volume` : undefined;
  } catch (error) {
    // a type that the Region does not have launches nothing either way
    if (classify(error) === 'refused') return undefined;
    throw error;
  }
}

/** What there is of the versions asked for; one that is missing fails the call for all. */
async function presentOf(ask: Parameters<typeof pagesOf>[0], read: Reader): Promise<LaunchTemplateVersion[]> {
  try {
    return await pagesOf(ask, read);
  } catch (error) {
    if (classify(error) !== 'missing') throw error;
    const { Versions = [], ...rest } = ask;
    if (Versions.length < 2) return [];
    return (await Promise.all(Versions.map((one) => presentOf({ ...rest, Versions: [one] }, read)))).flat();
  }
}

function pagesOf(
  ask: { LaunchTemplateId: string; Versions?: string[]; MinVersion?: string; ResolveAlias?: boolean },
  read: Reader,
): Promise<LaunchTemplateVersion[]> {
  return pages(
    read,
    (token) => new DescribeLaunchTemplateVersionsCommand({ ...ask, ...token }),
    ({ LaunchTemplateVersions }) => LaunchTemplateVersions,
  );
}

/** The AMIs that references to parameters stand for now, each asked for once; one that cannot be resolved is absent. */
async function resolvedImages(template: string, versions: readonly LaunchTemplateVersion[], read: Reader): Promise<Map<string, string>> {
  const references = versions.flatMap(({ VersionNumber, LaunchTemplateData: { ImageId = '' } = {} }): [string, string][] =>
    ImageId.startsWith(SSM_IMAGE) ? [[ImageId, String(VersionNumber)]] : [],
  );
  // [U] whether AWS resolves more than one version a call is not documented
  const asked = [...new Map(references)].map(async ([reference, version]): Promise<[string, string][]> => {
    const ask = { LaunchTemplateId: template, Versions: [version], ResolveAlias: true };
    const [found] = await pagesOf(ask, read).catch(unlessThrottled);
    const image = found?.LaunchTemplateData?.ImageId;
    return image ? [[reference, image]] : [];
  });
  return new Map((await Promise.all(asked)).flat());
}

/** A parameter that cannot be resolved is an answer; AWS that is busy is none. */
function unlessThrottled(error: unknown): LaunchTemplateVersion[] {
  const what = classify(error);
  if (what === 'throttled' || what === 'unavailable' || what === 'defect') throw error;
  return [];
}
