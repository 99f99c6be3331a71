import { stat } from 'node:fs/promises';
import { Failure, trying } from '../failure.ts';
import { FileQueue, isBelow } from './file-queue.ts';
import { type LogFile, logFiles, sizeOf } from './files.ts';
import type { Gathering } from './outcome.ts';
import type { Progress } from './progress.ts';
import { HERE, PART, readAll, type Taker } from './read-all.ts';
import { readStream } from './read-file.ts';
import { type Counts, Reading, type Setup } from './reading.ts';
import { objectsBelow, partsOf, S3, s3Client } from './s3.ts';
import { Threads } from './threads.ts';

/** What stands for standard input. */
export const INPUT = '-';

/** Reads paths, or files that are known already, and gives what is found to `take`. */
export async function readSources(
  source: readonly string[] | readonly LogFile[],
  setup: Setup,
  take: Taker,
  { gathering, progress, threads }: { gathering: Gathering; progress: Progress; threads: Threads },
): Promise<Counts> {
  const paths = source.filter((one) => typeof one === 'string');
  const known = source.filter((one) => typeof one !== 'string');
  if (paths.includes(INPUT)) return await readInput(setup, take, gathering);
  const isInS3 = paths.length === 0 || paths.some((path) => path.startsWith(S3));
  // to list a bucket twice would cost twice
  const measuring = isInS3 ? undefined : progress.measure(paths);
  const files = isInS3 ? objectsOf(paths, known, setup) : logFiles(paths, (one) => gathering.addOutside(one));
  const onFiles = (found: readonly LogFile[]) => {
    gathering.files += found.length;
  };
  const counts = await readAll(new FileQueue(files, onFiles), setup, take, threads);
  await measuring;
  return counts;
}

/** Threads to read with, which are begun where so much lies on this machine that they will be taken. */
export async function threadsFor(paths: readonly string[], count: number): Promise<Threads> {
  const threads = new Threads(count);
  const areFiles = paths.every((path) => path !== INPUT && !path.startsWith(S3));
  if (areFiles) threads.begin(await partsIn(paths, threads.count));
  return threads;
}

/** How many threads would have a part to read, at most so many; none where all is read without. */
async function partsIn(paths: readonly string[], most: number): Promise<number> {
  const found: LogFile[] = [];
  const parts = () => (isBelow(found, HERE) ? 0 : Math.max(found.length / PART.files, sizeOf(found) / PART.bytes));
  for await (const files of logFiles(paths, () => undefined)) {
    found.push(...files);
    if (parts() >= most) break;
  }
  return Math.min(most, Math.ceil(parts()));
}

/** The objects that are known, and those below paths of S3. */
async function* objectsOf(
  paths: readonly string[],
  known: readonly LogFile[],
  { selection, where = {} }: Setup,
): AsyncGenerator<readonly LogFile[]> {
  yield known;
  if (paths.length === 0) return;
  const client = await s3Client(where);
  for (const path of paths) for await (const object of objectsBelow(client, path, selection)) yield [object];
}

async function readInput(setup: Setup, take: Taker, gathering: Gathering): Promise<Counts> {
  gathering.files = 1;
  const reading = new Reading(setup);
  reading.begin(INPUT);
  let bytes = 0;
  const keepUp = async () => {
    const done = bytes;
    bytes = 0;
    await take(reading.collect(), done);
  };
  const onBytes = (more: number) => {
    bytes += more;
  };
  await readStream(reading, process.stdin, { onBytes, keepUp });
  await keepUp();
  return reading.counts;
}

/** A path that is named must be there; what lies below it may be unreadable. */
export async function refuseWhatIsNone(paths: readonly string[], needsNone: boolean): Promise<void> {
  if (needsNone && paths.length > 0) throw new Failure('--athena and --print-sql name no files: the table does.', { exitCode: 2 });
  if (!needsNone && paths.length === 0)
    throw new Failure('Name what to read: files, folders, s3://bucket/prefix, or - for standard input.', { exitCode: 2 });
  const objects = paths.filter((path) => path.startsWith(S3));
  const bare = objects.find((path) => partsOf(path).bucket === '');
  if (bare !== undefined) throw new Failure(`${bare} names no bucket: write s3://bucket/prefix.`, { exitCode: 2 });
  if (objects.length > 0 && objects.length < paths.length)
    throw new Failure('Objects of S3 and files of this machine are read apart.', { exitCode: 2 });
  if (objects.length > 0) return;
  if (paths.includes(INPUT) && paths.length > 1) throw new Failure('Standard input (-) is read alone.', { exitCode: 2 });
  for (const path of paths) if (path !== INPUT) await trying(`read ${path}`, () => stat(path));
}
