import { randomUUID } from 'node:crypto';
import { isObject, type Json, type JsonObject, listAt, stringAt } from '../../json.ts';
import { ec2Answer } from '../ec2-xml.ts';
import { resolveImage } from '../gaps/image-aliases.ts';
import type { BuilderEc2, Parameters } from './ec2.ts';
import { type Item, partsOf, type Table } from './table.ts';

/** What a distribution wants in a Region. */
export interface Target {
  readonly region: string;
  readonly ami: Json | undefined;
  readonly container: Json | undefined;
}

/** A device of the image to be. */
interface Device {
  readonly name: string;
  readonly size: string;
  readonly type: string;
  readonly isEncrypted: boolean;
  readonly key: string | undefined;
}

/**
 * Makes the AMI of a target in EC2 as its distribution says: encrypted, tagged and shared. moto's own images of instances and copies
 * have no devices of their own, so it is registered from snapshots, and recorded as the call that the service makes.
 */
export async function makeImage(image: Item, { region, ami }: Target, ec2: BuilderEc2, source: string, table: Table): Promise<JsonObject> {
  const recipe = image.content['imageRecipe'];
  const parent = await parentOf(stringAt(recipe, 'parentImage') ?? '', ec2, source, table);
  const wasDefault = stringAt(await ec2.ask('GetEbsEncryptionByDefault', {}, region), 'ebsEncryptionByDefault') === 'true';
  const devices = devicesOf(parent, recipe, stringAt(ami, 'kmsKeyId'), wasDefault);
  const name = (stringAt(ami, 'name') ?? `${image.content['name']} {{imagebuilder:buildDate}}`).replaceAll(
    /\{\{\s*imagebuilder:(buildDate|buildVersion)\s*\}\}/g,
    (_, what) => (what === 'buildDate' ? new Date().toISOString().replaceAll(':', '-') : String(partsOf(image.arn).build)),
  );
  const description = stringAt(ami, 'description');
  const id = await register(
    devices,
    { Name: name, RootDeviceName: parent.root, ...(description && { Description: description }) },
    ec2,
    region,
  );
  const given = [recipe, ami].map((one) => (isObject(one) && isObject(one['amiTags']) ? one['amiTags'] : {}));
  // https://docs.aws.amazon.com/imagebuilder/latest/userguide/tag-resources.html
  const tags = { ...given[0], ...given[1], CreatedBy: 'EC2 Image Builder', Ec2ImageBuilderArn: image.arn };
  await ec2.ask('CreateTags', { 'ResourceId.1': id, ...numbered('Tag', tags) }, region);
  const isCopy = region !== source;
  const action = isCopy ? 'CopyImage' : 'CreateImage';
  const asked = isCopy
    ? { SourceRegion: source, SourceImageId: parent.id, Encrypted: String(devices.some(({ isEncrypted }) => isEncrypted)) }
    : { InstanceId: `i-${randomUUID().replaceAll('-', '').slice(0, 17)}`, NoReboot: 'true' };
  const tagged = { 'TagSpecification.1.ResourceType': 'image', ...numbered('TagSpecification.1.Tag', tags) };
  const requestId = randomUUID();
  await ec2.recorded(action, { ...asked, Name: name, ...tagged }, region, ec2Answer(action, { imageId: id }, requestId));
  const permissions = permissionsOf(ami);
  if (Object.keys(permissions).length > 0)
    await ec2.tell('ModifyImageAttribute', { ImageId: id, Attribute: 'launchPermission', ...permissions }, region);
  const detail = { RequestId: requestId, ImageId: id, State: 'available', ErrorMessage: '' };
  await ec2.notice('aws.ec2', 'EC2 AMI State Change', `arn:aws:ec2:${region}::image/${id}`, detail, region);
  return { region, image: id, name, ...(description && { description }), accountId: ec2.account, state: { status: 'AVAILABLE' } };
}

/** Makes the AMI that one of Amazon's images stands for, once. */
export async function amazonsAmi(image: Item, ec2: BuilderEc2, region: string): Promise<string> {
  const known = stringAt(listAt(image.content, 'outputResources', 'amis')[0], 'image');
  if (known !== undefined) return known;
  const name = String(image.content['name']);
  const device = { name: '/dev/xvda', size: '8', type: 'gp3', isEncrypted: false, key: undefined };
  const id = await register([device], { Name: name, RootDeviceName: device.name }, ec2, region);
  image.content = { ...image.content, outputResources: { amis: [{ region, image: id, name, accountId: ec2.account }] } };
  return id;
}

