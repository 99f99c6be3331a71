// Runs in a process of its own: imports a bundle as Lambda's Node runtime does (with `import()`, whatever its format), and times it.
// Nothing but what a bare process has is loaded before: a built-in module that is there already would make the import look cheaper.
const [file, body] = process.argv.slice(2);
const context = {
  functionName: 'bench',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:bench',
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  memoryLimitInMB: '512',
  getRemainingTimeInMillis: () => 60_000,
};

/** The most memory that the process has had; Node's own number counts what its parent had before it. */
function peakKb() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  const status = process.getBuiltinModule('node:fs').readFileSync('/proc/self/status', 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
}

const begun = performance.now();
const { handler } = await import(file);
const imported = performance.now();

// on Lambda every call to AWS goes over TLS; the stand-in is called without, which would spare some bundles its loading and others not
process.getBuiltinModule('node:https');

if (body === 'serve') {
  process.on('disconnect', () => process.exit());
  process.on('message', async (event) => {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const result = await handler(event, context);
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    process.send({ ms, cpuMs: (user + system) / 1000, peakMb: peakKb() / 1024, failed: result.batchItemFailures.length });
  });
  process.send({ importMs: imported - begun });
} else {
  const result = await handler(JSON.parse(body), context);
  const handled = performance.now();
  const answer = { importMs: imported - begun, firstMs: handled - begun, failed: result.batchItemFailures.length };
  process.getBuiltinModule('node:fs').writeSync(3, JSON.stringify(answer));
  process.exit();
}
