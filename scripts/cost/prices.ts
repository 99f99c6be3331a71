/** A list price in us-east-1, in USD, without any free allowance. */
export interface Price {
  /** What is bought. */
  readonly of: string;
  readonly usd: number;
  /** For so many units. */
  readonly per: number;
  readonly unit: string;
  readonly read: string;
  /** Where the price stands, and then where it was seen quoted: AWS's pages show most prices only to a browser. */
  readonly pages: readonly [string, ...string[]];
}

const MILLION = 1e6;
const aws = (service: string) => `https://aws.amazon.com/${service}/pricing/`;
const STACK = '2026-11-28';
const ORGANIZATION = '2026-11-30';
const sqs = [aws('sqs'), 'https://cloudburn.io/blog/amazon-sqs-pricing'] as const;
const lambda = [aws('lambda'), 'https://cloudchipr.com/blog/aws-lambda-pricing'] as const;
const dynamo = [
  'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
] as const;
const sns = [aws('sns'), 'https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/'] as const;
const config = [aws('config'), 'https://cloudgauge.app/blog/governance-cost-trap.html'] as const;
/** AWS's security team in China, in Chinese; the figures are of us-east-1. */
const compliance =
  'https://aws-gcr-wwso-security.gitbook.io/an-quan-zui-jia-shi-jian/an-quan-chan-pin-cheng-ben-gu-suan/an-quan-he-gui-chi-xu-jian-ce-he-zi-dong-xiu-fu-fei-yong';

/** Every price that is counted with. */
export const prices = {
  sqsRequest: { of: 'SQS', usd: 0.4, per: MILLION, unit: 'requests of at most 64 KB', read: STACK, pages: sqs },
  fairRequest: {
    of: 'SQS, fair queues',
    usd: 0.5,
    per: MILLION,
    unit: 'requests about messages with a group',
    read: ORGANIZATION,
    pages: sqs,
  },
  lambdaRequest: { of: 'Lambda', usd: 0.2, per: MILLION, unit: 'requests', read: STACK, pages: lambda },
  armSecond: { of: 'Lambda on arm64', usd: 0.0000133334, per: 1, unit: 'GB-second', read: STACK, pages: lambda },
  x86Second: { of: 'Lambda on x86', usd: 0.0000166667, per: 1, unit: 'GB-second', read: ORGANIZATION, pages: lambda },
  alarmMetric: { of: 'CloudWatch', usd: 0.1, per: 1, unit: 'metric of an alarm, a month', read: STACK, pages: [aws('cloudwatch')] },
  customMetric: {
    of: 'CloudWatch',
    usd: 0.3,
    per: 1,
    unit: 'custom metric, a month of hours with values',
    read: STACK,
    pages: [aws('cloudwatch')],
  },
  dashboard: {
    of: 'CloudWatch',
    usd: 3,
    per: 1,
    unit: 'dashboard after the first three, a month',
    read: STACK,
    pages: [aws('cloudwatch')],
  },
  logGb: { of: 'CloudWatch Logs', usd: 0.5, per: 1, unit: 'GB written', read: STACK, pages: [aws('cloudwatch')] },
  logGbMonth: { of: 'CloudWatch Logs', usd: 0.03, per: 1, unit: 'GB kept, a month', read: STACK, pages: [aws('cloudwatch')] },
  key: {
    of: 'KMS',
    usd: 1,
    per: 1,
    unit: 'key, a month; as much again after each of two rotations',
    read: STACK,
    pages: [aws('kms'), 'https://cloudburn.io/blog/aws-kms-pricing'],
  },
  tableRead: { of: 'DynamoDB on demand', usd: 0.125, per: MILLION, unit: 'reads of 4 KB', read: STACK, pages: dynamo },
  tableWrite: { of: 'DynamoDB on demand', usd: 0.625, per: MILLION, unit: 'writes of 1 KB', read: STACK, pages: dynamo },
  tableGbMonth: { of: 'DynamoDB', usd: 0.25, per: 1, unit: 'GB, a month', read: STACK, pages: dynamo },
  backupGbMonth: { of: 'DynamoDB', usd: 0.2, per: 1, unit: 'GB of continuous backup, a month', read: STACK, pages: dynamo },
  busEvent: {
    of: 'EventBridge',
    usd: 1,
    per: MILLION,
    unit: "events of one's own, or to another account; AWS's own and schedules are free",
    read: STACK,
    pages: [aws('eventbridge'), 'https://cloudburn.io/blog/amazon-eventbridge-pricing'],
  },
  publish: { of: 'SNS', usd: 0.5, per: MILLION, unit: 'messages', read: STACK, pages: sns },
  email: { of: 'SNS', usd: 2, per: 100_000, unit: 'e-mails', read: STACK, pages: sns },
  trailEvent: {
    of: 'CloudTrail',
    usd: 2,
    per: 100_000,
    unit: 'management events, for each copy after the first',
    read: ORGANIZATION,
    pages: [aws('cloudtrail')],
  },
  guardDutyEvent: {
    of: 'GuardDuty',
    usd: 4,
    per: MILLION,
    unit: 'management events that it looks at',
    read: ORGANIZATION,
    pages: [
      aws('guardduty'),
      'https://raw.githubusercontent.com/api-evangelist/amazon-guardduty/refs/heads/main/plans/amazon-guardduty-plans-pricing.yml',
    ],
  },
  configItem: { of: 'Config', usd: 0.003, per: 1, unit: 'item recorded when it changes', read: ORGANIZATION, pages: config },
  configEvaluation: {
    of: 'Config',
    usd: 0.001,
    per: 1,
    unit: 'evaluation of a rule, of the first 100,000 of an account and Region',
    read: ORGANIZATION,
    pages: config,
  },
  automationStep: {
    of: 'Systems Manager Automation',
    usd: 0.002,
    per: 1,
    unit: 'step',
    read: ORGANIZATION,
    pages: [aws('systems-manager'), 'https://github.com/CrowdStrike/aws-ssm-distributor/blob/main/official-package/COST-DOCUMENTATION.md'],
  },
  securityCheck: {
    of: 'Security Hub CSPM',
    usd: 0.001,
    per: 1,
    unit: 'check, of the first 100,000 of an account and Region; the evaluations of Config behind it are free',
    read: ORGANIZATION,
    pages: [aws('security-hub'), compliance],
  },
  asrFix: {
    of: 'Automated Security Response',
    usd: 261.9,
    per: 30_000,
    unit: 'remediations a month, in its own cost table',
    read: ORGANIZATION,
    pages: ['https://docs.aws.amazon.com/solutions/latest/automated-security-response-on-aws/cost.html', compliance],
  },
} as const satisfies { readonly [name: string]: Price };

/** One item of a bill: so many units at a price, in USD. */
export interface Item {
  readonly what: string;
  readonly units: number;
  /** What one unit is. */
  readonly unit: string;
  /** Of one unit. */
  readonly price: number;
}

/** So many units of what has a price. */
export function item(what: string, units: number, unit: string, name: keyof typeof prices): Item {
  return { what, units, unit, price: priceOf(name) };
}

/** The price of one unit, in USD. */
export function priceOf(name: keyof typeof prices): number {
  return prices[name].usd / prices[name].per;
}

/** What an item costs, in USD. */
export function costOf({ units, price }: Item): number {
  return units * price;
}

/** What items cost together, in USD. */
export function total(items: readonly Item[]): number {
  return items.reduce((sum, one) => sum + costOf(one), 0);
}
