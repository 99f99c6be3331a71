import type { Driver } from './read-file.ts';
import { readInto } from './read-file.ts';
import type { Reading, Setup } from './reading.ts';
import { readObjects, S3, s3Client } from './s3.ts';

/** Reads files of this machine, or objects of S3, into a reading; all of them are of one sort. */
export async function readFiles(reading: Reading, paths: readonly string[], { where }: Setup, driver: Driver): Promise<void> {
  if (where && paths[0]?.startsWith(S3)) return await readObjects(await clientOnce(where), reading, paths, driver);
  for (const path of paths) {
    await readInto(reading, path, driver);
    await driver.keepUp();
  }
}

let client: ReturnType<typeof s3Client> | undefined;

/** One client for the whole thread: it keeps its connections and its credentials. */
function clientOnce(where: NonNullable<Setup['where']>): ReturnType<typeof s3Client> {
  client ??= s3Client(where);
  return client;
}
