import { compact, isObject, type JsonObject, listAt, stringAt } from '../../json.ts';
import { putEvent } from '../../trail/event.ts';
import { nest } from '../../trail/styles.ts';
import { type AwsCall, withQuery } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import { ec2Answer, parseAnswer } from '../ec2-xml.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Addition, Additions } from './addition.ts';
import { isOn } from './volumes.ts';

/** How long an image is pending after the call that makes its snapshots, in milliseconds; on AWS it takes minutes or hours. */
const PENDING_MS = 1500;
/** The filters of devices that moto does not know, and the member of a device that each is about. */
const ofDevices: { readonly [filter: string]: string } = {
  'block-device-mapping.encrypted': 'encrypted',
  'block-device-mapping.snapshot-id': 'snapshotId',
};

/** What AWS shows of an image beside what moto does. */
interface Shown {
  readonly own: JsonObject;
  readonly readyAt: number;
}

/** Encrypted copies of images, their time as pending with EC2's notice at its end, and what demands IMDSv2: moto has none of these. */
export function imageCopies(base: Additions): Additions {
  const shown = new Map<string, Shown>();
  const keys = new Map<string, string>();
  const note = (id: string, own: JsonObject, readyAt = 0): void => {
    const { own: before = {}, readyAt: ready = 0 } = shown.get(id) ?? {};
    shown.set(id, { own: { ...before, ...own }, readyAt: Math.max(readyAt, ready) });
  };
  const makesPending = (id: string, own: JsonObject, moto: MotoClient, region: string): void => {
    note(id, own, Date.now() + PENDING_MS);
    const detail = { RequestId: '', ImageId: id, State: 'available', ErrorMessage: '' };
    const event = { source: 'aws.ec2', type: 'EC2 AMI State Change', resources: [`arn:aws:ec2:${region}::image/${id}`], detail };
    // the cloud may have stopped by then
    setTimeout(() => void putEvent(event, moto, region).catch(() => undefined), PENDING_MS).unref();
  };
  const describe: Addition = async (call, around) => {
    const { left, wanted } = withoutDevices(call);
    const answer = await through(base, left, around);
    if (answer.status >= 400) return answer;
    const items = listAt(parseAnswer(answer.body), 'imagesSet', 'item').map((image) => {
      const { own, readyAt } = shown.get(stringAt(image, 'imageId') ?? '') ?? { own: {}, readyAt: 0 };
      return { ...(isObject(image) ? image : {}), ...own, ...(readyAt > Date.now() && { imageState: 'pending' }) };
    });
    const isWanted = (image: JsonObject) =>
      wanted === undefined || devicesOf(image).some(({ ebs }) => wanted.values.includes(stringAt(ebs, wanted.member) ?? ''));
    return ec2Answer(call.action, { imagesSet: { item: items.filter(isWanted) } }, around.requestId);
  };
  return {
    ...base,
    'ec2:DescribeImages': describe,
    async 'ec2:CreateImage'(call, around) {
      const answer = await through(base, call, around);
      const id = answer.status < 400 ? stringAt(parseAnswer(answer.body), 'imageId') : undefined;
      if (id !== undefined) makesPending(id, {}, around.moto, call.region);
      return answer;
    },
    async 'ec2:CopyImage'(call, around) {
      const { query, region } = call;
      const { moto, requestId } = around;
      const [sourceId, name] = [query.get('SourceImageId') ?? '', query.get('Name') ?? ''];
      const all = async (where: { [parameter: string]: string }) => {
        const asked = { ...call, action: 'DescribeImages' };
        const changes = Object.fromEntries([...query.keys()].map((key) => [key, undefined]));
        const found = await describe(withQuery(asked, { ...changes, Action: 'DescribeImages', Version: '2016-11-15', ...where }), around);
        return listAt(parseAnswer(found.body), 'imagesSet', 'item').filter(isObject);
      };
      const [source] = await all({ 'Filter.1.Name': 'image-id', 'Filter.1.Value.1': sourceId });
      if (source === undefined)
        return errorAnswer(call, { code: 'InvalidAMIID.NotFound', message: `The image id '[${sourceId}]' does not exist` }, requestId);
      if ((await all({ 'Owner.1': 'self', 'Filter.1.Name': 'name', 'Filter.1.Value.1': name })).length > 0)
        return errorAnswer(call, { code: 'InvalidAMIName.Duplicate', message: `AMI name ${name} is already in use` }, requestId);
      const isEncrypted = query.get('Encrypted') === 'true' || (await isOn(moto, region));
      const answer = await around.forward(call);
      const id = answer.status < 400 ? (stringAt(parseAnswer(answer.body), 'imageId') ?? '') : '';
      if (id === '') return answer;
      const item = [];
      for (const device of devicesOf(source)) {
        if (device.ebs === undefined) item.push(device.mapping);
        else item.push({ ...device.mapping, ebs: { ...device.ebs, ...(await copyOf(device, isEncrypted, call, moto, keys)) } });
      }
      await tag(id, call, moto);
      makesPending(
        id,
        { sourceImageId: sourceId, sourceImageRegion: query.get('SourceRegion') ?? region, blockDeviceMapping: { item } },
        moto,
        region,
      );
      return answer;
    },
    async 'ec2:ModifyImageAttribute'(call, around) {
      const answer = await through(base, call, around);
      const imds = stringAt(nest(call.query), 'ImdsSupport', 'Value');
      if (answer.status < 400 && imds !== undefined) note(call.query.get('ImageId') ?? '', { imdsSupport: imds });
      return answer;
    },
    async 'ec2:DescribeSnapshots'(call, around) {
      const answer = await through(base, call, around);
      if (answer.status >= 400) return answer;
      const { snapshotSet, ...others } = parseAnswer(answer.body);
      const items = listAt(snapshotSet, 'item').map((snapshot) => {
        return { ...(isObject(snapshot) ? snapshot : {}), ...compact({ kmsKeyId: keys.get(stringAt(snapshot, 'snapshotId') ?? '') }) };
      });
      return ec2Answer(call.action, { ...others, snapshotSet: { item: items } }, around.requestId);
    },
  };
}

