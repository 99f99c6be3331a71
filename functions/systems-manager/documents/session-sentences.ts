import { code, option } from '#shared/control/command.ts';
import type { Verdict } from '#shared/control/control.ts';
import { flagNames, isOn, PREFERENCES } from './preferences.ts';
import { type Facts, obstacleTo, type Version } from './sessions.ts';

/** What is wrong with one place that logs go to: a sentence, what a person does about it, and whether Redress may set its flag. */
interface Problem {
  readonly says: string;
  readonly advice?: string;
  readonly isFixable?: 'bucket' | 'group';
}

/** AWS's words, so that whoever saw the error of a session finds this. */
const FAIL = 'Sessions fail to start';

/** What Redress thinks of the preferences. */
export function verdictOn(facts: Facts): Verdict {
  if (facts.is === 'absent') {
    if (!facts.hasNodes) return { is: 'compliant', says: 'Systems Manager manages no node here, so there are no sessions.' };
    return {
      is: 'violation',
      says: `Sessions are not logged: there is no document ${PREFERENCES}.`,
      advice: ['Set the preferences of Session Manager in its console, with an encrypted bucket or log group.'],
    };
  }
  if (facts.is === 'unknown')
    return {
      is: 'violation',
      says: 'The preferences are of no shape that AWS documents, so Redress cannot tell whether sessions are logged.',
      advice: [`Compare the document ${PREFERENCES} with AWS's schema of session documents.`],
    };
  const { newest, standing } = facts;
  const versions = standing ? [newest, standing] : [newest];
  const found = versions.flatMap((version) => problemsOf(version).map((problem) => ({ ...problem, version: version.preferences.version })));
  if (found.length === 0) return { is: 'compliant', says: 'Sessions are logged, and start only where their log is encrypted.' };
  const isInAll = (says: string) => found.filter((one) => one.says === says).length === versions.length;
  const says = found.map((one) => (isInAll(one.says) ? one.says : `${one.says} So says version ${one.version}.`));
  return {
    is: 'violation',
    says: [...new Set(says)].join(' '),
    // numbers of versions change without that
    risk: [...new Set(found.map((one) => one.says))].sort().join(' '),
    ...(found.some(isFailure) && { severity: 'critical' as const }),
    advice: [
      ...new Set(found.flatMap(({ advice = [] }) => advice)),
      ...(found.some(({ isFixable }) => isFixable) ? adviceAgainst(obstacleTo(facts), newest.preferences.version) : []),
    ],
  };
}

/** Whether sessions under this version fail to start. */
export function failsIn(version: Version): boolean {
  return problemsOf(version).some(isFailure);
}

function isFailure({ says }: Problem): boolean {
  return says.startsWith(FAIL);
}

/** What a person does where a flag could be set, and Redress does not write. */
function adviceAgainst(obstacle: ReturnType<typeof obstacleTo>, newest: string): string[] {
  if (obstacle === undefined) return [];
  if (obstacle === 'yaml') return ['The document is YAML, and a version by Redress would lose its comments: set the flag yourself.'];
  const command = `aws ssm update-document-default-version ${option('name', PREFERENCES)} ${option('document-version', newest)}`;
  return [`The newest version is not the default one. Compare them; if the newest is meant, make it stand with ${code(command)}.`];
}

/** Everything that is wrong with a version, worst first. */
export function problemsOf(version: Version): readonly Problem[] {
  const { bucket, group } = version.preferences;
  if (bucket === undefined && group === undefined)
    return [
      {
        says: 'Sessions are not logged: the preferences name neither a bucket nor a log group.',
        advice:
          'Name an encrypted bucket or log group in the preferences of Session Manager, and allow the roles of your nodes to write there.',
      },
    ];
  const found = [...bucketProblems(version), ...groupProblems(version)];
  return found.sort((a, b) => Number(isFailure(b)) - Number(isFailure(a)));
}

