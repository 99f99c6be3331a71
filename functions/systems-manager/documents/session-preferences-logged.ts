import { UpdateDocumentCommand, UpdateDocumentDefaultVersionCommand } from '@aws-sdk/client-ssm';
import { bucketReads } from '#shared/aws/bucket.ts';
import { type Made, madeWith } from '#shared/control/actor.ts';
import { type Change, defineControl, type Plan, type Target } from '#shared/control/control.ts';
import { isByMaker } from '#shared/control/kind.ts';
import { logGroupReads } from '../destinations/log-group.ts';
import { documents } from './kind.ts';
import { DOCUMENT } from './names.ts';
import { type Flags, flagNames, PREFERENCES, type Preferences, turnedOn } from './preferences.ts';
import { failsIn, problemsOf, verdictOn } from './session-sentences.ts';
import { type Facts, obstacleTo, preferencesOf } from './sessions.ts';

/** The flags of both versions; null without a document that Redress can read. */
type Before = { readonly newest: Flags; readonly standing: Flags } | null;

const document = `arn:{partition}:ssm:{region}:{account}:document/${PREFERENCES}`;
const calls = ['CreateDocument', 'UpdateDocument', 'UpdateDocumentDefaultVersion', 'DeleteDocument'];
const stand = (version: string): Change => ({
  command: new UpdateDocumentDefaultVersionCommand({ Name: PREFERENCES, DocumentVersion: version }),
  says: `Make version ${version} the default one.`,
});
const later = [{ api: 'ssm:UpdateDocumentDefaultVersion', says: 'Make that version the default one, if AWS does not.' }];

export default defineControl(documents, {
  id: 'session-preferences-logged',
  title: 'Session Manager logs its sessions, to encrypted places',
  why: 'Without a log nobody can tell what was typed on a node, and what is typed often holds secrets.',
  remediation:
    'Sets the flag that demands encryption, where a person has agreed and the bucket or the log group is encrypted. Leaves every other input as it is, and reports the rest.',
  severity: 'high',
  amountsTo: 'Its role may write the preferences of Session Manager, whose shell profile runs in every session.',
  defaultMode: 'observe',
  // whether every node may look at the places, no call tells
  maxMode: 'approve',
  triggers: [documents.calls(...calls)],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [
      { action: 'ssm:GetDocument', resource: document },
      { action: 'ssm:DescribeInstanceInformation' },
      ...bucketReads,
      ...logGroupReads,
    ],
    writes: [
      { action: 'ssm:UpdateDocument', resource: document },
      { action: 'ssm:UpdateDocumentDefaultVersion', resource: document },
    ],
  },
  references: [
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html',
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-logging.html',
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html',
  ],
  iac: {
    cloudFormation: `name a bucket or a log group under \`inputs\` in \`Content\` of the ${DOCUMENT} \`${PREFERENCES}\`, with \`${flagNames.bucket}\` or \`${flagNames.group}\` true, and set \`UpdateMethod: NewVersion\`.`,
    terraform: `name a bucket or a log group under \`inputs\` in \`content\` of the aws_ssm_document \`${PREFERENCES}\`, with \`${flagNames.bucket}\` or \`${flagNames.group}\` true. Import the document if the console made it.`,
    cdk: `name a bucket or a log group under \`inputs\` in \`content\` of the \`ssm.CfnDocument\` \`${PREFERENCES}\`, with \`${flagNames.bucket}\` or \`${flagNames.group}\` true, and set \`updateMethod: 'NewVersion'\`.`,
  },
  prevention: {
    scp: [{ actions: calls.map((name) => `ssm:${name}`), resources: [`arn:*:ssm:*:*:document/${PREFERENCES}`] }],
    breaks:
      'Nobody can change the preferences of Session Manager, also not in its console. The policy does not make them where there are none.',
    references: ['https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html'],
  },

  // documents of other names hold the preferences of sessions that ask for them
  targets(record, place): readonly Target<Made>[] {
    const targets = documents.targets(record, place).filter(({ id }) => id === PREFERENCES);
    return isByMaker(documents, record) ? targets.map((target) => ({ ...target, hint: madeWith(record) })) : targets;
  },

  // there is one an account and Region, or none, which is wrong too
  list: async () => ({ items: [{ type: DOCUMENT, id: PREFERENCES }] }),

  async inspect(targets, read, context) {
    const ids = targets.map(({ id }) => id);
    const items = await read.many(documents.items, ids);
    const found = ids.map(async (id): Promise<[string, Facts][]> => {
      const facts = await preferencesOf(items.get(id), read, context);
      return facts ? [[id, facts]] : [];
    });
    return new Map((await Promise.all(found)).flat());
  },

  judge: verdictOn,

  plan(facts: Facts): Plan {
    if (facts.is !== 'there' || obstacleTo(facts)) return { changes: [] };
    const { newest, standing } = facts;
    // its place may have lost its encryption since the version was written: were it the default one, no session would start
    if (standing && failsIn(newest) && !failsIn(standing)) return { changes: [], leavesRest: true };
    const problems = problemsOf(newest);
    const wanted = problems.flatMap(({ isFixable }) => isFixable ?? []);
    const rest = problems.length > wanted.length && { leavesRest: true };
    if (wanted.length === 0)
      return { changes: standing ? [stand(newest.preferences.version)] : [], ...(standing && { completes: true }), ...rest };
    const { flags } = newest.preferences;
    const on = Object.fromEntries(wanted.map((name) => [name, turnedOn(flags[name])]));
    const names = wanted.map((name) => `\`${flagNames[name]}\``).join(' and ');
    return {
      changes: [write(newest.preferences, { ...flags, ...on }, `Set ${names} in a new version, and leave every other input.`)],
      later,
      ...rest,
    };
  },

  before(facts: Facts): Before {
    if (facts.is !== 'there') return null;
    const { newest, standing = newest } = facts;
    return { newest: newest.preferences.flags, standing: standing.preferences.flags };
  },

  undo(before: Before, facts: Facts): Plan {
    if (before === null || facts.is !== 'there' || facts.isYaml) return { changes: [] };
    const { newest, standing } = facts;
    const { preferences } = newest;
    const isBack = preferences.flags.bucket === before.newest.bucket && preferences.flags.group === before.newest.group;
    if (isBack) return { changes: standing && obstacleTo(facts) === undefined ? [stand(preferences.version)] : [] };
    return {
      changes: [write(preferences, before.newest, 'Write the flags as they were in a new version, and leave every other input.')],
      later,
    };
  },
});

/** AWS takes the number of the newest version alone, so that nobody's later version is written over. */
function write(preferences: Preferences, flags: Flags, says: string): Change {
  const command = new UpdateDocumentCommand({
    Name: PREFERENCES,
    Content: preferences.with(flags).reference(),
    DocumentFormat: 'JSON',
    DocumentVersion: preferences.version,
    VersionName: preferences.nextName,
  });
  return { command, says };
}
