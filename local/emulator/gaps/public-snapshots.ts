import { type Json, listAt, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import type { MotoClient } from '../moto-client.ts';

/** The snapshots that everybody can restore, where a call asks for those alone: moto passes over `RestorableBy`. */
export async function restorable(snapshots: readonly Json[], { query, region }: AwsCall, moto: MotoClient): Promise<readonly Json[]> {
  if (query.get('RestorableBy.1') !== 'all') return snapshots;
  const isPublic = async (snapshot: Json): Promise<boolean> => {
    const asked = { SnapshotId: stringAt(snapshot, 'snapshotId') ?? '', Attribute: 'createVolumePermission' };
    const found = await moto.readEc2('DescribeSnapshotAttribute', asked, region);
    return listAt(found, 'createVolumePermission', 'item').some((one) => stringAt(one, 'group') === 'all');
  };
  const found = await Promise.all(snapshots.map(async (snapshot) => ((await isPublic(snapshot)) ? [snapshot] : [])));
  return found.flat();
}
