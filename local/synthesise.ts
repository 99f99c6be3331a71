import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes the template of a config in a folder of its own, so that two clouds can start side by side; it goes with the parts. */
export async function synthesise(configFile: string | undefined, parts: { stop(): Promise<void> }[]): Promise<string> {
  const outdir = await mkdtemp(join(tmpdir(), 'redress-local-'));
  const remove = (): void => rmSync(outdir, { recursive: true, force: true });
  process.once('exit', remove);
  parts.push({
    async stop() {
      process.off('exit', remove);
      remove();
    },
  });
  const { synth } = await import('../infra/synth.ts');
  // `npm run synth` and the tests check the template; here it need only be made.
  const { templateFile } = await synth({ outdir, check: false, ...(configFile === undefined ? {} : { configFile }) });
  return templateFile;
}
