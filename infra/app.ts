import { ConfigError } from '#shared/finding/config-schema.ts';
import { describeBundles } from './bundle.ts';
import { NagError } from './nag-check.ts';
import { synth } from './synth.ts';

// the CDK's command says where it wants the output; REDRESS_CONFIG names another config than redress.config.ts
const { CDK_OUTDIR: outdir, REDRESS_CONFIG: configFile } = process.env;
try {
  const made = await synth({ ...(outdir && { outdir }), ...(configFile && { configFile }) });
  // standard output is the template's, under `cdk synth`
  console.error(`${made.templateFile}: ${describeBundles(made.bundles)}`);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof NagError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
