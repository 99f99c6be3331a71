import type { Instance, Volume, VolumeAttachment } from '@aws-sdk/client-ec2';
import { code, option, word } from '#shared/control/command.ts';
import type { Advice } from '#shared/control/iac.ts';
import { toolBehind } from '#shared/control/manager.ts';
import { allTags, type Tag, tagOf } from '#shared/control/tag.ts';
import { type Tool, tools } from '#shared/control/tools.ts';

/** What launches another instance in the place of one; text that anybody could write only makes the advice more careful. */
const { karpenter, nodeGroup, autoMode, eks, kops, clusterApi, beanstalk, parallelCluster, ecs, batch, emr } = tools;
const renewing: readonly Tool[] = [karpenter, nodeGroup, autoMode, eks, kops, clusterApi, beanstalk, parallelCluster, ecs, batch, emr];
/** The same, where only a tag says so. */
const fleets: readonly (readonly [key: string, who: string])[] = [
  ['aws:ec2:fleet-id', 'The fleet'],
  ['aws:ec2spot:fleet-request-id', 'The Spot fleet'],
];
const GROUP = 'aws:autoscaling:groupName';

/** What an advice on one volume is made of. */
interface Case {
  readonly id: string;
  readonly volume: Volume;
  readonly attachment: VolumeAttachment;
  readonly instance: string;
  readonly live: Instance;
  readonly tags: readonly Tag[];
}

/** Who launches another instance in the place of one. */
interface Launcher {
  readonly who: string;
  /** How a tool does it, in its own words. */
  readonly ways?: readonly Advice[];
  /** The name of an Auto Scaling group that nothing else works with. */
  readonly group?: string;
}

/** The instances that a volume is attached to. */
export function attachmentsOf({ Attachments = [] }: Volume): VolumeAttachment[] {
  return Attachments.filter(({ State }) => State !== 'detached').sort((a, b) => (a.InstanceId ?? '').localeCompare(b.InstanceId ?? ''));
}

/** What a person can do about an unencrypted volume in use: complete commands that keep what it has, and in words what they lose. */
export function adviceInUse(volume: Volume, instances: ReadonlyMap<string, Instance>, kmsKey: string | undefined): (string | Advice)[] {
  const { VolumeId: id = '' } = volume;
  const all = attachmentsOf(volume);
  const [attachment] = all;
  const instance = attachment?.InstanceId;
  if (toolBehind(volume.Tags, undefined, {})?.name === tools.csiDriver.name)
    return [
      `A Kubernetes CSI driver attaches and detaches ${id}: make a claim of a StorageClass that encrypts, and copy the data into its volume.`,
    ];
  const live = instances.get(instance ?? '');
  if (all.length > 1) {
    const detach = all.flatMap(({ InstanceId }) =>
      InstanceId ? [`aws ec2 detach-volume --volume-id ${id} --instance-id ${InstanceId}`] : [],
    );
    return [
      `Unmount ${id} in each of its instances; what uses it does not work until the copy is in its place.`,
      ...copying(volume, kmsKey),
      `Take the copy into use: ${code(...detach, isAvailable(id), ...all.map((one) => attaching(one)))}`,
      afterwards(id),
    ];
  }
  // what launched it is not known, and it might be replaced as soon as somebody touches it
  if (!attachment || !instance || !live)
    return [`Find out what launched ${instance ?? 'its instance'} before you change it: AWS does not show it.`];
  const one: Case = { id, volume, attachment, instance, live, tags: allTags(live.Tags) };
  const isRoot = attachment.Device !== undefined && attachment.Device === live.RootDeviceName;
  const isShared = isRoot || goesWith(attachment, live);
  const launcher = launcherOf(one);
  if (launcher && isShared) return renewal(one, launcher);
  return replacement(one, isRoot, launcher?.who, kmsKey);
}

/** Whether the volume is deleted when its instance is terminated: both show it, and either may be late. */
function goesWith({ Device, DeleteOnTermination }: VolumeAttachment, { BlockDeviceMappings = [] }: Instance): boolean {
  return (
    DeleteOnTermination === true ||
    BlockDeviceMappings.some(({ DeviceName, Ebs }) => DeviceName === Device && Ebs?.DeleteOnTermination === true)
  );
}

/** Who launched the instance, where another one takes its place, and the way of a tool; what has a tool's tags is not the group's alone. */
function launcherOf({ live, tags }: Case): Launcher | undefined {
  const tool = toolBehind(tags, undefined, {});
  if (tool && renewing.some(({ name }) => name === tool.name)) return { who: tool.name, ways: tool.fix({ about: 'encryption' }) };
  const group = tagOf(tags, GROUP);
  if (group !== undefined) return { who: `The Auto Scaling group ${group}`, group };
  const fleet = fleets.find(([key]) => tagOf(tags, key) !== undefined);
  if (fleet) return { who: `${fleet[1]} ${tagOf(tags, fleet[0])}` };
  if (live.Operator?.Managed) return { who: live.Operator.Principal ?? 'An AWS service' };
  return live.InstanceLifecycle === 'spot' ? { who: 'A Spot request' } : undefined;
}

