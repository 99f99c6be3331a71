import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { FunctionUrlAuthType, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { SLACK_FUNCTION } from '#shared/finding/names.ts';
import { queueVariable, type SlackActions } from '#shared/finding/slack-actions.ts';
import { FINDINGS_INDEX } from '#shared/ledger/items.ts';
import type { ControlFunctionStack } from './control-function.ts';
import { addFunction } from './function.ts';
import { acknowledgeSecrets, secretStatements } from './secrets.ts';
import { allow, underKey } from './statements.ts';

/** More clicks at once than people make; it also bounds what strangers who find the URL can use up. */
const CONCURRENCY = 5;

/** What the function URL is made from. */
export interface SlackClicksProps {
  readonly actions: SlackActions;
  /** The folder of the function's bundle. */
  readonly code: string;
  readonly ledger: Table;
  readonly functions: readonly ControlFunctionStack[];
  /** Whether findings of other accounts are clicked too. */
  readonly isHub: boolean;
}

/** The function URL that Slack calls at a click, and the function that checks it and orders what was clicked. */
export class SlackClicks extends Construct {
  readonly name = SLACK_FUNCTION;
  readonly function: LambdaFunction;
  readonly url: string;

  constructor(scope: Construct, id: string, { actions, code, ledger, functions, isHub }: SlackClicksProps) {
    super(scope, id);
    const { role, handler } = addFunction(this, {
      name: this.name,
      description: 'Takes the clicks on buttons in Slack.',
      code,
      // Slack waits for 3 s; what takes longer was not in time, and need not be cut off in the middle
      timeout: Duration.seconds(10),
      reservedConcurrentExecutions: CONCURRENCY,
      statements: [
        allow(['dynamodb:BatchGetItem'], ledger.tableArn, underKey('FINDINGS#*')),
        ...(isHub ? [allow(['dynamodb:Query'], `${ledger.tableArn}/index/${FINDINGS_INDEX}`)] : []),
        allow(['dynamodb:PutItem'], ledger.tableArn, underKey('CLAIM#slack#*')),
        ...functions.map(({ worker }) => allow(['sqs:SendMessage'], worker.queue.queueArn)),
        ...secretStatements([actions.signingSecretParameter, ...(actions.botTokenParameter ? [actions.botTokenParameter] : [])]),
      ],
      environment: {
        REDRESS_TABLE: ledger.tableName,
        ...Object.fromEntries(functions.map(({ fn, worker }) => [queueVariable(fn.id), worker.queue.queueUrl])),
      },
    });
    acknowledgeSecrets(role);
    this.function = handler;
    // Slack signs its calls, and not in AWS's way: the function itself checks the signature
    this.url = handler.addFunctionUrl({ authType: FunctionUrlAuthType.NONE }).url;
  }
}
