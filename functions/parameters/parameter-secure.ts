import { partOf } from '#shared/aws/pages.ts';
import { viaParameterStore } from '#shared/aws/secrets.ts';
import { defineControl, type Plan, targetsIn, type Verdict } from '#shared/control/control.ts';
import { conversion, reversal, stateOf } from './convert.ts';
import { inspectAll } from './facts.ts';
import { MANAGED_KEY } from './key.ts';
import { parameters } from './kind.ts';
import { iac } from './leave.ts';
import { pageOfParameters } from './parameters.ts';
import { advice, approvalOf, mishap, ownSecret, says, staged } from './sentences.ts';
import { settings } from './settings.ts';
import { nextStep, originalsOfStages } from './stage.ts';

const anyParameter = 'arn:{partition}:ssm:{region}:{account}:parameter/*';
const staging = 'arn:{partition}:ssm:{region}:{account}:parameter/redress/stage/*';
const onBehalf = 'Parameter Store uses the key on behalf of whoever calls it';
const putParameter = parameters.calls('PutParameter');

export default defineControl(parameters, {
  id: 'parameter-secure',
  title: 'Sensitive parameters are SecureStrings',
  why: 'Whoever may read a String gets its value as plaintext, and so does everything that logs it.',
  remediation:
    'Converts it in place to a SecureString of the same value and settings, if nobody reads it as plaintext. With `purgeHistory`, recreates it, so that its old versions go too.',
  severity: 'high',
  defaultMode: 'observe',
  triggers: [
    { ...putParameter, where: { requestParameters: { type: ['String', 'StringList'] } } },
    // an overwrite need not say the type
    { ...putParameter, where: { requestParameters: { type: [{ exists: false }] } } },
  ],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [
      { action: 'ssm:GetParameters', resource: anyParameter },
      { action: 'ssm:GetParameterHistory', resource: anyParameter },
      { action: 'ssm:GetResourcePolicies', resource: anyParameter },
      { action: 'kms:DescribeKey' },
      // asked for once a parameter is wrong
      { action: 'ec2:DescribeLaunchTemplateVersions' },
      { action: 'cloudtrail:LookupEvents' },
    ],
    writes: [
      { action: 'ssm:PutParameter', resource: anyParameter },
      { action: 'ssm:DeleteParameter', resource: anyParameter },
      { action: 'ssm:LabelParameterVersion', resource: anyParameter },
      { action: 'ssm:AddTagsToResource', resource: staging, conditions: { Null: { 'aws:TagKeys': 'false' } } },
      // the tags of what is recreated are anybody's; but never without the mark of who wrote them
      {
        action: 'ssm:AddTagsToResource',
        resource: anyParameter,
        conditions: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['redress:recreated'] } },
      },
      { action: 'kms:Encrypt', conditions: viaParameterStore, impliedBy: onBehalf },
      { action: 'kms:GenerateDataKey', conditions: viaParameterStore, impliedBy: onBehalf },
      { action: 'kms:Decrypt', conditions: viaParameterStore, impliedBy: `${onBehalf}; what was written is read back` },
    ],
  },
  settings,
  references: [
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html',
    'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html',
  ],
  iac,
  // the keys are `ssm:Overwrite` and `ssm:Policies`: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-policy-conditions.html
  prevention: { none: 'AWS has no condition key for the type of a parameter, so no policy can refuse a String.' },
  // https://aws.amazon.com/kms/pricing/ and https://aws.amazon.com/systems-manager/pricing/
  costs: 'Each read of a SecureString is a request to KMS, which AWS bills beyond its free tier.',

  async list(read, _context, from) {
    const open = await pageOfParameters([{ Key: 'Type', Option: 'Equals', Values: ['String', 'StringList'] }], read, from);
    const names = partOf(open, ({ Name }) => Name ?? []);
    // what is half made may be of another type by now, or not there
    const half = from === undefined ? await originalsOfStages(read) : [];
    return targetsIn(parameters, { ...names, items: [...new Set([...names.items, ...half])] });
  },

  inspect: inspectAll,

  judge(facts): Verdict {
    const { value, stages, found, leave, isOwn, source = [] } = facts;
    if (isOwn) return ownSecret(facts);
    if (stages.length > 0 || !value) return { is: 'violation', ...staged(facts), risk: 'staged' };
    if (!facts.isSettled) return { is: 'violation', says: 'It was just written, and reads of it disagree.' };
    if (value.type === 'SecureString') {
      const wrong = mishap(facts);
      return wrong ? { is: 'violation', ...wrong } : { is: 'compliant', says: says.secure(facts) };
    }
    if (found.length === 0) return { is: 'compliant', says: 'Neither its name nor its value looks sensitive.' };
    const open = says.open(facts, value.type);
    if (leave) {
      const skipped = `${open} Redress leaves it unchanged: ${leave.says}`;
      return { is: 'skip', says: skipped, advice: [...leave.advice, ...(leave.iac ? [] : source)], ...(leave.iac && { iac: leave.iac }) };
    }
    // who reads it comes and goes
    const { readers: _readers, ...lasting } = facts;
    const risk = says.open(lasting, value.type);
    return { is: 'violation', says: open, risk, advice: advice(facts) };
  },

  plan(facts, { settings: { purgeHistory, kmsKey = MANAGED_KEY }, now }): Plan {
    if (facts.isOwn) return { changes: [] };
    const isStaged = facts.stages.length > 0 || (purgeHistory && facts.value?.type !== 'SecureString' && !facts.problem && facts.isSettled);
    const plan = isStaged ? nextStep(facts, kmsKey, now) : conversion(facts, kmsKey);
    // a staged copy, and a value that Redress overwrote, are of a conversion that began
    const completes = facts.stages.length > 0 || facts.lost !== undefined;
    return { ...plan, ...(completes && { completes }), ...approvalOf(facts, purgeHistory) };
  },

  before: stateOf,
  undo: reversal,
});
