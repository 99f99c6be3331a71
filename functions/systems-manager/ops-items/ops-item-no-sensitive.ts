import { type OpsItem, UpdateOpsItemCommand } from '@aws-sdk/client-ssm';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { Secret } from '#shared/control/secret.ts';
import { detectBeside, secretByName } from '#shared/detect/together.ts';
import { MASK } from '#shared/tags/scan.ts';
import { anyOpsItem, opsItems } from './kind.ts';

/** A member that holds sensitive data, and of what kinds; never the data. */
interface Hit {
  readonly where: string;
  readonly kinds: readonly string[];
  /** The member that an update replaces; absent where only AWS may write it. */
  readonly member?: 'Title' | 'Description';
  /** The key of operational data whose value is replaced, with the type of that; a `Secret` if the key holds the data and has to go. */
  readonly key?: string | Secret;
  readonly type?: 'SearchableString' | 'String' | undefined;
}

/** What AWS takes no value for but its own. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateOpsItem.html */
const ofAws = /^\/?(?:amazon|aws|amzn|ssm)/i;
const GONE = 'This cannot be undone: Redress keeps no copy.';

export default defineControl(opsItems, {
  id: 'ops-item-no-sensitive',
  title: 'OpsItems hold no sensitive data',
  why: 'Whoever may list OpsItems reads their titles and searchable data, and notifications and reports carry them on.',
  remediation: `Replaces each text that holds sensitive data, as a whole. ${GONE}`,
  severity: 'medium',
  defaultMode: 'approve',
  triggers: [...opsItems.created, opsItems.calls('UpdateOpsItem')],
  sweep: { every: '1 day', atDeployment: false },
  permissions: { writes: [{ action: 'ssm:UpdateOpsItem', resource: anyOpsItem }] },
  references: [
    'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateOpsItem.html',
    'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_OpsItem.html',
  ],
  iac: {
    cloudFormation: 'no resource makes an OpsItem. Take it out of whatever an AWS::Events::Rule with OpsCenter as its target puts there.',
    terraform: 'no resource makes an OpsItem. Take it out of whatever an aws_cloudwatch_event_target of OpsCenter puts there.',
    cdk: 'no construct makes an OpsItem. Take it out of whatever a rule with OpsCenter as its target puts there.',
  },
  prevention: { none: 'No policy can look into the text of an OpsItem.' },

  inspectOne: (item) => ({ hits: hitsIn(item) }),

  judge({ hits }): Verdict {
    if (hits.length === 0) return { is: 'compliant', says: 'Its text shows no sensitive data.' };
    return {
      is: 'violation',
      says: `It holds sensitive data: ${hits.map(({ kinds, where }) => `${kinds.join(' and ')} in ${where}`).join('; ')}.`,
      risk: hits
        .map(({ kinds, where }) => `${where} ${kinds.join(' ')}`)
        .sort()
        .join('; '),
      advice: [
        `What is replaced cannot be restored: Redress keeps no copy. Save it first if you need it.`,
        ...(hits.every(isChangeable) ? [] : ['No call changes what AWS itself writes: delete the OpsItem once it is resolved.']),
        'CloudTrail keeps the call that wrote it, and notifications may have carried it: a secret has to be changed, not only hidden.',
      ],
    };
  },

  plan({ hits }, { id }): Plan {
    const found = hits.filter(isChangeable);
    const rest = found.length < hits.length && { leavesRest: true };
    if (found.length === 0) return { changes: [], ...rest };
    const values = found.flatMap(({ key, type }) => (typeof key === 'string' ? [[key, { Value: MASK, Type: type }] as const] : []));
    const keys = found.flatMap(({ key }) => (key instanceof Secret ? [key.reference()] : []));
    const command = new UpdateOpsItemCommand({
      OpsItemId: id,
      ...Object.fromEntries(found.flatMap(({ member }) => (member ? [[member, MASK]] : []))),
      ...(values.length > 0 && { OperationalData: Object.fromEntries(values) }),
      ...(keys.length > 0 && { OperationalDataToDelete: keys }),
    });
    const what = found.map(({ where }) => where).join(' and ');
    return { changes: [{ command, says: `Replace ${what} of ${id} with ${MASK}. This cannot be undone.` }], ...rest };
  },

  before: ({ hits }) => hits.map(({ where, kinds }) => ({ where, kinds })),
});

function isChangeable({ member, key }: Hit): boolean {
  return member !== undefined || key !== undefined;
}

function hitsIn({ OpsItemId = '', Title = '', Description = '', OperationalData = {} }: OpsItem): Hit[] {
  const fields = (
    [
      ['Title', Title],
      ['Description', Description],
    ] as const
  ).flatMap(([member, text]): Hit[] => {
    const kinds = kindsIn('', text);
    return kinds.length > 0 ? [{ where: `the ${member.toLowerCase()}`, kinds, member }] : [];
  });
  const data = Object.entries(OperationalData).flatMap(([key, { Value = '', Type: type }], n): Hit[] => {
    const ofKey = kindsIn('', key);
    const kinds = [...new Set([...ofKey, ...kindsIn(key, Value)])];
    if (kinds.length === 0) return [];
    if (ofKey.length > 0) return [{ where: 'operational data, in its key', kinds, key: new Secret(key, `key ${n + 1} of ${OpsItemId}`) }];
    const where = `the operational data \`${key}\``;
    return [ofAws.test(key) ? { where, kinds } : { where, kinds, key, type }];
  });
  return [...fields, ...data];
}

function kindsIn(name: string, text: string): string[] {
  if (text === MASK) return [];
  return [...new Set([...detectBeside(name, text), ...secretByName(name, text)].map(({ detector }) => detector))];
}
