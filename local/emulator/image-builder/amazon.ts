import { partitionOf } from '#shared/aws/partition.ts';
import type { Item } from './table.ts';

/** A few of the components and images that Amazon keeps in every Region, for recipes to name. */
const known = [
  ['component', 'update-linux', 'Linux'],
  ['component', 'aws-cli-version-2-linux', 'Linux'],
  ['component', 'simple-boot-test-linux', 'Linux'],
  ['component', 'update-windows', 'Windows'],
  ['image', 'amazon-linux-2023-x86', 'Linux'],
  ['image', 'amazon-linux-2-x86', 'Linux'],
  ['image', 'ubuntu-server-24-lts-x86', 'Linux'],
  ['image', 'windows-server-2022-english-full-base-x86', 'Windows'],
] as const;
const version = '1.0.2';

/** What Amazon keeps in a Region; the AMIs of its images are made when somebody first looks. */
export function amazonsOwn(region: string): Item[] {
  return known.map(([type, name, platform]) => {
    const arn = `arn:${partitionOf(region)}:imagebuilder:${region}:aws:${type}/${name}/${version}/1`;
    const common = { arn, name, version, platform, owner: 'Amazon', dateCreated: '2026-01-01T00:00:00.000Z', tags: {} };
    const own =
      type === 'image'
        ? { type: 'AMI', imageSource: 'AMAZON_MANAGED', state: { status: 'AVAILABLE' } }
        : { type: name.includes('test') ? 'TEST' : 'BUILD', encrypted: true, obfuscate: false };
    return { arn, type, at: 0, content: { ...common, ...own } };
  });
}
