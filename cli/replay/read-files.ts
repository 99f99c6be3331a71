import type { LogFile } from './files.ts';
import type { Driver } from './read-file.ts';
import { readInto } from './read-file.ts';
import type { Reading, Setup } from './reading.ts';
import { readObjects, S3, s3Client } from './s3.ts';

/** Reads files of this machine, or objects of S3, into a reading; all of them are of one sort. */
export async function readFiles(reading: Reading, files: readonly LogFile[], { where }: Setup, driver: Driver): Promise<void> {
  if (where && files[0]?.path.startsWith(S3)) {
    const paths = files.map(({ path }) => path);
    return await readObjects(await clientOnce(where), reading, paths, driver);
  }
  for (const file of files) {
    await readInto(reading, file, driver);
    await driver.keepUp();
  }
}

let client: ReturnType<typeof s3Client> | undefined;

/** One client for the whole thread: it keeps its connections and its credentials. */
function clientOnce(where: NonNullable<Setup['where']>): ReturnType<typeof s3Client> {
  client ??= s3Client(where);
  return client;
}
