import type { Json } from '#shared/control/types.ts';

/** What one role of the stack can do that matters, as lines of a table. */
export interface RoleAnswers {
  /** As the template names it, with `{region}` in it. */
  readonly name: string;
  /** By question; of the ledger the partition keys of what it may write. */
  readonly answers: { readonly [question in Question]: readonly string[] };
  /** Actions that no question is about and that are not known to be harmless: a table that hides one would be worth nothing. */
  readonly unknown: readonly string[];
}

/** What is asked of every role. */
export const questions = {
  secrets: 'Secrets it can read',
  roles: 'Roles it may pass',
  code: 'Code it may run',
  doors: 'Ports it may open',
  guards: 'Guards it may stop or change',
  ledger: 'Items of the ledger it may write',
} as const;
type Question = keyof typeof questions;

/** The actions that each question is about; one that ends in `*` stands for all that begin so. */
const about: { readonly [question in Question]: readonly string[] } = {
  secrets: [
    'ssm:GetParameter*',
    'kms:Decrypt',
    'kms:ReEncrypt*',
    'secretsmanager:*',
    's3:GetObject*',
    // user data stands in all three
    'ec2:DescribeInstanceAttribute',
    // the text of a document is anybody's
    'ssm:GetDocument',
    // and so is what is given to commands, or written into an OpsItem
    'ssm:ListCommands',
    'ssm:DescribeAssociation',
    'ssm:GetMaintenanceWindowTask',
    'ssm:GetAutomationExecution',
    'ssm:GetOpsItem',
    'ec2:DescribeLaunchTemplateVersions',
    'autoscaling:DescribeLaunchConfigurations',
    // components, Dockerfiles, and the user data of recipes
    'imagebuilder:GetComponent',
    'imagebuilder:GetContainerRecipe',
    'imagebuilder:GetImageRecipe',
  ],
  roles: ['iam:PassRole', 'sts:AssumeRole*'],
  code: [
    'ec2:RunInstances',
    'ec2:CreateLaunchTemplate*',
    'ec2:ModifyLaunchTemplate',
    'ec2:ModifyInstanceAttribute',
    'autoscaling:CreateAutoScalingGroup',
    'autoscaling:CreateLaunchConfiguration',
    'autoscaling:UpdateAutoScalingGroup',
    'lambda:*',
    'ssm:SendCommand',
    'ssm:CreateDocument',
    'ssm:UpdateDocument*',
    'ssm:Start*',
    // what a pipeline runs, and as whom
    'imagebuilder:CreateComponent',
    'imagebuilder:CreateImage*',
    'imagebuilder:UpdateImagePipeline',
    'imagebuilder:UpdateInfrastructureConfiguration',
    'imagebuilder:Start*',
  ],
  doors: ['ec2:AuthorizeSecurityGroup*', 'ec2:ModifySecurityGroupRules'],
  guards: [
    'cloudtrail:StopLogging',
    'cloudtrail:DeleteTrail',
    'cloudtrail:UpdateTrail',
    'cloudtrail:PutEventSelectors',
    'guardduty:UpdateDetector',
    'guardduty:DeleteDetector',
    'kms:DisableKey',
    'kms:ScheduleKeyDeletion',
    'macie2:UpdateMacieSession',
    'macie2:DisableMacie',
    's3:PutAccountPublicAccessBlock',
  ],
  ledger: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem', 'dynamodb:PartiQL*'],
};

