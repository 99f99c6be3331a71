import { type Dir, type Dirent, statSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '#shared/aws/errors.ts';
import type { Unreadable } from './reading.ts';

/** A file to read, with its size in bytes as it is. */
export interface LogFile {
  readonly path: string;
  readonly size: number;
  /** Whether it is read to its size; something else, such as a pipe, is read until it ends. */
  readonly isPlain: boolean;
}

/** The names of what holds records; a folder has other files too. */
const LOGS = /\.(?:json|jsonl|ndjson|log)(?:\.gz)?$|\.gz$/i;
/** What CloudTrail keeps beside its records: hashes of them, and Insights, which reach no rule. */
export const OTHERS = ['CloudTrail-Digest', 'CloudTrail-Insight'];
/** So many entries of one folder are held at once, in order, and so many of them looked at in one go. */
const HELD = 4096;
const LOOKED_AT = 256;

/** The bytes of files, as they are. */
export function sizeOf(files: readonly LogFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

/** Whether a path is one of records by its name. */
export function isLog(path: string): boolean {
  return LOGS.test(path);
}

/** The files below some paths, in order and several at once; a file that is named is taken whatever its name. */
export async function* logFiles(paths: readonly string[], onUnreadable: (one: Unreadable) => void): AsyncGenerator<readonly LogFile[]> {
  for (const path of paths) {
    const found = sized(path, onUnreadable);
    if (!found) continue;
    if (found.isFolder) yield* below(path, onUnreadable);
    else yield [{ path, size: found.size, isPlain: found.isFile }];
  }
}

async function* below(folder: string, onUnreadable: (one: Unreadable) => void): AsyncGenerator<readonly LogFile[]> {
  let dir: Dir;
  try {
    dir = await opendir(folder, { bufferSize: 512 });
  } catch (error) {
    return onUnreadable({ file: folder, why: `cannot be read (${errorCode(error)})` });
  }
  let held: Dirent[] = [];
  for await (const entry of dir) {
    held.push(entry);
    if (held.length < HELD) continue;
    yield* taken(folder, held, onUnreadable);
    held = [];
  }
  yield* taken(folder, held, onUnreadable);
}

async function* taken(
  folder: string,
  entries: readonly Dirent[],
  onUnreadable: (one: Unreadable) => void,
): AsyncGenerator<readonly LogFile[]> {
  let files: LogFile[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    // a link to a folder could lead in a circle
    if (entry.isDirectory()) {
      yield files;
      files = [];
      if (!OTHERS.includes(entry.name)) yield* below(path, onUnreadable);
    } else if (isLog(entry.name) && !entry.name.startsWith('.')) {
      const found = sized(path, onUnreadable);
      if (found?.isFile) files.push({ path, size: found.size, isPlain: true });
      if (files.length < LOOKED_AT) continue;
      yield files;
      files = [];
    }
  }
  yield files;
}

function sized(path: string, onUnreadable: (one: Unreadable) => void) {
  try {
    // of many files, to wait for each takes longer than to look
    const found = statSync(path);
    return { isFolder: found.isDirectory(), isFile: found.isFile(), size: found.size };
  } catch (error) {
    onUnreadable({ file: path, why: `cannot be read (${errorCode(error)})` });
    return undefined;
  }
}
