import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isReadName } from '../../cli/replay/events.ts';
import { callRecord } from '../scenarios.ts';
import { drawn, randomOf } from '../storm/random.ts';

/** One million records are so many in a small file, and in a large one. */
export const LAYOUTS = [
  { name: 'small files', perFile: 50 },
  { name: 'large files', perFile: 10_000 },
] as const;

/** Where recorded calls are, beside the project. */
const RECORDED = join(import.meta.dirname, '../../../shared/cloudtrail');
/** Calls that services make for themselves all day. */
const HOUSEKEEPING = ['Decrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'AssumeRole'];
/** What an account's calls are, in per cent, beside those that a rule asks for by name and `others`: most of them read. */
const SHARES = { reads: 65, housekeeping: 20 };
/**
 * So many calls of one shape follow each other on average. With 4, files of 10,000 records pack to about 130 bytes a record, as the one
 * trail does that was published whole: that of flaws.cloud, 1,939,207 records in 251.7 MB, in files of 100,000.
 * https://summitroute.com/blog/2020/10/09/public_dataset_of_cloudtrail_logs_from_flaws_cloud/
 */
const RUN = 4;
type Sort = keyof typeof SHARES | 'others' | 'asked';

type Call = { readonly [key: string]: unknown; readonly eventName: string };

/** The text of a record around what no two have in common. */
interface Shape {
  readonly parts: readonly string[];
  readonly weight: number;
}

const packed = promisify(gzip);

/** What is written: so many records, of which a share in per cent are calls for which a rule asks by name. */
interface Wanted {
  readonly records: number;
  readonly perFile: number;
  readonly asked: ReadonlySet<string>;
  readonly share: number;
}

/** The mix, for people. */
export function mixOf(share: number): string {
  const { reads, housekeeping } = SHARES;
  return `${reads} % read, ${housekeeping} % are calls of services for themselves, ${sharesOf(share).others} % others, ${share} % have a name for which a rule asks; in runs of ${RUN} on average`;
}

/** Writes records as CloudTrail does, gzipped and by day; answers how many files they are. */
export async function writeCorpus(folder: string, { records, perFile, asked, share }: Wanted): Promise<number> {
  const shapes = shapesOf(recordedCalls(), asked, share);
  const random = randomOf(19);
  const drawNext = runsOf(shapes, random);
  let files = 0;
  for (let from = 0; from < records; from += perFile) {
    const day = join(folder, 'AWSLogs/111122223333/CloudTrail/eu-west-1/2027/01', String(1 + (files % 31)).padStart(2, '0'));
    await mkdir(day, { recursive: true });
    const texts = Array.from({ length: Math.min(perFile, records - from) }, (_, n) => textOf(drawNext(), from + n, random));
    await writeFile(join(day, `111122223333_CloudTrail_eu-west-1_${files}.json.gz`), await packed(`{"Records":[${texts.join(',')}]}`));
    files += 1;
  }
  return files;
}

/** Recorded calls where they are at hand, else plain ones. */
function recordedCalls(): readonly Call[] {
  if (!existsSync(RECORDED)) return ['CreateVolume', 'DescribeVolumes', 'DeleteVolume', 'Decrypt'].map((name) => callRecord(name));
  return readdirSync(RECORDED, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .flatMap((file): Call[] => {
      // what begins with `_` says where a record was published
      const record: { [key: string]: unknown } = JSON.parse(readFileSync(join(RECORDED, file), 'utf8'), (key, value) =>
        key.startsWith('_') ? undefined : value,
      );
      const { eventName } = record;
      return typeof eventName === 'string' ? [{ ...record, eventName }] : [];
    });
}

function sharesOf(asked: number): { readonly [sort in Sort]: number } {
  return { ...SHARES, others: 100 - SHARES.reads - SHARES.housekeeping - asked, asked };
}

function shapesOf(calls: readonly Call[], asked: ReadonlySet<string>, share: number): readonly Shape[] {
  const shares = sharesOf(share);
  const sorts = Map.groupBy(calls, (call): Sort => {
    const { eventName } = call;
    // root's calls are asked for whatever they are
    if (isRoot(call)) return 'asked';
    if (isReadName(eventName)) return 'reads';
    if (HOUSEKEEPING.includes(eventName)) return 'housekeeping';
    return asked.has(eventName) ? 'asked' : 'others';
  });
  return [...sorts].flatMap(([sort, all]) => all.map((call) => ({ parts: partsOf(call), weight: shares[sort] / all.length })));
}

/** Draws shapes in runs: what calls once mostly calls again, as a tool that polls or a script that loops. */
function runsOf(shapes: readonly Shape[], random: () => number): () => Shape {
  let last: Shape | undefined;
  return () => {
    if (last === undefined || random() * RUN < 1) last = drawn(shapes, random);
    return last;
  };
}

function isRoot({ userIdentity }: Call): boolean {
  return Reflect.get(Object(userIdentity), 'type') === 'Root';
}

function partsOf(call: Call): readonly string[] {
  const own = { ...call, eventTime: '<time>', eventID: '<id>', ...('requestID' in call && { requestID: '<id>' }) };
  return JSON.stringify(own).split(/(<time>|<id>)/);
}

function textOf({ parts }: Shape, n: number, random: () => number): string {
  return parts
    .map((part) => {
      if (part === '<time>') return new Date(Date.UTC(2027, 0, 1) + n * 2000).toISOString().replace('.000', '');
      return part === '<id>' ? id(random) : part;
    })
    .join('');
}

function id(random: () => number): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
