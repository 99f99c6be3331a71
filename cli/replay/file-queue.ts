import { type LogFile, sizeOf } from './files.ts';

/** How much is taken at once. */
export interface Most {
  readonly files: number;
  readonly bytes: number;
}

/** Files that are still to be read, while they are looked up. */
export class FileQueue {
  readonly #source: AsyncGenerator<readonly LogFile[]>;
  readonly #onFound: (files: readonly LogFile[]) => void;
  #waiting: readonly LogFile[] = [];
  #at = 0;

  constructor(source: AsyncGenerator<readonly LogFile[]>, onFound: (files: readonly LogFile[]) => void) {
    this.#source = source;
    this.#onFound = onFound;
  }

  /** The next files, up to a bound in number and bytes; none at the end. */
  async take({ files, bytes }: Most): Promise<readonly LogFile[]> {
    const taken: LogFile[] = [];
    for (let size = 0; taken.length < files && size < bytes; ) {
      const file = this.#waiting[this.#at];
      if (file) {
        this.#at += 1;
        taken.push(file);
        size += file.size;
      } else if (!(await this.#more())) break;
    }
    return taken;
  }

  /** Gives back what was taken, to be taken again. */
  give(files: readonly LogFile[]): void {
    this.#waiting = [...files, ...this.#waiting.slice(this.#at)];
    this.#at = 0;
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done) return false;
    this.#onFound(value);
    // another may have taken or given in between
    this.#waiting = [...this.#waiting.slice(this.#at), ...value];
    this.#at = 0;
    return true;
  }
}

/** Whether files are fewer and smaller than a bound. */
export function isBelow(files: readonly LogFile[], most: Most): boolean {
  return files.length < most.files && sizeOf(files) < most.bytes;
}