/** What answers none of the questions: it reads what is no secret, or writes where its page says. */
const harmless: readonly RegExp[] = [
  /^(ec2|autoscaling|cloudformation|kms|ssm):(Describe|List)/,
  /^cloudtrail:(LookupEvents|DescribeTrails|GetTrailStatus|GetEventSelectors|ListTags|StartLogging)$/,
  /^(cloudwatch:GetMetricData|ec2:GetEbs\w+|ec2:GetManagedPrefixListEntries|kms:GetKeyPolicy|ssm:GetResourcePolicies)$/,
  /^ec2:(Get|Enable|Disable)(Snapshot|Image)BlockPublicAccess(State)?$/,
  /^ec2:(Get|Enable|Disable)(SerialConsoleAccess(Status)?|AllowedImagesSettings)$/,
  /^ec2:(Get|Modify)InstanceMetadataDefaults$/,
  /^ec2:(CopyVolumes|(Create|Delete)Tags|(En|Dis)ableEbsEncryptionByDefault|ModifyInstanceMetadataOptions|(Modify|Reset)EbsDefaultKmsKeyId)$/,
  // images: copies, and whom they are shared with
  /^ec2:(CopyImage|ModifyImageAttribute)$/,
  /^ec2:RevokeSecurityGroup(In|E)gress$/,
  // whether traffic in a VPC is watched: neither opens anything, and AWS refuses none for it in the mode that is made
  /^ec2:((Create|Delete)VpcEncryptionControl|GetVpcResourcesBlockingEncryptionEnforcement)$/,
  /^s3:(Get(EncryptionConfiguration|Bucket(PolicyStatus|Acl|PublicAccessBlock)|AccountPublicAccessBlock)|ListAllMyBuckets)$/,
  // what guards the account, as it is and turned on; the role that each of the two services works with is AWS's own
  /^(guardduty:(Get\w+|ListDetectors|CreateDetector)|macie2:(Get\w+|EnableMacie)|iam:CreateServiceLinkedRole)$/,
  /^kms:(CancelKeyDeletion|EnableKey|GetKeyLastUsage)$/,
  // log groups: their tags, and the keys that they are under; none of it reads a log
  /^logs:(DescribeLogGroups|ListTagsForResource|TagResource|UntagResource|AssociateKmsKey|DisassociateKmsKey)$/,
  /^autoscaling:(CreateOrUpdateTags|DeleteTags)$/,
  /^ssm:(PutParameter|DeleteParameter|LabelParameterVersion|AddTagsToResource|RemoveTagsFromResource|ModifyDocumentPermission)$/,
  // the text of an OpsItem runs nothing
  /^ssm:UpdateOpsItem$/,
  // its permission names the one setting that says whether documents may be public; others are only read
  /^ssm:(Get|Update|Reset)ServiceSetting$/,
  /^kms:(Encrypt|GenerateDataKey\w*|CreateGrant)$/,
  // copies of snapshots, and whom they are shared with
  /^ec2:(CopySnapshot|ModifySnapshotAttribute|GetSnapshotBlockPublicAccessState)$/,
  // whom images are shared with, and under which keys; GetX is named above where it shows a secret
  /^imagebuilder:(List\w+|Get(DistributionConfiguration|InfrastructureConfiguration|ImagePipeline|Image|Workflow|\w+Policy)|(Unt|T)agResource|UpdateDistributionConfiguration)$/,
  /^iam:(GetInstanceProfile|ListUsers|ListMFADevices|GetLoginProfile|GetAccountSummary)$/,
  /^dynamodb:(GetItem|BatchGetItem|ConditionCheckItem|Query)$/,
  // the tag of its own queue, by a call whose event has to come back
  /^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes|SendMessage|GetQueueUrl|ListQueueTags|TagQueue)$/,
  /^sns:(ListTopics|GetTopicAttributes)$/,
  /^(events:PutEvents|sns:Publish|securityhub:BatchImportFindings|logs:(CreateLogStream|PutLogEvents))$/,
];

interface Rule {
  readonly isDenial: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: { readonly [operator: string]: { readonly [key: string]: unknown } };
}

