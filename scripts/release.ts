import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { synth } from '../infra/synth.ts';
import { billOfMaterials, checksums } from './release-files.ts';

const root = join(import.meta.dirname, '..');

const { outdir, config } = new Command('npm run release --')
  .description(
    'Writes what a release is made of: the template with its bundles, a bill of materials (CycloneDX), and the checksums of all.',
  )
  .option('--outdir <folder>', 'where it goes; emptied first', join(root, 'dist', 'release'))
  .option('--config <file>', 'another config than redress.config.ts')
  .parse()
  .opts<{ outdir: string; config?: string }>();

const folder = resolve(outdir);
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'redress.cdx.json'), await billOfMaterials(root));
await synth({ outdir: join(folder, 'cdk.out'), ...(config && { configFile: config }) });
await writeFile(join(folder, 'SHA256SUMS'), await checksums(folder));
console.log(`Written to ${folder}. Check it there with \`sha256sum --check SHA256SUMS\`.`);
