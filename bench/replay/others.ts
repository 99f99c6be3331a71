import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';

/* What a replay is compared with, as a process of its own: `node others.ts gunzip|parse FOLDER THREADS`. */

type Given = { readonly paths: readonly string[]; readonly next: Int32Array; readonly isParsed: boolean };

if (workerData) read(workerData);
else {
  const [how, folder = '', threads] = process.argv.slice(2);
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gz'))
    .map((name) => join(folder, name));
  const next = new Int32Array(new SharedArrayBuffer(4));
  for (let n = 0; n < Number(threads); n += 1)
    new Worker(new URL(import.meta.url), { workerData: { paths, next, isParsed: how === 'parse' } satisfies Given });
}

/** Reads one file after the other, each in one go. */
function read({ paths, next, isParsed }: Given): void {
  for (let n = Atomics.add(next, 0, 1); n < paths.length; n = Atomics.add(next, 0, 1)) {
    const packed = readFileSync(paths[n] ?? '');
    const bytes = gunzipSync(packed, { chunkSize: packed.readUInt32LE(packed.length - 4) + 64 });
    if (isParsed) JSON.parse(bytes.toString());
  }
}
