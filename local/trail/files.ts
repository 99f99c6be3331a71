import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { TrailRecord } from './record.ts';

/**
 * Writes records as CloudTrail delivers them: packed files of `Records`, in folders by account, Region and day.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export class TrailFiles {
  readonly #folder: string;
  #written = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes what has come since the last time, of all records so far; throws if the folder cannot be written to, and tries again next time. */
  async write(records: readonly TrailRecord[], now = new Date()): Promise<void> {
    const before = this.#writing;
    this.#writing = (async () => {
      // one after the other, so that whoever waits for the last write has all files
      await before.catch(() => undefined);
      await this.#deliver(records.slice(this.#written), now);
      this.#written = Math.max(this.#written, records.length);
    })();
    await this.#writing;
  }

  async #deliver(records: readonly TrailRecord[], now: Date): Promise<void> {
    for (const [key, Records] of Map.groupBy(records, (one) => `${one.recipientAccountId} ${one.awsRegion}`)) {
      const [account = '', region = ''] = key.split(' ');
      const time = now.toISOString();
      const folder = join(this.#folder, 'AWSLogs', account, 'CloudTrail', region, ...time.slice(0, 10).split('-'));
      await mkdir(folder, { recursive: true });
      const stamp = time.slice(0, 16).replace(/[-:]/g, '');
      const name = `${account}_CloudTrail_${region}_${stamp}Z_${randomBytes(8).toString('hex')}.json.gz`;
      await writeFile(join(folder, name), await promisify(gzip)(JSON.stringify({ Records })));
    }
  }
}
