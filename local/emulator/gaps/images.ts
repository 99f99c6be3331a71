import { at, compact, isObject, type Json, type JsonObject, listAt, stringAt } from '../../json.ts';
import { nest } from '../../trail/styles.ts';
import { ec2Answer, parseAnswer } from '../ec2-xml.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Additions } from './addition.ts';

/** Images with the devices that they were registered with, and the key of a snapshot: moto keeps neither. */
export function images(): Additions {
  const registered = new Map<string, JsonObject>();
  const keys = new Map<string, string>();
  return {
    async 'ec2:RegisterImage'(call, { forward, moto }) {
      const answer = await forward(call);
      const id = answer.status < 400 ? stringAt(parseAnswer(answer.body), 'imageId') : undefined;
      const { RootDeviceName, Architecture, VirtualizationType, BlockDeviceMapping } = nest(call.query);
      const devices = await Promise.all(listAt(BlockDeviceMapping).map((one) => device(moto, one, call.region)));
      if (id !== undefined) {
        const given = { rootDeviceName: RootDeviceName, architecture: Architecture, virtualizationType: VirtualizationType };
        const mapping = devices.length > 0 ? { item: devices } : undefined;
        registered.set(id, compact({ ...given, rootDeviceType: 'ebs', blockDeviceMapping: mapping }));
      }
      return answer;
    },
    async 'ec2:DescribeImages'(call, { forward, requestId }) {
      const answer = await forward(call);
      if (answer.status >= 400) return answer;
      const items = listAt(parseAnswer(answer.body), 'imagesSet', 'item').map((image) => {
        const own = registered.get(stringAt(image, 'imageId') ?? '');
        return { ...withFlags(image, stringAt(own, 'rootDeviceName')), ...own };
      });
      return ec2Answer(call.action, { imagesSet: { item: items } }, requestId);
    },
    async 'ec2:CreateSnapshot'(call, { forward, moto }) {
      const answer = await forward(call);
      const snapshot = answer.status < 400 ? parseAnswer(answer.body) : {};
      if (stringAt(snapshot, 'encrypted') === 'true') {
        const source = await moto.readEc2('DescribeVolumes', { 'VolumeId.1': call.query.get('VolumeId') ?? '' }, call.region);
        const key = stringAt(listAt(source, 'volumeSet', 'item')[0], 'kmsKeyId');
        if (key !== undefined) keys.set(stringAt(snapshot, 'snapshotId') ?? '', key);
      }
      return answer;
    },
    async 'ec2:DescribeSnapshots'(call, { forward, requestId }) {
      const answer = await forward(call);
      if (answer.status >= 400) return answer;
      const { snapshotSet, ...others } = parseAnswer(answer.body);
      const items = listAt(snapshotSet, 'item').map((snapshot) => {
        const kmsKeyId = keys.get(stringAt(snapshot, 'snapshotId') ?? '');
        return { ...(isObject(snapshot) ? snapshot : {}), ...compact({ kmsKeyId }) };
      });
      return ec2Answer(call.action, { ...others, snapshotSet: { item: items } }, requestId);
    },
  };
}

/** A mapping as DescribeImages shows it: what is unsaid comes from the snapshot, encryption always. */
async function device(moto: MotoClient, mapping: Json, region: string): Promise<JsonObject> {
  const [deviceName, virtualName] = [stringAt(mapping, 'DeviceName'), stringAt(mapping, 'VirtualName')];
  if (at(mapping, 'Ebs') === undefined) return compact({ deviceName, virtualName });
  const ebs = (member: string): string | undefined => stringAt(mapping, 'Ebs', member);
  const id = ebs('SnapshotId');
  const found = id === undefined ? {} : await moto.readEc2('DescribeSnapshots', { 'SnapshotId.1': id }, region);
  const snapshot = listAt(found, 'snapshotSet', 'item')[0];
  const shown = {
    snapshotId: id,
    volumeSize: ebs('VolumeSize') ?? stringAt(snapshot, 'volumeSize'),
    deleteOnTermination: ebs('DeleteOnTermination') ?? 'true',
    volumeType: ebs('VolumeType') ?? 'standard',
    iops: ebs('Iops'),
    throughput: ebs('Throughput'),
    encrypted: stringAt(snapshot, 'encrypted') ?? ebs('Encrypted') ?? 'false',
  };
  return compact({ deviceName, ebs: compact(shown) });
}

/** An image of moto's own making: its one device is the root, and is not encrypted. */
function withFlags(image: Json, root: string | undefined): JsonObject {
  const item = listAt(image, 'blockDeviceMapping', 'item').map((mapping) => {
    const ebs = at(mapping, 'ebs');
    const own = isObject(ebs) ? { ebs: { ...ebs, encrypted: 'false' } } : {};
    return { ...(isObject(mapping) ? mapping : {}), ...compact({ deviceName: root }), ...own };
  });
  return { ...(isObject(image) ? image : {}), blockDeviceMapping: { item } };
}
