import { setFlagsFromString } from 'node:v8';
import { run } from './program.ts';
import { processTerminal } from './terminal.ts';

// what is young then keeps little room, and what loads every control 50 MB less
setFlagsFromString('--semi-space-growth-factor=1');

// `redress findings | head` closes the pipe early; that is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), processTerminal());
