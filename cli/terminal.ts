import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';
import { cut, plain, plainLines } from '#shared/finding/text.ts';

/** What a command writes to and asks; the process's own streams, or a test's. */
export interface Terminal {
  /** One line of what was asked for, or several. */
  out(line: string): void;
  /** One line about it: warnings, errors. */
  err(line: string): void;
  /** Replaces the last progress line on a terminal, and is silent elsewhere; without a text it removes it. */
  progress(text?: string): void;
  /** Whether anybody sees how far something is. */
  readonly showsProgress: boolean;
  /** Asks for a yes; undefined where nobody can be asked. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Columns to draw in; undefined if it is not a terminal, and nothing is cut. */
  readonly width: number | undefined;
  /** Colours of standard output. */
  readonly paint: ReturnType<typeof pc.createColors>;
  /** Colours of standard error. */
  readonly paintError: ReturnType<typeof pc.createColors>;
}

/** The terminal of this process; colour only on a TTY, and never under NO_COLOR. */
export function processTerminal({ stdin, stdout, stderr, env } = process): Terminal {
  const mayPaint = !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  let isShown = false;
  const clear = () => {
    if (isShown) stderr.write('\r\u001b[2K');
    isShown = false;
  };
  return {
    out(line) {
      clear();
      stdout.write(`${shown(line)}\n`);
    },
    err(line) {
      clear();
      stderr.write(`${shown(line)}\n`);
    },
    progress(text) {
      clear();
      if (text === undefined || !stderr.isTTY) return;
      stderr.write(cut(plain(text), (stderr.columns || 80) - 1));
      isShown = true;
    },
    showsProgress: stderr.isTTY === true,
    confirm: stdin.isTTY && stderr.isTTY ? (question) => ask(question, stdin, stderr) : undefined,
    width: stdout.isTTY ? stdout.columns || 80 : undefined,
    paint: pc.createColors(stdout.isTTY === true && mayPaint),
    paintError: pc.createColors(stderr.isTTY === true && mayPaint),
  };
}

async function ask(question: string, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<boolean> {
  const lines = createInterface({ input, output });
  try {
    const closed = new Promise<string>((resolve) => {
      // Ctrl-C and Ctrl-D are a no
      lines.once('close', () => resolve(''));
    });
    return /^y(es)?$/i.test((await Promise.race([lines.question(`${plain(question)} [y/N] `), closed])).trim());
  } finally {
    lines.close();
  }
}

/** Text that needs no look at each line. */
const isOrdinary = /^[\x20-\x7e\n]*$/;

/** What reaches a terminal, whoever wrote it: the lines and the colours that were put in, and nothing else that would steer it. */
function shown(text: string): string {
  if (isOrdinary.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours that were put in
  const parts = text.split(/(\u001b\[\d+m)/);
  return parts.map((part, at) => (at % 2 === 1 ? part : plainLines(part))).join('');
}
