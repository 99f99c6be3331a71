import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import wabt from 'wabt';

const folder = join(import.meta.dirname, '../cli/replay');
const BINARY = join(folder, 'record-scan.wasm');

/** Assembles the scan of records from its source. */
export async function assembled(): Promise<Buffer> {
  const { parseWat } = await wabt();
  const source = parseWat('record-scan.wat', await readFile(join(folder, 'record-scan.wat')), { simd: true });
  try {
    source.resolveNames();
    source.validate();
    return Buffer.from(source.toBinary({}).buffer);
  } finally {
    source.destroy();
  }
}

if (import.meta.main) {
  const bytes = await assembled();
  await writeFile(BINARY, bytes);
  console.log(`written ${BINARY}, ${bytes.length} bytes`);
}
