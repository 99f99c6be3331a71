import { isDeepStrictEqual } from 'node:util';
import type { LaunchTemplateBlockDeviceMapping, RequestLaunchTemplateData, ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import { code, option } from '#shared/control/command.ts';
import type { Iac } from '#shared/control/iac.ts';
import { at, type CloudTrailRecord, stringAt } from '#shared/control/record.ts';
import type { Secret } from '#shared/control/secret.ts';
import { allTags } from '#shared/control/tag.ts';
import { type Around, badOf, devicesOf, type Effect, effectsOf, type Launch } from './launch.ts';

/** CloudFormation's name for launch templates. */
export const LAUNCH_TEMPLATE = 'AWS::EC2::LaunchTemplate';

/** The id of the template that a record is about: EC2's wrapped style, in the answer or else in the request. */
export function templateOf(record: CloudTrailRecord): string | undefined {
  const { eventName } = record;
  const made = at(record, 'responseElements', `${eventName}Response`);
  return (
    stringAt(made, 'launchTemplate', 'launchTemplateId') ??
    stringAt(made, 'launchTemplateVersion', 'launchTemplateId') ??
    stringAt(record, 'requestParameters', `${eventName}Request`, 'LaunchTemplateId')
  );
}

/** How code has a launch template encrypt a device; whoever knows no device leaves its name to a person. */
export function encryptionSource(device = 'DEVICE'): Iac {
  return {
    about: 'encryption',
    cloudFormation: `set \`BlockDeviceMappings: [{ DeviceName: ${device}, Ebs: { Encrypted: true } }]\` in \`LaunchTemplateData\` of the AWS::EC2::LaunchTemplate.`,
    terraform: `set \`encrypted = true\` in \`ebs\` of the aws_launch_template's \`block_device_mappings\` with \`device_name = "${device}"\`.`,
    cdk: `set \`blockDevices: [{ deviceName: '${device}', volume: BlockDeviceVolume.ebs(SIZE, { encrypted: true }) }]\` on the ec2.LaunchTemplate.`,
  };
}

/** One version of a launch template; user data, which may hold secrets, stands apart. */
export interface TemplateVersion {
  readonly number: number;
  readonly isDefault: boolean;
  readonly description: string | undefined;
  /** The principal that made it, as AWS says. */
  readonly createdBy?: string | undefined;
  readonly data: ResponseLaunchTemplateData;
  readonly userData: Secret | undefined;
  /** `data.ImageId` with a reference to a parameter resolved; the reference itself where it cannot be. */
  readonly imageId: string | undefined;
}

/** What a version would launch. */
export function launchOf({ data, imageId }: TemplateVersion): Launch {
  return { ImageId: imageId, BlockDeviceMappings: data.BlockDeviceMappings };
}

/** A version's whole data with encryption set where it lacks, or why it cannot be. */
export interface Encrypted {
  readonly data: RequestLaunchTemplateData;
  readonly obstacles: readonly string[];
}

/**
 * A version's data with `Encrypted` set on each device that needs it, every other field as it was.
 * Sent whole and without a source version: what AWS merges is not documented, and it drops snapshots of inherited mappings.
 * A device of the image gets a mapping of its own name without a snapshot; what that leaves out, AWS takes from the image.
 */
export function encryptedData(version: TemplateVersion, effects: readonly Effect[], around: Around, kmsKey: string | undefined): Encrypted {
  const ofImage = devicesOf(around.images.get(version.imageId ?? ''));
  const mappings = [...(version.data.BlockDeviceMappings ?? [])];
  const obstacles: string[] = [];
  for (const { device, is, why } of badOf(effects)) {
    // of two mappings of one device the last is judged, so that it is the one to set
    const n = mappings.findLastIndex(({ DeviceName }) => DeviceName === device);
    const mapping = mappings[n];
    const { SnapshotId, ...ebs } = mapping?.Ebs ?? {};
    const key = ebs.KmsKeyId ?? kmsKey;
    // `Encrypted` beside a snapshot may be refused at launch; without it AWS takes the image's own, of whatever image a parameter names then
    const isOfImage = SnapshotId === ofImage.get(device)?.SnapshotId && version.imageId === version.data.ImageId;
    const isOwnSnapshot = SnapshotId !== undefined && !isOfImage;
    if (is === 'unknown') obstacles.push(`${device}: ${why}. Name one that this account can see.`);
    else if (isOwnSnapshot) obstacles.push(...copyOfSnapshot(device, SnapshotId, key, around));
    else {
      const fixed = { ...mapping, DeviceName: device, Ebs: { ...ebs, Encrypted: true, ...(key && { KmsKeyId: key }) } };
      mappings.splice(n < 0 ? mappings.length : n, n < 0 ? 0 : 1, fixed);
    }
  }
  return { data: requestOf(version, mappings), obstacles };
}

/** How a person encrypts what a mapping is pinned to; the tags are read by the command, so that none is shown here. */
function copyOfSnapshot(device: string, id: string, key: string | undefined, { region, snapshots }: Around): string[] {
  const hasTags = allTags(snapshots.get(id)?.Tags).some(({ Key }) => !Key.startsWith('aws:'));
  // `? !` with a space: some shells take `!` beside other text for their history
  const own = "Snapshots[0].Tags[? ! starts_with(Key, 'aws:')]";
  const tags = `"$(aws ec2 describe-snapshots ${option('region', region)} ${option('snapshot-ids', id)} --query "[{ResourceType: 'snapshot', Tags: ${own}}]" --output json)"`;
  const command = [
    'aws ec2 copy-snapshot --encrypted',
    option('region', region),
    option('source-region', region),
    option('source-snapshot-id', id),
    ...(key ? [option('kms-key-id', key)] : []),
    ...(hasTags ? [`--tag-specifications ${tags}`] : []),
    '--query SnapshotId --output text',
  ].join(' ');
  return [
    `${device}: make an encrypted copy of ${id}, which has neither its shares nor its fast restore: ${code(command)}`,
    `Then name the copy as \`SnapshotId\` of ${device}. Until then Redress changes nothing here, for other devices neither.`,
  ];
}

/** A version's data in the form that a request takes, all of it or with other mappings. */
export function requestOf(
  { data, userData }: TemplateVersion,
  mappings: LaunchTemplateBlockDeviceMapping[] | undefined = data.BlockDeviceMappings,
): RequestLaunchTemplateData {
  const { Operator: _, MetadataOptions, BlockDeviceMappings: __, ...others } = data;
  const { State: ___, ...metadata } = MetadataOptions ?? {};
  // a response's members are all optional in the SDK's types; AWS answers what it was given
  return {
    ...(others as RequestLaunchTemplateData),
    ...(MetadataOptions && { MetadataOptions: metadata }),
    ...(mappings && mappings.length > 0 && { BlockDeviceMappings: mappings }),
    ...(userData && { UserData: userData.reference() }),
  };
}

/** Whether two versions differ in nothing but the encryption of their volumes; whoever wrote them, and whatever they are called. */
export function isSameButForEncryption(a: TemplateVersion, b: TemplateVersion, around: Around): boolean {
  const isSameUserData = a.userData && b.userData ? a.userData.equals(b.userData) : a.userData === b.userData;
  return isSameUserData && isDeepStrictEqual(bare(a, around), bare(b, around));
}

/** The newest later version that is the same and launches encrypted volumes only. */
export function replacementOf(version: TemplateVersion, versions: readonly TemplateVersion[], around: Around): TemplateVersion | undefined {
  const isGood = (one: TemplateVersion) => badOf(effectsOf(launchOf(one), around)).length === 0;
  return versions.findLast((one) => one.number > version.number && isSameButForEncryption(version, one, around) && isGood(one));
}

/** A version's data without encryption, and without mappings that say nothing else. */
function bare(version: TemplateVersion, around: Around): object {
  const ofImage = devicesOf(around.images.get(version.imageId ?? ''));
  const { UserData: _, BlockDeviceMappings = [], ...others } = requestOf({ ...version, userData: undefined });
  const mappings = BlockDeviceMappings.map(({ Ebs, ...mapping }) => {
    const { Encrypted: _, KmsKeyId: __, SnapshotId, ...ebs } = Ebs ?? {};
    const isOwn = SnapshotId !== undefined && SnapshotId !== ofImage.get(mapping.DeviceName ?? '')?.SnapshotId;
    return { ...mapping, ...ebs, ...(isOwn && { SnapshotId }) };
  });
  const telling = mappings.filter((mapping) => Object.keys(mapping).length > 1 || !ofImage.has(mapping.DeviceName ?? ''));
  const byDevice = telling.sort((x, y) => (x.DeviceName ?? '').localeCompare(y.DeviceName ?? ''));
  return JSON.parse(JSON.stringify({ ...others, mappings: byDevice }));
}