/** What is launched next is encrypted, and takes the place of what is there. */
function renewal({ id, instance, tags }: Case, { who, ways = [], group }: Launcher): (string | Advice)[] {
  const template = tagOf(tags, 'aws:ec2launchtemplate:id');
  const source = template === undefined ? 'what it launches from' : `its launch template ${template}`;
  const lost = 'what only the volumes of its instances hold is lost';
  const why = `${who} launched ${instance} and launches another one in its place; ${id} is deleted with it.`;
  if (ways.length > 0) return [...ways, `${why} Set encryption there, and have the instance replaced; ${lost}.`];
  if (group === undefined) return [`${why} Set encryption in ${source}, and have the instance replaced; ${lost}.`];
  return [
    `${why} Set encryption in ${source}: see launch-template-encrypted and auto-scaling-group-encrypted.`,
    `Once the group launches encrypted volumes, have its instances replaced; ${lost}: ${code(
      `aws autoscaling start-instance-refresh ${option('auto-scaling-group-name', group)}`,
    )}`,
  ];
}

/** An encrypted copy takes the place of the volume at the same instance. */
function replacement(
  { id, volume, attachment, instance, live }: Case,
  isRoot: boolean,
  who: string | undefined,
  kmsKey?: string,
): string[] {
  const { Device = '' } = attachment;
  const isRunning = live.State?.Name !== 'stopped';
  const mapping = JSON.stringify([{ DeviceName: Device, Ebs: { DeleteOnTermination: true } }]);
  const swap = code(
    `aws ec2 detach-volume --volume-id ${id} --instance-id ${instance}`,
    isAvailable(id),
    attaching(attachment),
    // a volume that is attached later stays when its instance is terminated
    ...(goesWith(attachment, live)
      ? [
          `aws ec2 wait volume-in-use --volume-ids "$COPY"`,
          `aws ec2 modify-instance-attribute --instance-id ${instance} --block-device-mappings ${word(mapping)}`,
        ]
      : []),
    ...(isRoot && isRunning ? [`aws ec2 start-instances --instance-ids ${instance}`] : []),
  );
  const stop = code(`aws ec2 stop-instances --instance-ids ${instance}`, `aws ec2 wait instance-stopped --instance-ids ${instance}`);
  return [
    ...(isRoot && isRunning
      ? [
          `Stop ${instance}; it loses what is in its memory and on its instance store volumes, and a public address that is not an Elastic IP: ${stop}`,
        ]
      : []),
    ...(isRoot ? [] : [`Unmount ${id} in ${instance}; what uses it does not work until the copy is in its place.`]),
    ...copying(volume, kmsKey),
    `Put the copy in its place: ${swap}`,
    ...(who === undefined
      ? []
      : [`${who} may launch another instance in place of ${instance}: have whatever attaches ${id} there attach the copy.`]),
    afterwards(id),
  ];
}

/**
 * A snapshot and a volume from it: CopyVolumes takes fewer steps, but the AWS CLI that pip installs knows no `--encrypted` for it.
 * Tags are read by the command, so that none is shown here.
 */
function copying(volume: Volume, kmsKey: string | undefined): string[] {
  const { VolumeId: id = '', VolumeType = 'gp2', Iops, Throughput, AvailabilityZone = '', OutpostArn, MultiAttachEnabled } = volume;
  const hasTags = allTags(volume.Tags).some(({ Key }) => !/^(aws|redress):/.test(Key));
  // `? !` with a space: some shells take `!` beside other text for their history
  const own = "Tags[? ! (starts_with(Key, 'aws:') || starts_with(Key, 'redress:'))]";
  const tags = `"$(aws ec2 describe-volumes --volume-ids ${id} --query "[{ResourceType: 'volume', Tags: Volumes[0].${own}}]" --output json)"`;
  const create = [
    'aws ec2 create-volume --snapshot-id "$SNAPSHOT" --encrypted',
    option('availability-zone', AvailabilityZone),
    ...(OutpostArn ? [option('outpost-arn', OutpostArn)] : []),
    option('volume-type', VolumeType),
    // gp2 and the magnetic types report IOPS too, but take none
    ...(['io1', 'io2', 'gp3'].includes(VolumeType) && Iops !== undefined ? [`--iops ${Iops}`] : []),
    ...(VolumeType === 'gp3' && Throughput !== undefined ? [`--throughput ${Throughput}`] : []),
    ...(MultiAttachEnabled ? ['--multi-attach-enabled'] : []),
    ...(kmsKey ? [option('kms-key-id', kmsKey)] : []),
    ...(hasTags ? [`--tag-specifications ${tags}`] : []),
    '--query VolumeId --output text',
  ];
  const snapshot = `SNAPSHOT=$(aws ec2 create-snapshot --volume-id ${id} --query SnapshotId --output text)`;
  return [
    `Take a snapshot: ${code(snapshot, 'aws ec2 wait snapshot-completed --snapshot-ids "$SNAPSHOT"')}`,
    `Make an encrypted copy with all that it has: ${code(`COPY=$(${create.join(' ')})`, isAvailable('"$COPY"'))}`,
  ];
}

function attaching({ InstanceId = '', Device = '' }: VolumeAttachment): string {
  return `aws ec2 attach-volume --volume-id "$COPY" --instance-id ${InstanceId} ${option('device', Device)}`;
}

function isAvailable(id: string): string {
  return `aws ec2 wait volume-available --volume-ids ${id}`;
}

function afterwards(id: string): string {
  const clean = code('aws ec2 delete-snapshot --snapshot-id "$SNAPSHOT"', `aws ec2 delete-volume --volume-id ${id}`);
  return `The copy has another id: change what names ${id}, such as backup plans. Once you have checked it, delete what is not encrypted: ${clean}`;
}
