import { isObject, type Json, type JsonObject, listAt, stringAt } from '../../json.ts';
import { nest } from '../../trail/styles.ts';
import { type AwsCall, withQuery } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import { ec2Answer, parseAnswer } from '../ec2-xml.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Addition, Additions } from './addition.ts';
import { isOn } from './volumes.ts';

/** How long a copy of a snapshot is pending, in milliseconds. */
const PENDING_MS = 2000;
/** The volume that AWS shows of a copy: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopySnapshot.html */
const NO_VOLUME = 'vol-ffffffff';
/** What `python/sitecustomize.py` takes for the default key of EBS. */
const DEFAULT_KEY = 'alias/aws/ebs';

/** What moto does otherwise about snapshots: encryption and pending copies, tags of their volumes, and who may restore them. */
export function snapshots({ 'ec2:DescribeSnapshots': described, 'ec2:ModifySnapshotAttribute': modified }: Additions): Additions {
  const pendingUntil = new Map<string, number>();
  return {
    async 'ec2:CopySnapshot'(call, { forward, moto }) {
      const { query, region } = call;
      const source = await snapshotOf(moto, query.get('SourceSnapshotId') ?? '', region);
      const isEncrypted = query.get('Encrypted') === 'true' || stringAt(source, 'encrypted') === 'true' || (await isOn(moto, region));
      const answer = await forward(withQuery(call, { KmsKeyId: isEncrypted ? (query.get('KmsKeyId') ?? DEFAULT_KEY) : undefined }));
      const id = answer.status < 400 ? stringAt(parseAnswer(answer.body), 'snapshotId') : undefined;
      if (id !== undefined) pendingUntil.set(id, Date.now() + PENDING_MS);
      return answer;
    },
    async 'ec2:CreateSnapshots'(call, { forward, moto }) {
      const answer = await forward(call);
      if (answer.status >= 400 || call.query.get('CopyTagsFromSource') !== 'volume') return answer;
      for (const one of listAt(parseAnswer(answer.body), 'snapshotSet', 'item')) await copyTags(moto, one, call.region);
      return answer;
    },
    async 'ec2:DescribeSnapshots'(call, around) {
      const { requestId, moto } = around;
      const wanted = [...call.query].flatMap(([name, value]) => (/^RestorableBy\.\d+$/.test(name) ? [value] : []));
      const answer = await (described ?? plainly)(call, around);
      if (answer.status >= 400) return answer;
      const { snapshotSet, requestId: _, ...others } = parseAnswer(answer.body);
      const items: JsonObject[] = [];
      for (const one of listAt(snapshotSet, 'item').filter(isObject)) {
        const id = stringAt(one, 'snapshotId') ?? '';
        if (wanted.length === 0 || (await isRestorable(moto, id, wanted, call.region))) items.push(shown(one, pendingUntil.get(id)));
      }
      return ec2Answer(call.action, { ...others, snapshotSet: { item: items } }, requestId);
    },
    async 'ec2:ModifySnapshotAttribute'(call, around) {
      const snapshot = isPublishing(call) && (await snapshotOf(around.moto, call.query.get('SnapshotId') ?? '', call.region));
      if (stringAt(snapshot, 'encrypted') !== 'true') return await (modified ?? plainly)(call, around);
      // https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html; [U] its code and text
      const error = { code: 'OperationNotPermitted', message: 'Encrypted snapshots with EBS default key cannot be shared' };
      return errorAnswer(call, error, around.requestId);
    },
  };
}

const plainly: Addition = (call, { forward }) => forward(call);

/** Whether a request gives everybody a permission, in either of its forms. */
function isPublishing({ query }: AwsCall): boolean {
  const { OperationType, UserGroup, GroupNames, CreateVolumePermission } = nest(query);
  const groups = [...listAt(UserGroup), ...listAt(GroupNames)];
  return (
    (OperationType === 'add' && groups.includes('all')) ||
    listAt(CreateVolumePermission, 'Add').some((one) => stringAt(one, 'Group') === 'all')
  );
}

/** A copy shows no volume, and is pending for a while. */
function shown(snapshot: JsonObject, pendingUntil: number | undefined): JsonObject {
  if (pendingUntil === undefined) return snapshot;
  const isPending = Date.now() < pendingUntil;
  return { ...snapshot, volumeId: NO_VOLUME, ...(isPending && { status: 'pending', progress: '0%' }) };
}

async function snapshotOf(moto: MotoClient, id: string, region: string) {
  return listAt(await moto.readEc2('DescribeSnapshots', { 'SnapshotId.1': id }, region), 'snapshotSet', 'item')[0];
}

async function isRestorable(moto: MotoClient, id: string, wanted: readonly string[], region: string): Promise<boolean> {
  const asked = { SnapshotId: id, Attribute: 'createVolumePermission' };
  const permissions = listAt(await moto.readEc2('DescribeSnapshotAttribute', asked, region), 'createVolumePermission', 'item');
  return permissions.some((one) => wanted.some((who) => stringAt(one, 'group') === who || stringAt(one, 'userId') === who));
}

/** Gives a snapshot the tags of its volume. */
async function copyTags(moto: MotoClient, snapshot: Json, region: string): Promise<void> {
  const volumes = await moto.readEc2('DescribeVolumes', { 'VolumeId.1': stringAt(snapshot, 'volumeId') ?? '' }, region);
  const tags = listAt(listAt(volumes, 'volumeSet', 'item')[0], 'tagSet', 'item');
  const given = tags.flatMap((tag, n): [string, string][] => [
    [`Tag.${n + 1}.Key`, stringAt(tag, 'key') ?? ''],
    [`Tag.${n + 1}.Value`, stringAt(tag, 'value') ?? ''],
  ]);
  if (given.length > 0)
    await moto.ec2('CreateTags', { 'ResourceId.1': stringAt(snapshot, 'snapshotId') ?? '', ...Object.fromEntries(given) }, region);
}
