import type { Instance, Volume, VolumeAttachment } from '@aws-sdk/client-ec2';
import { code, option, word } from '#shared/control/command.ts';
import { allTags, type Tag, tagOf } from '#shared/control/tag.ts';

/** Who launched an instance and launches another one in its place, by a tag; text that anybody could write only makes the advice more careful. */
const launchers: readonly (readonly [key: string, who: (value: string) => string])[] = [
  ['aws:autoscaling:groupName', (name) => `The Auto Scaling group ${name}`],
  ['aws:ec2:fleet-id', (id) => `The fleet ${id}`],
  ['aws:ec2spot:fleet-request-id', (id) => `The Spot fleet ${id}`],
  ['aws:elasticmapreduce:job-flow-id', (id) => `The EMR cluster ${id}`],
  ['aws:eks:cluster-name', (name) => `The EKS cluster ${name}`],
  ['karpenter.sh/nodepool', () => 'Karpenter'],
  ['karpenter.sh/provisioner-name', () => 'Karpenter'],
  ['AWSBatchServiceTag', () => 'AWS Batch'],
];

/** What an advice on one volume is made of. */
interface Case {
  readonly id: string;
  readonly volume: Volume;
  readonly attachment: VolumeAttachment;
  readonly instance: string;
  readonly live: Instance;
  readonly tags: readonly Tag[];
}

/** The instances that a volume is attached to. */
export function attachmentsOf({ Attachments = [] }: Volume): VolumeAttachment[] {
  return Attachments.filter(({ State }) => State !== 'detached').sort((a, b) => (a.InstanceId ?? '').localeCompare(b.InstanceId ?? ''));
}

/** What a person can do about an unencrypted volume in use: complete commands that keep what it has, and in words what they lose. */
export function adviceInUse(volume: Volume, instances: ReadonlyMap<string, Instance>, kmsKey: string | undefined): string[] {
  const { VolumeId: id = '' } = volume;
  const all = attachmentsOf(volume);
  const [attachment] = all;
  const instance = attachment?.InstanceId;
  const ofCsi = allTags(volume.Tags).some(({ Key }) => /^(ebs\.csi\.aws\.com\/|kubernetes\.io\/created-for\/|CSIVolumeName$)/.test(Key));
  if (ofCsi)
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
  const who = launcherOf(one);
  if (who !== undefined && isShared) return renewal(one, who);
  return replacement(one, isRoot, who, kmsKey);
}

/** Whether the volume is deleted when its instance is terminated: both show it, and either may be late. */
function goesWith({ Device, DeleteOnTermination }: VolumeAttachment, { BlockDeviceMappings = [] }: Instance): boolean {
  return (
    DeleteOnTermination === true ||
    BlockDeviceMappings.some(({ DeviceName, Ebs }) => DeviceName === Device && Ebs?.DeleteOnTermination === true)
  );
}

/** Who launched the instance, where another one takes its place. */
function launcherOf({ live, tags }: Case): string | undefined {
  const found = launchers.find(([key]) => tagOf(tags, key) !== undefined);
  if (found) return found[1](tagOf(tags, found[0]) ?? '');
  if (live.Operator?.Managed) return live.Operator.Principal ?? 'An AWS service';
  return live.InstanceLifecycle === 'spot' ? 'A Spot request' : undefined;
}

/** What is launched next is encrypted, and takes the place of what is there. */
function renewal({ id, instance, tags }: Case, who: string): string[] {
  const group = tagOf(tags, 'aws:autoscaling:groupName');
  const template = tagOf(tags, 'aws:ec2launchtemplate:id');
  const source = template === undefined ? 'what it launches from' : `its launch template ${template}`;
  const lost = 'what only the volumes of its instances hold is lost';
  const why = `${who} launched ${instance} and launches another one in its place; ${id} is deleted with it.`;
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
