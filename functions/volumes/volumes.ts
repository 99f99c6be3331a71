import { DescribeVolumesCommand, type Filter, type Volume } from '@aws-sdk/client-ec2';
import { COPY_OF } from '#shared/aws/copies.ts';
import { onePage, pages } from '#shared/aws/pages.ts';
import type { Loader, Part, Reader, Target } from '#shared/control/types.ts';

/** CloudFormation's names for what this kind judges, and for what its volumes are found by. */
export const VOLUME = 'AWS::EC2::Volume';
export const INSTANCE = 'AWS::EC2::Instance';
/** Not a type of AWS's: what an instance gets as another root, in messages only. */
const NEW_ROOT = 'AWS::EC2::Instance::NewRoot';

/** How far the clocks of CloudTrail and EBS may be apart, in milliseconds; a record's time is of a full second. */
const CLOCKS_MS = 5000;

/** Every volume under the filters. */
function volumesWhere(Filters: Filter[], read: Reader): Promise<Volume[]> {
  return pages(
    read,
    (token) => new DescribeVolumesCommand({ Filters, ...token }),
    ({ Volumes }) => Volumes,
  );
}

/** A part of the volumes under the filters. */
export function pageOfVolumes(Filters: Filter[], read: Reader, from: string | undefined): Promise<Part<Volume>> {
  return onePage(
    read,
    (token) => new DescribeVolumesCommand({ Filters, MaxResults: 500, ...token }),
    ({ Volumes }) => Volumes,
    from,
  );
}

/** Volumes that are marked as copies and are copies by AWS's own word, by the id of their source; whoever made them. */
export const copiesBySource: Loader<readonly Volume[]> = {
  name: 'copies by source',
  max: 200,
  load: async (ids, read) => {
    const copies = await volumesWhere([{ Name: `tag:${COPY_OF}`, Values: [...ids] }], read);
    return Map.groupBy(copies, ({ SourceVolumeId }) => SourceVolumeId ?? '');
  },
};

/** The volumes of instances, by instance id; an instance whose volumes are not visible yet is absent. */
const volumesByInstance: Loader<readonly Volume[]> = {
  name: 'volumes by instance',
  max: 200,
  load: async (ids, read) => {
    const volumes = await volumesWhere([{ Name: 'attachment.instance-id', Values: [...ids] }], read);
    // one volume can be attached to several instances
    const isOf = (volume: Volume, id: string) => volume.Attachments?.some(({ InstanceId }) => InstanceId === id) ?? false;
    const found = ids.map((id) => [id, volumes.filter((volume) => isOf(volume, id))] as const);
    return new Map(found.filter(([, its]) => its.length > 0));
  },
};

/** The volumes of instances, each as the target that its instance was; of one that gets another root, those made since. */
export async function volumesBehind<Found extends Target>(instances: readonly Found[], read: Reader): Promise<Map<string, Found[]>> {
  const asked = instances.map((target) => ({ target, ...instanceIn(target) }));
  const found = await read.many(volumesByInstance, [...new Set(asked.map(({ instance }) => instance))]);
  return new Map(
    asked.flatMap(({ target, instance, since }): [string, Found[]][] => {
      const made = found.get(instance)?.filter(({ CreateTime }) => since === undefined || (CreateTime?.getTime() ?? 0) >= since);
      const volumes = made?.flatMap(({ VolumeId }) => (VolumeId ? [{ ...target, type: VOLUME, id: VolumeId }] : []));
      // the new root is attached a while after the call, when the instance has restarted
      return volumes && (volumes.length > 0 || since === undefined) ? [[target.id, volumes]] : [];
    }),
  );
}

/** What is named where an instance gets another root volume: the answer of that call does not name the volume. */
export function newRootOf(instance: string, eventTime: string): Target<never> {
  return { type: NEW_ROOT, id: `${instance} ${eventTime}` };
}

function instanceIn({ type, id }: Target): { readonly instance: string; readonly since?: number } {
  const [instance = '', time = ''] = id.split(' ');
  return type === NEW_ROOT ? { instance, since: Date.parse(time) - CLOCKS_MS } : { instance: id };
}