function bucketProblems({ preferences, bucket }: Version): Problem[] {
  if (!bucket) return [];
  const flag = flagNames.bucket;
  const isDemanded = isOn(preferences.flags.bucket);
  // what is no name may be any text
  const name = bucket.is === 'no name' ? 'that the preferences name' : preferences.bucket;
  const open = (says: string, advice: string): Problem[] => [{ says: isDemanded ? `${FAIL}: ${says}` : `No log arrives: ${says}`, advice }];
  if (bucket.is === 'no name')
    return open(`the bucket ${name} has no name that a bucket can have.`, 'Name a bucket by its name, without `s3://`.');
  if (bucket.is === 'missing') return open(`the bucket ${name} does not exist.`, `Make the bucket ${name} again, or name another one.`);
  if (bucket.is !== 'own') {
    const where = bucket.is === 'hidden' ? 'is of another account, or Redress may not look at it' : 'is in another Region';
    if (isDemanded) return [];
    return [
      {
        says: `Nothing demands that the bucket ${name} is encrypted (\`${flag}\`), and Redress cannot see whether it is: it ${where}.`,
        advice: `Ask the owner of ${name}. Its policy has to allow your nodes \`s3:GetEncryptionConfiguration\` before you set \`${flag}\`, or sessions fail to start.`,
      },
    ];
  }
  const shown: Problem[] =
    bucket.isPublic === true
      ? [{ says: `The policy of the bucket ${name} makes it public, with every session in it.`, advice: `Block public access to ${name}.` }]
      : [];
  if (isDemanded && !bucket.isEncrypted)
    return [
      ...shown,
      ...open(
        `\`${flag}\` is set, and the bucket ${name} is not encrypted.`,
        `Set a default encryption for ${name}, or set \`${flag}\` to false until then.`,
      ),
    ];
  if (isDemanded) return shown;
  const says = `Nothing demands that the bucket ${name} is encrypted (\`${flag}\`)`;
  if (bucket.isEncrypted)
    return [
      ...shown,
      { says: `${says}, which it is.`, advice: beforeYouAgree('s3:GetEncryptionConfiguration', name), isFixable: 'bucket' },
    ];
  return [...shown, { says: `${says}, and it is not.`, advice: `Set a default encryption for ${name}; Redress can then set \`${flag}\`.` }];
}

function groupProblems({ preferences, group }: Version): Problem[] {
  if (!group) return [];
  const flag = flagNames.group;
  const isDemanded = isOn(preferences.flags.group);
  const name = group.is === 'no name' ? 'that the preferences name' : preferences.group;
  const open = (says: string, advice: string): Problem[] => [{ says: isDemanded ? `${FAIL}: ${says}` : `No log arrives: ${says}`, advice }];
  if (group.is === 'no name')
    return open(`the log group ${name} has no name that a log group can have.`, 'Name a log group by its name, not by its ARN.');
  if (group.is === 'missing')
    return open(`the log group ${name} does not exist.`, `Make the log group ${name} again, or name another one.`);
  const says = `Nothing demands that the log group ${name} has a customer key (\`${flag}\`)`;
  if (group.is === 'hidden')
    return isDemanded
      ? []
      : [
          {
            says: `${says}, and Redress may not look at it.`,
            advice: 'Allow the role of Redress `logs:DescribeLogGroups`, or look yourself.',
          },
        ];
  const toKey = `Give the log group ${name} a customer key, whose policy lets CloudWatch Logs use it`;
  if (isDemanded && group.key === undefined)
    return open(`\`${flag}\` is set, and the log group ${name} has no customer key.`, `${toKey}, or set \`${flag}\` to false until then.`);
  if (isDemanded) return [];
  if (group.key !== undefined)
    return [{ says: `${says}, which it has.`, advice: beforeYouAgree('logs:DescribeLogGroups', name), isFixable: 'group' }];
  return [{ says: `${says}, and it has none.`, advice: `${toKey}; Redress can then set \`${flag}\`.` }];
}

/** Nodes check before a session starts: aws/amazon-ssm-agent#212. */
function beforeYouAgree(action: string, name: string | undefined): string {
  return `Check that the role of every node may \`${action}\` for ${name} before you set the flag: sessions fail to start on all others.`;
}
