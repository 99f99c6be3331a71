import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedressConfig } from '#shared/finding/config.ts';
import type { Synthesised } from '../../infra/synth.ts';
import { synthesised } from '../support/synthesised.ts';

/** A resource of a CloudFormation template. */
export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties are whatever CloudFormation takes
  readonly Properties: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly Metadata?: any;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: unknown;
}

/** A synthesised template, to look things up in. */
export interface Template extends Synthesised {
  readonly text: string;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: { readonly [name: string]: { readonly Value: unknown } };
  /** Every resource of a type, as [logical id, resource]. */
  all(type: string): readonly (readonly [string, Resource])[];
  /** The one resource of a type whose property has a value, as [logical id, resource]. */
  the(type: string, property: string, value: unknown): readonly [string, Resource];
  remove(): Promise<void>;
}

/** Synthesises into a temporary folder; the config goes through a JSON file, or is the project's own. */
export async function templateOf(config?: RedressConfig): Promise<Template> {
  const folder = await mkdtemp(join(tmpdir(), 'redress-test-'));
  const made = await synthesised(folder, true, config);
  const text = await readFile(made.templateFile, 'utf8');
  const { Resources, Outputs } = JSON.parse(text);
  const resources = new Map<string, Resource>(Object.entries(Resources));
  const all = (type: string) => [...resources].filter(([, resource]) => resource.Type === type);
  return {
    ...made,
    text,
    resources,
    outputs: Outputs,
    all,
    the(type, property, value) {
      const found = all(type).filter(([, { Properties }]) => JSON.stringify(Properties[property]) === JSON.stringify(value));
      const [one] = found;
      if (!one || found.length > 1) throw new Error(`${found.length} resources ${type} with ${property} ${JSON.stringify(value)}`);
      return one;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The reference to a resource's ARN, as the template writes it. */
export const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
