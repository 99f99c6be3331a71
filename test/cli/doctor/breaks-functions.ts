import { type Break, of } from './break.ts';

/** Breaks of queues and functions. */
export const breaksOfFunctions: readonly Break[] = [
  [
    'the policy of a queue is gone',
    'queues',
    ({ queues }) => void delete of(queues, 'redress-volumes').Policy,
    /redress-volumes lacks the statement that allows sqs:SendMessage/,
    /--revert-drift/,
  ],
  [
    'the policy of a queue lets others in',
    'queues',
    ({ queues }) => {
      const queue = of(queues, 'redress-volumes');
      const policy = JSON.parse(queue.Policy ?? '');
      queue.Policy = JSON.stringify({
        ...policy,
        Statement: [...policy.Statement, { Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }],
      });
    },
    /redress-volumes has a statement of somebody else's, which allows sqs:\*/,
    /--revert-drift/,
  ],
  [
    'a queue gives up on nothing',
    'queues',
    ({ queues }) => void delete of(queues, 'redress-volumes').RedrivePolicy,
    /redress-volumes does not give up/,
    /--revert-drift/,
  ],
  ['a queue is gone', 'queues', ({ queues }) => void queues.delete('redress-volumes'), /no queue redress-volumes\./, /npx cdk deploy/],
  [
    'there are dead letters',
    'dead-letters',
    ({ queues }) => void Object.assign(of(queues, 'redress-dead-letters'), { waiting: 2 }),
    /redress-dead-letters holds 2 messages/,
    /redress redrive/,
  ],
  [
    'a mapping was disabled',
    'mappings',
    ({ mappings }) => void Object.assign(of(mappings, 'redress-volumes'), { State: 'Disabled' }),
    /redress-volumes is Disabled/,
    /--uuid id-redress-volumes --enabled/,
  ],
  ['a mapping is gone', 'mappings', ({ mappings }) => void mappings.delete('redress-volumes'), /mapping is gone/, /--revert-drift/],
  [
    'Lambda may not read a queue',
    'mappings',
    ({ mappings }) => void Object.assign(of(mappings, 'redress-volumes'), { LastProcessingResult: 'PROBLEM: denied' }),
    /PROBLEM: denied/,
    /check `roles`/,
  ],
  [
    'a mapping takes batches as a whole',
    'mappings',
    ({ mappings }) => void Object.assign(of(mappings, 'redress-volumes'), { FunctionResponseTypes: [] }),
    /reports of single messages/,
    /npx cdk deploy/,
  ],
  [
    'a function is stopped',
    'functions',
    ({ functions }) => void Object.assign(of(functions, 'redress-volumes'), { reserved: 0 }),
    /reserved concurrency is 0/,
    /delete-function-concurrency/,
  ],
  [
    'an update of a function failed',
    'functions',
    ({ functions }) => void Object.assign(of(functions, 'redress-volumes'), { LastUpdateStatus: 'Failed' }),
    /last update of redress-volumes failed/,
    /npx cdk deploy/,
  ],
  [
    'a function cannot run',
    'functions',
    ({ functions }) => void Object.assign(of(functions, 'redress-volumes'), { State: 'Failed' }),
    /redress-volumes cannot run/,
    /npx cdk deploy/,
  ],
  [
    'a function is gone',
    'functions',
    ({ functions }) => void functions.delete('redress-volumes'),
    /no function redress-volumes/,
    /npx cdk deploy/,
  ],
  [
    'a function fails at its start',
    'errors',
    ({ lambdaErrors }) => {
      const record = { status: 'error', errorType: 'Runtime.ImportModuleError' };
      lambdaErrors.set('redress-volumes', {
        count: 3,
        log: ['{"level":"ERROR","message":"before"}', JSON.stringify({ type: 'platform.report', record })],
      });
    },
    /redress-volumes failed 3 times .* The last: error, Runtime.ImportModuleError/,
    /\/aws\/lambda\/redress-volumes/,
  ],
  [
    'a function logs an error',
    'errors',
    ({ lambdaErrors }) =>
      void lambdaErrors.set('redress-volumes', {
        count: 1,
        log: ['{"level":"ERROR","message":"a case was interrupted","error":"Throttled"}'],
      }),
    /failed 1 time .* The last: a case was interrupted: Throttled/,
    /redress redrive/,
  ],
  ['a function does not run', 'errors', ({ idle }) => void idle.add('redress-alerts'), /redress-alerts has not run/, /`mappings`/],
];
