import { expect, test } from 'vitest';
import { processTerminal } from '../../cli/terminal.ts';

const HOSTILE = 'x\u001b]0;title\u0007\u202e\u200b\u{e0041}\u0430dmin';
const SHOWN = 'x ]0;title \\u0430dmin';

/** A process whose streams keep what is written. */
function fakeProcess(): { readonly terminal: ReturnType<typeof processTerminal>; readonly written: { out: string; err: string } } {
  const written = { out: '', err: '' };
  const stream = (name: keyof typeof written) => ({ isTTY: true, columns: 40, write: (text: string) => (written[name] += text) });
  const streams = { stdin: { isTTY: false }, stdout: stream('out'), stderr: stream('err'), env: {} };
  return { terminal: processTerminal(Object.create(process, Object.getOwnPropertyDescriptors(streams))), written };
}

test('nothing from outside steers a terminal, whichever command forgot it', () => {
  const { terminal, written } = fakeProcess();
  terminal.out(`${terminal.paint.red('kept')}\n${HOSTILE}`);
  expect(written.out).toBe(`\u001b[31mkept\u001b[39m\n${SHOWN}\n`);
  terminal.err(HOSTILE);
  expect(written.err).toBe(`${SHOWN}\n`);
  written.err = '';
  terminal.progress(HOSTILE);
  expect(written.err).toBe(SHOWN);
});

test('a progress line is cut to the terminal', () => {
  const { terminal, written } = fakeProcess();
  terminal.progress('a'.repeat(60));
  expect(written.err).toBe(`${'a'.repeat(38)}…`);
});
