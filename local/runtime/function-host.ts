// Runs inside the child process: loads a function's bundle as Lambda's runtime does, and calls it for each message.
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { HostAnswer, HostRequest } from './function-process.ts';
import { resolveLocalhost } from './localhost-names.ts';

resolveLocalhost();

const name = process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? '';
const region = process.env['AWS_REGION'] ?? '';
const [file, member] = (process.env['_HANDLER'] ?? 'index.handler').split('.');

// The parent is gone, however it ended.
process.on('disconnect', () => process.exit());

const bundle: Record<string, unknown> = await import(pathToFileURL(join(process.env['LAMBDA_TASK_ROOT'] ?? '.', `${file}.mjs`)).href);
const handler = bundle[member ?? 'handler'];
if (typeof handler !== 'function') throw new Error(`${name}: ${file}.mjs exports no function ${member}`);

process.on('message', (request: HostRequest) => {
  invoke(request).then(
    (result) => answer({ result: result ?? null }),
    (cause: unknown) => {
      console.error(cause);
      answer({ error: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause) });
    },
  );
});

answer({ isReady: true });
// now, for this process is ended by a kill; does nothing without a cache
flushCompileCache();

async function invoke({ event, requestId, account, deadline }: HostRequest): Promise<unknown> {
  process.env['_X_AMZN_TRACE_ID'] =
    `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)};Sampled=0`;
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${region}:${account}:function:${name}`,
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    awsRequestId: requestId,
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  return (handler as (event: unknown, context: unknown) => unknown)(event, context);
}

function answer(result: HostAnswer): void {
  process.send?.(result);
}