async function register(devices: readonly Device[], named: Parameters, ec2: BuilderEc2, region: string): Promise<string> {
  const mappings: Parameters[] = [];
  for (const [n, { name, size, type, isEncrypted, key }] of devices.entries()) {
    const wants = { ...(isEncrypted && { Encrypted: 'true' }), ...(isEncrypted && key !== undefined && { KmsKeyId: key }) };
    const made = await ec2.ask('CreateVolume', { AvailabilityZone: `${region}a`, Size: size, ...wants }, region);
    const VolumeId = stringAt(made, 'volumeId') ?? '';
    const snapshot = stringAt(await ec2.ask('CreateSnapshot', { VolumeId }, region), 'snapshotId') ?? '';
    await ec2.ask('DeleteVolume', { VolumeId }, region);
    const at = `BlockDeviceMapping.${n + 1}`;
    mappings.push({
      [`${at}.DeviceName`]: name,
      [`${at}.Ebs.SnapshotId`]: snapshot,
      [`${at}.Ebs.VolumeSize`]: size,
      [`${at}.Ebs.VolumeType`]: type,
    });
  }
  const all = { Architecture: 'x86_64', VirtualizationType: 'hvm', ...named, ...Object.assign({}, ...mappings) };
  return stringAt(await ec2.ask('RegisterImage', all, region), 'imageId') ?? '';
}

/** The parent of a recipe, wherever the recipe says that it is; throws where there is none. */
async function parentOf(named: string, ec2: BuilderEc2, region: string, table: Table) {
  const id = await idOf(named, ec2, region, table);
  const found = listAt(await ec2.ask('DescribeImages', { 'ImageId.1': id }, region), 'imagesSet', 'item')[0];
  if (found === undefined) throw new Error(`The parent image '${named}' does not exist.`);
  return { id, root: stringAt(found, 'rootDeviceName') ?? '/dev/xvda', mappings: listAt(found, 'blockDeviceMapping', 'item') };
}

async function idOf(named: string, ec2: BuilderEc2, region: string, table: Table): Promise<string> {
  if (named.startsWith('ssm:')) {
    const found = await resolveImage(ec2.moto, `resolve:${named}`, region);
    if (typeof found === 'string') return found;
    throw new Error(found.message);
  }
  if (!named.startsWith('arn:')) return named;
  const image = table.get(named);
  if (image.content['owner'] === 'Amazon') return await amazonsAmi(image, ec2, region);
  const amis = listAt(image.content, 'outputResources', 'amis');
  return (
    stringAt(
      amis.find((one) => stringAt(one, 'region') === region),
      'image',
    ) ?? ''
  );
}

/** The parent's devices with what the recipe says of them, and those that it adds. */
function devicesOf(
  parent: { root: string; mappings: readonly Json[] },
  recipe: Json | undefined,
  key: string | undefined,
  isDefault: boolean,
): Device[] {
  const own = new Map(listAt(recipe, 'blockDeviceMappings').map((one) => [stringAt(one, 'deviceName') ?? parent.root, one]));
  const theirs = new Map(parent.mappings.map((one) => [stringAt(one, 'deviceName') ?? parent.root, one]));
  const names = [...new Set([parent.root, ...theirs.keys(), ...own.keys()])].filter(
    (name) => stringAt(own.get(name), 'noDevice') === undefined,
  );
  return names.map((name) => {
    const [mine, its] = [own.get(name), theirs.get(name)].map((one) => (isObject(one) && isObject(one['ebs']) ? one['ebs'] : {}));
    const has = (member: string): string | undefined => {
      const value = mine?.[member] ?? its?.[member];
      return value === undefined ? undefined : String(value);
    };
    return {
      name,
      size: has('volumeSize') ?? '8',
      type: has('volumeType') ?? 'gp3',
      // an encrypted parent cannot become unencrypted
      isEncrypted: isDefault || key !== undefined || String(mine?.['encrypted']) === 'true' || String(its?.['encrypted']) === 'true',
      key: key ?? has('kmsKeyId'),
    };
  });
}

function permissionsOf(ami: Json | undefined): Parameters {
  const members = {
    userIds: 'UserId',
    userGroups: 'Group',
    organizationArns: 'OrganizationArn',
    organizationalUnitArns: 'OrganizationalUnitArn',
  };
  const all = Object.entries(members).flatMap(([member, as]) =>
    listAt(ami, 'launchPermission', member).map((who) => [as, String(who)] as const),
  );
  return Object.fromEntries(all.map(([as, who], n) => [`LaunchPermission.Add.${n + 1}.${as}`, who]));
}

function numbered(prefix: string, tags: JsonObject): Parameters {
  const parts = Object.entries(tags).flatMap(([key, value], n) => [
    [`${prefix}.${n + 1}.Key`, key],
    [`${prefix}.${n + 1}.Value`, String(value)],
  ]);
  return Object.fromEntries(parts);
}
