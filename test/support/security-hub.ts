import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const client = dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-securityhub/package.json'));
const types = join(client, 'dist-types', 'models');
const declared = await Promise.all(
  ['models_0.d.ts', 'models_1.d.ts', 'models_2.d.ts'].map((file) => readFile(join(types, file), 'utf8').catch(() => '')),
);
const [, members = ''] = /export interface ResourceDetails \{([\s\S]*?)\n\}/.exec(declared.join('\n')) ?? [];

/** Security Hub's names for types of resources, as its SDK declares them, with the two that have no details. */
export const securityHubTypes: readonly string[] = [
  'AwsAccount',
  'Other',
  ...[...members.matchAll(/^ {4}(\w+)\?:/gm)].map(([, name = '']) => name),
];
