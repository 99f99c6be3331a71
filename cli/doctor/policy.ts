import { LEDGER } from '#shared/finding/names.ts';
import { CANARY } from './canary.ts';
import type { Check } from './check.ts';

/** Where a policy is for. */
export interface PolicyFor {
  readonly partition: string;
  /** The parameters with what Slack takes. */
  readonly parameters: readonly string[];
}

interface Group {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: (place: PolicyFor) => readonly string[];
  readonly conditions?: object;
}

/** What is not allowed on everything: what reads contents, and what the canary makes and removes. */
const narrow: readonly Group[] = [
  {
    sid: 'Ledger',
    actions: ['dynamodb:Query', 'dynamodb:BatchGetItem'],
    resources: ({ partition }) => [`arn:${partition}:dynamodb:*:*:table/${LEDGER}`],
  },
  {
    sid: 'Logs',
    actions: ['logs:FilterLogEvents'],
    resources: ({ partition }) => [`arn:${partition}:logs:*:*:log-group:/aws/lambda/redress-*`],
  },
  {
    sid: 'Slack',
    actions: ['ssm:GetParameter'],
    resources: ({ partition, parameters }) => parameters.map((name) => `arn:${partition}:ssm:*:*:parameter${name}`),
  },
  {
    sid: 'SlackKey',
    actions: ['kms:Decrypt'],
    resources: ({ partition, parameters }) => (parameters.length > 0 ? [`arn:${partition}:kms:*:*:key/*`] : []),
    conditions: { StringLike: { 'kms:ViaService': 'ssm.*' } },
  },
  {
    sid: 'Canary',
    actions: ['ssm:PutParameter', 'ssm:DeleteParameter'],
    resources: ({ partition }) => [`arn:${partition}:ssm:*:*:parameter/${CANARY}*`],
  },
];

/** The IAM policy that checks need: to read, and for a canary to make and remove its parameter. */
export function policyOf(checks: readonly Check[], place: PolicyFor): object {
  const needed = [...new Set(checks.flatMap(({ needs }) => needs))].sort();
  const statement = (Sid: string, Action: readonly string[], Resource: string | readonly string[], Condition?: object) => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource,
    ...(Condition && { Condition }),
  });
  const groups = narrow.flatMap(({ sid, actions, resources, conditions }) => {
    const some = needed.filter((action) => actions.includes(action));
    const on = resources(place);
    return some.length > 0 && on.length > 0 ? [statement(sid, some, on, conditions)] : [];
  });
  const others = needed.filter((action) => !narrow.some(({ actions }) => actions.includes(action)));
  return { Version: '2012-10-17', Statement: [statement('Look', others, '*'), ...groups] };
}
