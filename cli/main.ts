import { run } from './program.ts';
import { processTerminal } from './terminal.ts';
import { holdYoung } from './young.ts';

holdYoung();

// `redress findings | head` closes the pipe early; that is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), processTerminal());
