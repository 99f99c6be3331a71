import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';

/*
 * What a replay is compared with, as a process of its own: `node others.ts gunzip|parse FOLDER THREADS`. Its last line is
 * `{"seconds":…}`: as a replay counts them, from when its threads are there and it looks for files.
 */

type Given = { readonly paths: readonly string[]; readonly next: Int32Array; readonly isParsed: boolean };

if (parentPort) {
  const port = parentPort;
  port.once('message', (given: Given) => {
    read(given);
    port.postMessage('done');
  });
  port.postMessage('ready');
} else {
  const [how, folder = '', threads] = process.argv.slice(2);
  const workers = Array.from({ length: Number(threads) }, () => new Worker(new URL(import.meta.url)));
  const answers = () => Promise.all(workers.map((worker) => once(worker, 'message')));
  await answers();
  const begun = performance.now();
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gz'))
    .map((name) => join(folder, name));
  const given: Given = { paths, next: new Int32Array(new SharedArrayBuffer(4)), isParsed: how === 'parse' };
  for (const worker of workers) worker.postMessage(given);
  await answers();
  console.log(JSON.stringify({ seconds: (performance.now() - begun) / 1000 }));
}

/** Reads one file after the other, each in one go. */
function read({ paths, next, isParsed }: Given): void {
  for (let n = Atomics.add(next, 0, 1); n < paths.length; n = Atomics.add(next, 0, 1)) {
    const packed = readFileSync(paths[n] ?? '');
    const bytes = gunzipSync(packed, { chunkSize: packed.readUInt32LE(packed.length - 4) + 64 });
    if (isParsed) JSON.parse(bytes.toString());
  }
}
