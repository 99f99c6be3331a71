import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { classify } from '#shared/aws/errors.ts';
import { listAt, stringAt } from '#shared/control/record.ts';
import { trying } from '../../failure.ts';
import { answer, type Check, DEPLOY, wanted } from '../check.ts';
import { aboutStatement, isSame, parsed, statementsApart } from '../same.ts';
import { sideBySide } from '../side-by-side.ts';

/** What a role has: undefined where there is no such role. */
type Found =
  | { readonly trust: unknown; readonly inline: readonly string[]; readonly attached: readonly string[]; readonly policy: unknown }
  | undefined;

/** Whether every role is there, and may do neither less nor more than this version's. */
export const roles: Check = {
  id: 'roles',
  asks: 'Is every role there, with the permissions of this version and no others?',
  needs: ['iam:GetRole', 'iam:GetRolePolicy', 'iam:ListRolePolicies', 'iam:ListAttachedRolePolicies'],
  async look(patient) {
    const iam = new IAMClient(patient.client);
    const expected = wanted(patient, 'AWS::IAM::Role');
    const problems = await sideBySide(expected, async (role) => {
      const name = String(role['RoleName']);
      const [policy] = listAt(role, 'Policies');
      const found = await trying(`read the role ${name}`, () => read(iam, name, stringAt(policy, 'PolicyName') ?? ''));
      return differences(name, role, found).map((says) => ({ says, next: DEPLOY }));
    });
    return answer(`All ${expected.length} roles are as this version makes them.`, problems.flat());
  },
};

async function read(iam: IAMClient, RoleName: string, PolicyName: string): Promise<Found> {
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    const policy = PolicyNames.includes(PolicyName) ? await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })) : undefined;
    return {
      trust: parsed(decoded(Role?.AssumeRolePolicyDocument)),
      inline: PolicyNames.filter((name) => name !== PolicyName),
      attached: AttachedPolicies.map(({ PolicyName: name = '' }) => name),
      policy: parsed(decoded(policy?.PolicyDocument)),
    };
  } catch (error) {
    if (classify(error) === 'missing') return undefined;
    throw error;
  }
}

/** IAM answers its documents as a part of an address is written. */
function decoded(document: string | undefined): string | undefined {
  return document === undefined ? undefined : decodeURIComponent(document);
}

function differences(name: string, role: { readonly [name: string]: unknown }, found: Found): string[] {
  if (!found) return [`There is no role ${name}.`];
  const { missing, added } = statementsApart(Object(listAt(role, 'Policies')[0]).PolicyDocument, found.policy);
  return [
    ...missing.map((one) => `The role ${name} lacks the statement that ${aboutStatement(one)}.`),
    ...added.map((one) => `The role ${name} has a statement of somebody else's, which ${aboutStatement(one)}.`),
    ...[...found.inline, ...found.attached].map(
      (policy) => `The role ${name} has the policy ${policy}, which this version does not give it.`,
    ),
    ...(isSame(role['AssumeRolePolicyDocument'], found.trust) ? [] : [`Whom the role ${name} trusts was changed.`]),
  ];
}
