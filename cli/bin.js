#!/usr/bin/env node
// The `redress` command. It is TypeScript that Node 24 runs directly; an older Node hands over to the project's own.
import { spawn } from 'node:child_process';
import { enableCompileCache } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const WANTED = 24;

if (Number.parseInt(process.versions.node, 10) >= WANTED) {
  // what Node makes of the source is kept beside the packages: a start takes half as long, and a thread a third
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/redress', import.meta.url));
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import('./main.ts');
} else {
  // the lock file pins the archive of each platform that has one
  const file = process.platform === 'win32' ? `node-win-${process.arch}/bin/node.exe` : `node-${process.platform}-${process.arch}/bin/node`;
  const node = fileURLToPath(new URL(`../node_modules/${file}`, import.meta.url));
  const command = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(node, [command, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself, which ends what it has begun; this process waits for it
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(
      `redress needs Node ${WANTED}, this is ${process.versions.node}, and the project's own could not be started: ${error.message}\nRun \`npm ci\` in ${fileURLToPath(new URL('..', import.meta.url))}, or use Node ${WANTED}.`,
    );
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
  });
}
