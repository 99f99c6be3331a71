import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { errorCode } from '#shared/aws/errors.ts';
import { clientConfig, type Where } from '../deployment.ts';
import { trying } from '../failure.ts';
import { isLog, type LogFile, OTHERS } from './files.ts';
import { type Driver, readStream } from './read-file.ts';
import type { Reading, Selection } from './reading.ts';

/** What a path in S3 begins with. */
export const S3 = 's3://';

/** So many objects are opened ahead of the one that is read. */
const AHEAD = 8;
const DAY_MS = 86_400_000;

/** The client that lists and reads objects, in whatever Region their bucket is. */
export async function s3Client(where: Where): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const config = clientConfig(where);
  // the Region of the bucket is asked for; some Region has to be set to begin with
  return new S3Client({
    region: 'us-east-1',
    ...config,
    followRegionRedirects: true,
    forcePathStyle: Boolean(process.env['AWS_ENDPOINT_URL']),
  });
}

/** The log files below a path of S3, in the order of their keys; where it is narrowed, folders of other days, places or accounts are not listed. */
export async function* objectsBelow(client: S3Client, path: string, selection: Selection): AsyncGenerator<LogFile> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const { bucket, key } = partsOf(path);
  const { since, until, account, region } = selection;
  const isNarrow = [since, until, account, region].some((one) => one !== undefined);
  const pages = async function* (prefix: string, Delimiter?: string) {
    for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
      const input = { Bucket: bucket, Prefix: prefix, ...(Delimiter && { Delimiter }), ...(token && { ContinuationToken: token }) };
      const page = await trying(`list ${S3}${bucket}/${prefix}`, () => client.send(new ListObjectsV2Command(input)));
      yield page;
      token = page.NextContinuationToken;
    }
  };
  const below = async function* (prefix: string): AsyncGenerator<LogFile> {
    // within a day, and where nothing is left out, one listing tells all
    const isFlat = !isNarrow || placeIn(prefix)?.day !== undefined;
    for await (const { Contents = [], CommonPrefixes = [] } of pages(prefix, isFlat ? undefined : '/')) {
      for (const { Key = '', Size = 0 } of Contents)
        if (isLog(Key) && !OTHERS.some((name) => Key.includes(`/${name}/`)))
          yield { path: `${S3}${bucket}/${Key}`, size: Size, isPlain: true };
      for (const { Prefix = '' } of CommonPrefixes) if (mayHold(Prefix, selection)) yield* below(Prefix);
    }
  };
  yield* below(key);
}

/** Reads objects into a reading, one after the other; the next are asked for meanwhile. */
export async function readObjects(client: S3Client, reading: Reading, paths: readonly string[], driver: Driver): Promise<void> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const opened: Promise<Readable | Error>[] = [];
  const open = async (path: string): Promise<Readable | Error> => {
    const { bucket, key } = partsOf(path);
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Body instanceof Readable ? Body : new Error('the object has no content');
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  for (const [n, path] of paths.entries()) {
    while (opened.length < Math.min(paths.length, n + AHEAD)) opened.push(open(paths[opened.length] ?? ''));
    reading.begin(path);
    const body = await opened[n];
    if (body instanceof Readable) await readStream(reading, body, driver);
    else reading.unreadable(undefined, `cannot be read (${errorCode(body)})`);
    await driver.keepUp();
  }
}

/** The bucket and the key of a path, or of the beginning of one. */
export function partsOf(path: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(path) ?? [];
  return { bucket, key };
}

/** What CloudTrail's keys say: `AWSLogs/[organization/]account/CloudTrail/region/year/month/day/`. */
function placeIn(prefix: string) {
  const match = /(?:^|\/)AWSLogs\/(?:o-[a-z\d]+\/)?(\d{12})\/(?:([^/]+)\/(?:([^/]+)\/(?:(\d{4})\/(?:(\d\d)\/(?:(\d\d)\/)?)?)?)?)?/.exec(
    prefix,
  );
  if (!match) return undefined;
  const [, account, kind, region, year, month, day] = match;
  return { account, kind, region, year, month, day };
}

/** Whether a folder may hold what is selected: a file lies under the day on which it was written, which may be the one after. */
function mayHold(prefix: string, { since, until, account, region }: Selection): boolean {
  const place = placeIn(prefix);
  if (!place) return true;
  if (account !== undefined && place.account !== account) return false;
  if (place.kind !== undefined && OTHERS.includes(place.kind)) return false;
  if (region !== undefined && place.region !== undefined && place.region !== region) return false;
  if (place.year === undefined) return true;
  const [year, month, day] = [place.year, place.month, place.day].map((one) => (one === undefined ? undefined : Number(one)));
  const first = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1);
  const end = day !== undefined ? first + DAY_MS : month !== undefined ? Date.UTC(year ?? 0, month, 1) : Date.UTC((year ?? 0) + 1, 0, 1);
  return end > (since ?? Number.NEGATIVE_INFINITY) - DAY_MS && first < (until ?? Number.POSITIVE_INFINITY) + DAY_MS;
}
