import * as ec2 from '@aws-sdk/client-ec2';

/** What a new control needs to know of a kind of EC2 resource; all of it is in the SDK. */
export interface Ec2Resource {
  /** As in `volume-iops`: `volume`. */
  readonly noun: string;
  /** `Volume`, as in `DescribeVolumes` and `AWS::EC2::Volume`. */
  readonly name: string;
  /** What lists them, such as `DescribeVolumes`. */
  readonly describe: string;
  /** The output's member, such as `Volumes`. */
  readonly list: string;
  /** The item's member, such as `VolumeId`. */
  readonly id: string;
  /** What makes one, such as `CreateVolume`. */
  readonly create: string;
  /** Narrows the list to the account's own, where AWS lists everybody's public ones too. */
  readonly own: 'OwnerIds' | 'Owners' | undefined;
}

/** The EC2 resource that a control's id begins with; undefined if EC2 has no such calls for it. */
export function ec2ResourceOf(id: string): Ec2Resource | undefined {
  const words = id.split('-');
  for (let length = words.length - 1; length > 0; length -= 1) {
    const found = resourceOf(words.slice(0, length).join('-'));
    if (found) return found;
  }
  return undefined;
}

function resourceOf(noun: string): Ec2Resource | undefined {
  const name = noun.replace(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase());
  const resource = { noun, name, describe: `Describe${name}s`, list: `${name}s`, id: `${name}Id`, create: `Create${name}` };
  const schema = schemaOf(`${resource.describe}Command`);
  if (!schema || !schemaOf(`${resource.create}Command`)) return undefined;
  const inputs = membersOf(schema[4]);
  const item = membersOf(elementOf(schema[5], resource.list));
  if (!inputs.includes('Filters') || !item.includes(resource.id) || !item.includes('Tags')) return undefined;
  return { ...resource, own: (['OwnerIds', 'Owners'] as const).find((member) => inputs.includes(member)) };
}

function schemaOf(commandName: string): unknown[] | undefined {
  const command: unknown = Reflect.get(ec2, commandName);
  const schema: unknown = typeof command === 'function' ? Reflect.get(Reflect.construct(command, [{}]), 'schema') : undefined;
  return Array.isArray(schema) ? schema : undefined;
}

// a structure's schema is `[kind, namespace, name, traits, member names, member schemas]`, each perhaps behind a function
function membersOf(shape: unknown): string[] {
  const structure = unwrap(shape);
  const names: unknown = Array.isArray(structure) ? structure[4] : undefined;
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

function elementOf(shape: unknown, member: string): unknown {
  const structure = unwrap(shape);
  const members: unknown = Array.isArray(structure) ? structure[5] : undefined;
  const list = Array.isArray(members) ? unwrap(members[membersOf(shape).indexOf(member)]) : undefined;
  return Array.isArray(list) ? unwrap(list[4]) : undefined;
}

// a member with traits is `[schema, traits]`
function unwrap(shape: unknown): unknown {
  const inner: unknown = typeof shape === 'function' ? shape() : shape;
  return Array.isArray(inner) && inner.length === 2 ? unwrap(inner[0]) : inner;
}
