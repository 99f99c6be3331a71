import { errorCode } from '#shared/aws/errors.ts';
import type { Where } from '../deployment.ts';
import { type BusEvent, objectsIn, readObject } from './events.ts';
import { Proposals } from './proposals.ts';
import { QuickScan } from './quick-scan.ts';
import type { Scanned } from './record-scan.ts';
import { type Rule, RuleBook } from './rule-book.ts';
import type { Sink } from './scanner.ts';

/** An event and the controls whose rules it matches. */
export interface Match {
  readonly event: BusEvent;
  readonly controls: readonly string[];
}

/** A match as it goes to another thread: with the JSON of the object that its event was read from. */
export interface SentMatch {
  readonly json: string;
  readonly controls: readonly string[];
}

/** The matches of another thread. */
export function matchesOf(sent: readonly SentMatch[]): readonly Match[] {
  return sent.flatMap(({ json, controls }): Match[] => {
    const read = readObject(JSON.parse(json));
    return read.is === 'event' ? [{ event: read.event, controls }] : [];
  });
}

/** A place of a file that cannot be read. */
export interface Unreadable {
  readonly file: string;
  /** Bytes from the beginning of the file as it is unpacked; undefined if it is about the whole file. */
  readonly at?: number;
  readonly why: string;
}

/** What is looked at, of all that is read. */
export interface Selection {
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
  readonly account?: string;
  readonly region?: string;
  /** Whether every record is parsed, whatever its name. */
  readonly isStrict: boolean;
}

/** How much was read. */
export interface Counts {
  records: number;
  /** Of them those that were parsed. */
  parsed: number;
  unreadable: number;
}

/** An object that may match, as it stands in a file. */
interface Candidate {
  readonly json: string;
  readonly file: string;
  readonly at: number;
  readonly isOwn: boolean;
}

/** So many candidates, and so many characters of them, are parsed in one go: between two scans, each would find cold caches. */
const TOGETHER = { candidates: 64, length: 2 ** 20 };
/** So many unreadable places of one reader are named. */
const NAMED = 200;

/** What has come together since it was last collected. */
export interface Found<Of = Match> {
  readonly matches: readonly Of[];
  readonly unreadable: readonly Unreadable[];
}

/** What a reading is made of; it goes to other threads as it is. */
export interface Setup {
  readonly rules: readonly Rule[];
  readonly selection: Selection;
  /** How objects of S3 are reached, where files are such. */
  readonly where?: Where;
}

/** Takes the objects of files one by one, and keeps what matches until somebody collects it. */
export class Reading implements Sink {
  readonly #counts: Counts = { records: 0, parsed: 0, unreadable: 0 };
  readonly quick: QuickScan;
  readonly #rules: RuleBook;
  readonly #proposals: Proposals;
  readonly #selection: Selection;
  #file = '';
  #candidates: Candidate[] = [];
  #length = 0;
  #matches: (Match & SentMatch)[] = [];
  #unreadable: Unreadable[] = [];
  #named = 0;

  constructor({ rules, selection }: Setup) {
    this.#rules = new RuleBook(rules);
    this.#proposals = new Proposals(rules);
    this.quick = new QuickScan(this.#proposals.wanted(selection.isStrict));
    this.#selection = selection;
  }

  /** Begins another file. */
  begin(file: string): void {
    this.#file = file;
  }

  object(bytes: Buffer, start: number, scanned: Scanned, isOwn: boolean, at: number): void {
    if (!this.#selection.isStrict && !this.#proposals.isWorthParsing(bytes, start, scanned)) {
      this.#counts.records += 1;
      return;
    }
    const json = bytes.toString('utf8', start, scanned.end);
    this.#candidates.push({ json, file: this.#file, at, isOwn });
    this.#length += json.length;
    if (this.#candidates.length >= TOGETHER.candidates || this.#length >= TOGETHER.length) this.#parse();
  }

  pass(records: number): void {
    this.#counts.records += records;
  }

  unreadable(at: number | undefined, why: string): void {
    // places are named in their order
    this.#parse();
    this.#name({ file: this.#file, ...(at !== undefined && { at }), why });
  }

  /** How much was read so far. */
  get counts(): Counts {
    this.#parse();
    return this.#counts;
  }

  /** How many matches wait to be collected. */
  get waiting(): number {
    return this.#matches.length;
  }

  /** Hands over what has come together. */
  collect(): Found<Match & SentMatch> {
    this.#parse();
    const found = { matches: this.#matches, unreadable: this.#unreadable };
    this.#matches = [];
    this.#unreadable = [];
    return found;
  }

  #name(one: Unreadable): void {
    this.#counts.unreadable += 1;
    if (this.#named >= NAMED) return;
    this.#named += 1;
    this.#unreadable.push(one);
  }

  #parse(): void {
    const candidates = this.#candidates;
    this.#candidates = [];
    this.#length = 0;
    for (const candidate of candidates) {
      const { json, file, at, isOwn } = candidate;
      let value: unknown;
      try {
        value = JSON.parse(json);
      } catch {
        this.#counts.records += 1;
        // the parser's own error quotes the text
        this.#name({ file, at, why: 'is not JSON' });
        continue;
      }
      try {
        for (const one of objectsIn(value, isOwn)) this.#take(one, candidate, one === value ? json : undefined);
      } catch (error) {
        // one that nothing can be made of ends neither its file nor those beside it
        this.#name({ file, at, why: `cannot be matched (${errorCode(error)})` });
      }
    }
  }

  #take(value: unknown, { file, at }: Candidate, json?: string): void {
    this.#counts.records += 1;
    this.#counts.parsed += 1;
    const read = readObject(value);
    if (read.is === 'other') this.#name({ file, at, why: 'is neither a record nor an event' });
    if (read.is !== 'event' || !isSelected(read.event, this.#selection)) return;
    const controls = this.#rules.controlsFor(read.event);
    if (controls.length > 0) this.#matches.push({ event: read.event, controls, json: json ?? JSON.stringify(value) });
  }
}

function isSelected({ account, region, time }: BusEvent, selection: Selection): boolean {
  if (selection.account !== undefined && account !== selection.account) return false;
  if (selection.region !== undefined && region !== selection.region) return false;
  if (selection.since === undefined && selection.until === undefined) return true;
  const at = Date.parse(time);
  return at >= (selection.since ?? Number.NEGATIVE_INFINITY) && at < (selection.until ?? Number.POSITIVE_INFINITY);
}
