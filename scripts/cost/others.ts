import { type Item, item } from './prices.ts';
import { assumed, DAYS, HOURS } from './stack.ts';
import type { Organization } from './sweeps.ts';

/** What others are counted with, where their documents leave it open. */
export const assumedOfOthers = {
  /** Seconds that a policy of Cloud Custodian runs, and the GB that it has. */
  policySeconds: 5,
  policyMemory: 0.5,
  /** Metrics that a policy sends each time it looks: how many it found, and how long that took. */
  policyMetrics: 2,
  /** Policies, rules or checks that look at a creation. */
  perCreation: 4,
  /** Items that Config records a month in a Region in use; in an empty one nothing changes. */
  items: 1000,
  /** Rules or checks that look at an item. */
  perItem: 5,
  /** Steps of the runbook of a fix. */
  steps: 3,
} as const;

/** As many policies or rules as there are controls; those of settings of an account or Region look once a day. */
export interface Rules {
  readonly all: number;
  readonly ofSettings: number;
}

/** Another way to watch an organization and fix what is wrong in it. */
export interface Other {
  readonly name: string;
  /** How it is deployed. */
  readonly is: string;
  readonly sources: readonly string[];
  /** A month in which nothing happens: what stands there, and what looks. */
  readonly month: (organization: Organization, rules: Rules) => readonly Item[];
  /** A million creations that are wrong, and fixed. */
  readonly fixes: () => readonly Item[];
}

const MILLION = 1e6;
const { policySeconds, policyMemory, policyMetrics, perCreation, items, perItem, steps } = assumedOfOthers;
const placesOf = ({ accounts, regions }: Organization) => accounts * regions;
const inUseOf = ({ accounts, inUse }: Organization) => accounts * inUse;

/** What runs of Cloud Custodian's functions cost. */
function runsOfPolicies(runs: number): Item[] {
  return [
    item('Runs of policies', runs, 'requests', 'lambdaRequest'),
    item('Their time', runs * policySeconds * policyMemory, 'GB-seconds', 'x86Second'),
    item('Their logs', (runs * assumed.logBytes) / 1e9, 'GB', 'logGb'),
  ];
}

/** Cloud Custodian, whose policies send so many metrics each. */
function custodian(name: string, metrics: number): Other {
  return {
    name,
    is: 'a function for each policy, account and Region. One for events runs in its own account and Region only; one that also looks daily is a second. Without daily looks, a month costs nothing',
    sources: [
      'https://github.com/cloud-custodian/cloud-custodian/blob/main/docs/source/aws/lambda.rst',
      'https://github.com/cloud-custodian/cloud-custodian/blob/main/c7n/policy.py',
    ],
    month: (organization, { all }) => {
      const runs = placesOf(organization) * all * DAYS;
      return [
        ...runsOfPolicies(runs),
        // each has values in one hour of the day
        item('Metrics of policies', (runs * metrics) / HOURS, 'metrics', 'customMetric'),
        item('Calls of policies, for GuardDuty', runs, 'events', 'guardDutyEvent'),
      ];
    },
    fixes: () => runsOfPolicies(MILLION * perCreation),
  };
}

const recorded = (organization: Organization) => item('Items that Config records', inUseOf(organization) * items, 'items', 'configItem');

/** How often rules look in a month: at each item that changes, and once a day at settings. */
const looks = (organization: Organization, { ofSettings }: Rules) =>
  inUseOf(organization) * items * perItem + placesOf(organization) * ofSettings * DAYS;

/** The others, each as its own documents describe it. */
export const others: readonly Other[] = [
  custodian('Cloud Custodian', policyMetrics),
  custodian('Cloud Custodian, metrics turned off', 0),
  {
    name: 'AWS Config with SSM Automation',
    is: 'a recorder and a rule for each policy in each account and Region, and a runbook for each fix',
    sources: ['https://docs.aws.amazon.com/config/latest/developerguide/remediation.html'],
    month: (organization, rules) => [
      recorded(organization),
      item('Evaluations of rules', looks(organization, rules), 'evaluations', 'configEvaluation'),
    ],
    fixes: () => [
      // as it is made, and as it is fixed
      item('Items that Config records', 2 * MILLION, 'items', 'configItem'),
      item('Evaluations of rules', 2 * MILLION * perCreation, 'evaluations', 'configEvaluation'),
      item('Steps of runbooks', MILLION * steps, 'steps', 'automationStep'),
    ],
  },
  {
    name: 'Automated Security Response',
    is: 'Config and Security Hub in each account and Region; a stack of runbooks with a key of its own in each; one orchestrator',
    sources: [
      'https://docs.aws.amazon.com/solutions/latest/automated-security-response-on-aws/cost.html',
      'https://github.com/aws-solutions/automated-security-response-on-aws/blob/main/source/lib/member/remediation-key.ts',
    ],
    month: (organization, rules) => [
      item('Keys of its stacks', placesOf(organization), 'keys', 'key'),
      recorded(organization),
      item('Checks of Security Hub', looks(organization, rules), 'checks', 'securityCheck'),
    ],
    fixes: () => [
      item('Items that Config records', 2 * MILLION, 'items', 'configItem'),
      item('Checks of Security Hub', 2 * MILLION * perCreation, 'checks', 'securityCheck'),
      item('Remediations', MILLION, 'remediations', 'asrFix'),
    ],
  },
];
