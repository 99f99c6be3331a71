import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Organization } from '#shared/finding/organization.ts';
import { account } from './trail/identity.ts';

/** An organization that the local cloud plays. */
export interface LocalOrganization {
  /** How many accounts it has, the hub's among them. */
  readonly accounts: number;
  /** The Regions of each, of which the hub is in the first. */
  readonly regions: readonly string[];
  /** Whether the accounts are in an OU, and left to StackSets. */
  readonly stackSets?: boolean;
}

/** What the child is to synthesise. */
export interface SynthesisRequest {
  readonly outdir: string;
  readonly configFile: string | undefined;
  readonly organization: Organization<object> | undefined;
}

/** What a local cloud is made of. */
export interface Synthesised {
  readonly templateFile: string;
  /** The config that it is of; undefined is the project's own. */
  readonly configFile: string | undefined;
}

/** What the child answers: what it made, or the error that ended it. */
export type SynthesisAnswer =
  | { readonly made: Synthesised }
  | { readonly error: Pick<Error, 'name' | 'message'> & { readonly stack: string | undefined } };

/** The OU of an organization that is left to StackSets. */
const OU = { name: 'workloads', id: 'ou-loca-workloads' };

/** Makes the template of a config in a folder of its own, so that two clouds can start side by side; it goes with the parts. */
export async function synthesise(
  configFile: string | undefined,
  parts: { stop(): Promise<void> }[],
  organization?: LocalOrganization,
): Promise<Synthesised> {
  const outdir = await mkdtemp(join(tmpdir(), 'redress-local-'));
  const remove = (): void => rmSync(outdir, { recursive: true, force: true });
  process.once('exit', remove);
  parts.push({
    async stop() {
      process.off('exit', remove);
      remove();
    },
  });
  return inChild({ outdir, configFile, organization: organization && hubFor(organization) });
}

// The bundler takes gigabytes and gives none back before its process ends, so it has one of its own.
async function inChild(request: SynthesisRequest): Promise<Synthesised> {
  const child = fork(join(import.meta.dirname, 'synthesise-child.ts'), {
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const answer = await new Promise<SynthesisAnswer>((resolve, reject) => {
      child.once('message', (message: SynthesisAnswer) => resolve(message));
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new Error(`Synthesising ended before its time (${signal ?? code}).`)));
      child.send(request);
    });
    if ('made' in answer) return answer.made;
    throw Object.assign(new Error(answer.error.message), answer.error);
  } finally {
    child.kill();
  }
}

/** An organization of a hub and as many members as there are accounts beside it; the hub's other Regions are members too. */
export function hubFor({ accounts, regions, stackSets }: LocalOrganization): Organization<object> {
  const others = Array.from({ length: accounts - 1 }, (_, n) => String(200_000_000_001 + n));
  const head = { id: 'o-localcloud1', hub: true, regions };
  if (!stackSets) return { ...head, accounts: [account, ...others] };
  return { ...head, join: 'automatic', ous: { [OU.name]: { id: OU.id, accounts: [account, ...others] } } };
}
