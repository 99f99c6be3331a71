import { AssociateKmsKeyCommand, DisassociateKmsKeyCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as v from 'valibot';
import { madeWith } from '#shared/control/actor.ts';
import { type Change, defineControl, type Plan, targetsIn, type Verdict } from '#shared/control/control.ts';
import { keyForLogs, type LogKey, logKeyReads } from './key.ts';
import { logGroups } from './kind.ts';

interface Facts {
  readonly name: string;
  /** The key that it is under; null where CloudWatch Logs encrypts with a key of its own. */
  readonly current: string | null;
  /** The key of the settings; undefined where they do not name the log group, or name its key as it is. */
  readonly wanted: LogKey | undefined;
}

const key = v.pipe(
  v.optional(v.string()),
  v.description('The key: id, ARN or alias, of the same Region. As long as there is none, the control finds nothing.'),
);
const names = v.pipe(
  v.optional(
    v.array(
      v.pipe(v.string(), v.minLength(1), v.regex(/^[\w./#-]{0,512}\*?$/, 'is not a name of log groups such as /shop/orders or /shop/*')),
    ),
    [],
  ),
  v.description('The log groups that have to be under it: whole names, or how they begin, with a `*` at the end.'),
);
// of most calls AWS checks the ARN with `:*` at its end; both ways are named, and a name that ends with a star has both
const named = ['', ':*'].map((end) => `arn:{partition}:logs:{region}:{account}:log-group:{settings.names.*}${end}`);
const guide = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html';

export default defineControl(logGroups, {
  id: 'log-group-key',
  title: 'Chosen log groups are under your own key',
  why: 'CloudWatch Logs encrypts every log group, but with a key of its own. Under your key, whoever reads has to be allowed the key too, and its uses are recorded.',
  remediation:
    'Associates the key with the log group, once its policy lets CloudWatch Logs use it. What was written before stays as it is.',
  severity: 'low',
  defaultMode: 'observe',
  triggers: [
    // under which key one is made, only the live log group tells: the settings may name the key by an alias
    {
      ...logGroups.calls('CreateLogGroup'),
      where: { requestParameters: { logGroupName: [{ wildcard: '{settings.names.*}' }], kmsKeyId: [{ exists: false }] } },
      isMistake: true,
    },
    { ...logGroups.calls('DisassociateKmsKey'), breaks: true },
    { ...logGroups.calls('AssociateKmsKey'), breaks: true, isMistake: false },
  ],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: logKeyReads,
    writes: ['logs:AssociateKmsKey', 'logs:DisassociateKmsKey'].flatMap((action) => named.map((resource) => ({ action, resource }))),
  },
  settings: { key, names },
  isIdle: (settings) => settings.key === undefined || settings.names.length === 0,
  costs: 'AWS KMS bills the requests that CloudWatch Logs makes under the key.',
  references: [guide, 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html'],
  iac: {
    cloudFormation:
      'set `KmsKeyId` on the AWS::Logs::LogGroup to the ARN of the key, whose policy allows `logs.REGION.amazonaws.com` before that.',
    terraform:
      'set `kms_key_id` on the aws_cloudwatch_log_group to the ARN of the key, whose policy allows `logs.REGION.amazonaws.com` before that.',
    // https://github.com/aws/aws-cdk/issues/28304
    cdk: 'set `encryptionKey` on the `logs.LogGroup`, and allow `logs.REGION.amazonaws.com` with `key.addToResourcePolicy(…)`: the CDK does not.',
  },
  prevention: {
    scp: [
      { actions: ['logs:DisassociateKmsKey'], resources: ['', ':*'].map((end) => `arn:*:logs:*:*:log-group:{settings.names.*}${end}`) },
    ],
    breaks: 'Nobody can take the key from these log groups. One that is made without a key stays so: no condition key tells.',
    references: [guide, 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html'],
  },

  targets(record, { settings, ...place }) {
    const found = logGroups.targets(record, place).filter(({ id }) => settings === undefined || isNamed(id, settings.names));
    // who set or took its key, for that is what is judged, whoever made the log group
    return found.map((target) => ({ ...target, hint: madeWith(record) }));
  },

  async list(read, context, from) {
    const part = await logGroups.list(read, context, from);
    return targetsIn(logGroups, { ...part, items: part.items.filter((id) => isNamed(id, context.settings.names)) });
  },

  async inspectOne({ logGroupName: name = '', kmsKeyId: current = null }, read, { settings, ...place }): Promise<Facts> {
    const isAsked = settings.key !== undefined && isNamed(name, settings.names) && settings.key !== current;
    const wanted = isAsked ? await keyForLogs(settings.key, { name, patterns: settings.names }, read, place) : undefined;
    return { name, current, wanted };
  },

  judge({ current, wanted }): Verdict {
    if (wanted === undefined || (current !== null && wanted.arn === current))
      return { is: 'compliant', says: current === null ? 'The settings do not name the log group.' : `It is under ${current}.` };
    const is =
      current === null ? 'CloudWatch Logs encrypts it with a key of its own' : `It is under ${current}, which the settings do not name`;
    const stands = wanted.problem ?? wanted.doubt;
    return {
      is: 'violation',
      says:
        stands === undefined
          ? `${is}.`
          : `${is}. ${wanted.problem ? 'It does not get the key of the settings' : 'A person should look first'}: ${stands}.`,
      risk: is,
      advice: [...wanted.advice, 'Keep the key as long as the logs: without it nobody can read what was written under it.'],
    };
  },

  plan({ name, current, wanted }): Plan {
    if (!wanted?.arn || wanted.problem) return { changes: [] };
    const reasons = [
      ...(wanted.doubt ? [`A person should look first: ${wanted.doubt}.`] : []),
      ...(current === null ? [] : ['Somebody chose the key that it is under, and whoever reads may not be allowed the other one.']),
    ];
    return { changes: [under(name, wanted.arn)], ...(reasons.length > 0 && { needsApproval: reasons.join(' ') }) };
  },

  before: ({ current }) => ({ key: current }),

  undo({ key: before }, { name, current }): Plan {
    if (before === current) return { changes: [] };
    if (before !== null) return { changes: [under(name, before)] };
    const command = new DisassociateKmsKeyCommand({ logGroupName: name });
    return { changes: [{ command, says: `Take the key from ${name}. What was written under it stays so, and needs it.` }] };
  },
});

function under(logGroupName: string, kmsKeyId: string): Change {
  return {
    command: new AssociateKmsKeyCommand({ logGroupName, kmsKeyId }),
    says: `Put ${logGroupName} under ${kmsKeyId}. It holds for what is written from then on, after up to 5 minutes.`,
  };
}

/** Whether the settings name a log group. */
function isNamed(name: string, patterns: readonly string[]): boolean {
  return patterns.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name));
}