/** What the other additions make of a call, or moto. */
function through(base: Additions, call: AwsCall, around: Parameters<Addition>[1]): ReturnType<Addition> {
  return (base[`ec2:${call.action}`] ?? ((one, { forward }) => forward(one)))(call, around);
}

/** A call without the filter of devices, and what that asked for. */
function withoutDevices(call: AwsCall): {
  readonly left: AwsCall;
  readonly wanted?: { readonly member: string; readonly values: string[] };
} {
  const [name, filter = ''] = [...call.query].find(([, value]) => value in ofDevices) ?? [];
  const member = ofDevices[filter];
  if (name === undefined || member === undefined) return { left: call };
  const prefix = name.replace(/Name$/, '');
  const own = [...call.query].filter(([key]) => key.startsWith(prefix));
  const values = own.filter(([key]) => key !== name).map(([, value]) => value);
  return { left: withQuery(call, Object.fromEntries(own.map(([key]) => [key, undefined]))), wanted: { member, values } };
}

/** A device of an image, as DescribeImages shows it. */
interface Device {
  readonly mapping: JsonObject;
  readonly ebs: JsonObject | undefined;
  readonly encrypted: string | undefined;
}

function devicesOf(image: JsonObject): Device[] {
  return listAt(image, 'blockDeviceMapping', 'item')
    .filter(isObject)
    .map((mapping) => {
      const { ebs } = mapping;
      return { mapping, ebs: isObject(ebs) ? ebs : undefined, encrypted: stringAt(mapping, 'ebs', 'encrypted') };
    });
}

/** The snapshot of a copied device: of a volume that moto encrypts, for its own copies of snapshots stay as they are. */
async function copyOf(
  { ebs, encrypted }: Device,
  isEncrypted: boolean,
  { query, region }: AwsCall,
  moto: MotoClient,
  keys: Map<string, string>,
): Promise<JsonObject> {
  const wants = isEncrypted || encrypted === 'true';
  const key = query.get('KmsKeyId');
  const made = await moto.readEc2(
    'CreateVolume',
    {
      AvailabilityZone: `${region}a`,
      Size: stringAt(ebs, 'volumeSize') ?? '8',
      ...(wants && { Encrypted: 'true' }),
      ...(wants && key !== undefined && { KmsKeyId: key }),
    },
    region,
  );
  const [VolumeId, kmsKeyId] = [stringAt(made, 'volumeId') ?? '', stringAt(made, 'kmsKeyId')];
  const snapshotId = stringAt(await moto.readEc2('CreateSnapshot', { VolumeId }, region), 'snapshotId') ?? '';
  await moto.readEc2('DeleteVolume', { VolumeId }, region);
  if (kmsKeyId !== undefined) keys.set(snapshotId, kmsKeyId);
  return { snapshotId, encrypted: String(wants) };
}

/** The tags that a copy gets in its creation, which moto passes over. */
async function tag(id: string, { query, region }: AwsCall, moto: MotoClient): Promise<void> {
  const tags = listAt(nest(query)['TagSpecification'])
    .filter((one) => stringAt(one, 'ResourceType') === 'image')
    .flatMap((one) => listAt(one, 'Tag'));
  if (tags.length === 0) return;
  const parameters = tags.flatMap((one, n) =>
    ['Key', 'Value'].map((part): [string, string] => [`Tag.${n + 1}.${part}`, stringAt(one, part) ?? '']),
  );
  await moto.readEc2('CreateTags', { 'ResourceId.1': id, ...Object.fromEntries(parameters) }, region);
}
