import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { discoverFunctions } from '../infra/catalog.ts';
import { loadConfig, PROJECT_CONFIG, synth } from '../infra/synth.ts';
import type { SynthesisAnswer, Synthesised, SynthesisRequest } from './synthesise.ts';

// a parent that is gone waits for nothing
process.once('disconnect', () => process.exit(1));
const [request]: SynthesisRequest[] = await once(process, 'message');
if (request) process.send?.(await answerOf(request));

async function answerOf(request: SynthesisRequest): Promise<SynthesisAnswer> {
  try {
    return { made: await make(request) };
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { error: { name, message, stack } };
  }
}

// `npm run synth` and the tests check the template; here it need only be made.
async function make({ outdir, configFile, organization }: SynthesisRequest): Promise<Synthesised> {
  if (!organization) {
    const { templateFile } = await synth({ outdir, check: false, ...(configFile === undefined ? {} : { configFile }) });
    return { templateFile, configFile };
  }
  const config = await loadConfig(configFile ?? PROJECT_CONFIG, await discoverFunctions());
  const file = join(outdir, 'config.json');
  await writeFile(file, JSON.stringify({ ...config, organization }));
  const { templateFile } = await synth({ outdir: join(outdir, 'out'), check: false, configFile: file });
  return { templateFile, configFile: file };
}
