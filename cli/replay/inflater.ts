import { constants, createGunzip, gzipSync } from 'node:zlib';

/** What Node's own streams of zlib write with. It is not documented, and so is tried before it is used. */
interface Handle {
  onerror: (message: string, errno: number, code: string) => void;
  reset(): void;
  writeSync(flush: number, from: Uint8Array, at: number, length: number, to: Uint8Array, toAt: number, room: number): void;
}

/** What one step of unpacking did. */
export interface Step {
  /** So many packed bytes are done with. */
  readonly taken: number;
  /** So many bytes were written. */
  readonly written: number;
}

const SAMPLE = Buffer.from('what is packed comes out as it was');

/** Unpacks gzip to where the bytes are wanted; a stream would make new memory for each chunk, and wait for another thread. */
export class Inflater {
  readonly #handle: Handle;
  /** After a step, the room that is left and the packed bytes that are. */
  readonly #left: Uint32Array;
  #code: string | undefined;

  private constructor(handle: Handle, left: Uint32Array) {
    this.#handle = handle;
    this.#left = left;
    handle.onerror = (_message, _errno, code) => {
      this.#code = code;
    };
  }

  /** Undefined where this Node has no such thing: then a stream does it. */
  static make(): Inflater | undefined {
    try {
      const stream = createGunzip();
      const [handle, left]: readonly unknown[] = [Reflect.get(stream, '_handle'), Reflect.get(stream, '_writeState')];
      if (!isHandle(handle) || !(left instanceof Uint32Array)) return undefined;
      const made = new Inflater(handle, left);
      return made.#works() ? made : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whether bytes come out as they were, and both counts are what they are taken for: room that runs out, and packed bytes that do. */
  #works(): boolean {
    const [packed, room] = [gzipSync(SAMPLE), Buffer.alloc(2 * SAMPLE.length)];
    this.begin();
    const first = this.step(packed, room.subarray(0, 5));
    const second = this.step(packed.subarray(first.taken), room.subarray(first.written));
    const isCounted = first.written === 5 && first.taken < packed.length && first.taken + second.taken === packed.length;
    return isCounted && this.isWhole() && room.subarray(0, 5 + second.written).equals(SAMPLE);
  }

  /** Begins with another file. */
  begin(): void {
    this.#code = undefined;
    this.#handle.reset();
  }

  /** Unpacks until no packed bytes or no room is left, or the packed data end; throws what zlib says of broken ones. */
  step(packed: Uint8Array, room: Uint8Array): Step {
    this.#write(constants.Z_SYNC_FLUSH, packed, room);
    const [roomLeft = 0, packedLeft = 0] = this.#left;
    return { taken: packed.length - packedLeft, written: room.length - roomLeft };
  }

  /** Whether the packed data have come to their end. */
  isWhole(): boolean {
    try {
      // with no more to come, what is not at its end is an error
      this.#write(constants.Z_FINISH, new Uint8Array(0), new Uint8Array(1));
      return true;
    } catch {
      return false;
    }
  }

  #write(flush: number, packed: Uint8Array, room: Uint8Array): void {
    this.#handle.writeSync(flush, packed, 0, packed.length, room, 0, room.length);
    if (this.#code !== undefined) throw Object.assign(new Error('no whole gzip'), { code: this.#code });
  }
}

function isHandle(value: unknown): value is Handle {
  return (
    typeof value === 'object' && value !== null && ['reset', 'writeSync'].every((name) => typeof Reflect.get(value, name) === 'function')
  );
}