/** What the roles of a CloudFormation template can do, by their names. */
export function rolesOf(template: Json): RoleAnswers[] {
  const found = [...statementsByRole(template)].map(([name, statements]) => {
    const rules = statements.map(ruleOf);
    const actions = rules.flatMap((rule) => (rule.isDenial ? [] : rule.actions));
    const isKnown = (action: string) =>
      harmless.some((one) => one.test(action)) || Object.values(about).some((patterns) => patterns.some((one) => meet(action, one)));
    const answers = {
      secrets: secretsOf(rules),
      roles: allowedBy(rules, about.roles),
      code: allowedBy(rules, about.code),
      doors: allowedBy(rules, about.doors),
      guards: allowedBy(rules, about.guards),
      ledger: keysWrittenBy(rules),
    };
    return { name, answers, unknown: [...new Set(actions.filter((action) => !isKnown(action)))] };
  });
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

/** The statements of each role of a template, with a placeholder for what only the deployment knows; throws if a role has more than these. */
export function statementsByRole(template: Json): Map<string, Json[]> {
  const resources = Object.values<Json>(Object(Object(template).Resources)).map(Object);
  const roles = resources.filter(({ Type }) => Type === 'AWS::IAM::Role').map(({ Properties }) => Object(Properties));
  if (resources.some(({ Type }) => ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'].includes(Type)))
    throw new TypeError('a policy stands apart from its role');
  return new Map(
    roles.map(({ RoleName, Policies, ManagedPolicyArns }) => {
      if (ManagedPolicyArns !== undefined) throw new TypeError(`the role ${textOf(RoleName)} has managed policies`);
      return [textOf(RoleName), listOf(Policies).flatMap((policy) => listOf(Object(Object(policy).PolicyDocument).Statement).map(plain))];
    }),
  );
}

/** Secrets need a second look: whoever may read a SecureString under the AWS managed key need not be allowed its key. */
function secretsOf(rules: readonly Rule[]): string[] {
  const lines = allowedBy(rules, about.secrets);
  const denied = rules.filter(({ isDenial }) => isDenial);
  const isBlind = denied.some(
    ({ actions, resources, condition }) =>
      actions.includes('kms:Decrypt') && resources.includes('*') && JSON.stringify(condition).includes('"ssm.{region}.amazonaws.com"'),
  );
  const reads = rules.some(({ isDenial, actions }) => !isDenial && actions.some((action) => meet(action, 'ssm:GetParameter*')));
  const except = denied
    .filter(({ actions }) => actions.some((action) => meet(action, 'ssm:GetParameter*')))
    .flatMap((one) => one.resources);
  return [
    ...lines,
    ...(reads ? [isBlind ? '**no SecureString**' : '**SecureStrings too**'] : []),
    ...(reads ? except.map((one) => `never \`${one}\``) : []),
  ];
}

/** The partition keys of the items that may be written; everything, where no condition names them. */
function keysWrittenBy(rules: readonly Rule[]): string[] {
  const writes = rules.filter(
    ({ isDenial, actions }) => !isDenial && actions.some((action) => about.ledger.some((one) => meet(action, one))),
  );
  const keys = writes.flatMap(({ condition }) => listOf(condition['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? '*'));
  return [...new Set(keys.map(String))].sort();
}

function allowedBy(rules: readonly Rule[], patterns: readonly string[]): string[] {
  const lines = rules.flatMap(({ isDenial, actions, resources, condition }) => {
    const wanted = actions.filter((action) => patterns.some((one) => meet(action, one)));
    if (isDenial || wanted.length === 0) return [];
    return [`${wanted.map(code).join(', ')} on ${resources.map(code).join(', ')}${underWhich(condition)}`];
  });
  return [...new Set(lines)].sort();
}

function underWhich(condition: Rule['condition']): string {
  const parts = Object.values(condition).flatMap((keys) =>
    Object.entries(keys).map(
      ([key, values]) =>
        `${code(key)} ${listOf(values)
          .map((one) => code(String(one)))
          .join(', ')}`,
    ),
  );
  return parts.length === 0 ? '' : `, where ${parts.join(' and ')}`;
}

/** Whether two actions, each of which may end in `*`, can be the same. */
function meet(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  const isUnder = (text: string, pattern: string) => pattern.endsWith('*') && text.startsWith(pattern.slice(0, -1));
  return a === b || isUnder(a, b) || isUnder(b, a);
}

function ruleOf(statement: Json): Rule {
  const { Effect, Action, NotAction, Resource, NotResource, Condition } = Object(statement);
  if (NotAction !== undefined || NotResource !== undefined) throw new TypeError('a role has a statement of all but some');
  return {
    isDenial: Effect === 'Deny',
    actions: listOf(Action).map(String),
    resources: listOf(Resource).map(String),
    condition: Condition ?? {},
  };
}

/** A value of a template as text, with a placeholder for what only the deployment knows. */
function textOf(value: Json): string {
  if (typeof value === 'string') return value;
  const { Ref: ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = Object(value);
  if (join !== undefined) return listOf(join[1]).map(textOf).join(String(join[0]));
  if (attribute !== undefined) return `the ${nameOf(String(listOf(attribute)[0]))}`;
  const place: { readonly [name: string]: string } = {
    'AWS::Partition': '{partition}',
    'AWS::Region': '{region}',
    'AWS::AccountId': '{account}',
  };
  return place[String(ref)] ?? `the ${nameOf(String(ref))}`;
}

/** A logical id without its hash: `LedgerBAD1C1B2` is the ledger. */
function nameOf(logicalId: string): string {
  return logicalId
    .replace(/[0-9A-F]{8}$/, '')
    .replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
}

/** A part of a template without intrinsic functions. */
function plain(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (_key, inner) => (isIntrinsic(inner) ? textOf(inner) : inner));
}

function isIntrinsic(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && ('Ref' in value || 'Fn::Join' in value || 'Fn::GetAtt' in value);
}

function listOf(value: unknown): Json[] {
  return value === undefined ? [] : [value].flat().map((one) => one as Json);
}

function code(text: string): string {
  return `\`${text}\``;
}
