import { type EvaluationResult, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { listAt, stringAt } from '#shared/control/record.ts';
import { trying } from '../../failure.ts';
import { answer, type Check, type Problem, wanted } from '../check.ts';
import { sideBySide } from '../side-by-side.ts';

/** So many actions of a role are named. */
const SHOWN = 5;

/**
 * Whether a permissions boundary or the organization denies what a role's own policy allows. The simulation is of every resource at
 * once and of no condition, so it shows what is denied everywhere, and not what is denied of single resources.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export const permissions: Check = {
  id: 'permissions',
  asks: 'Do boundaries and the organization let the roles do what they are for?',
  needs: ['iam:SimulatePrincipalPolicy'],
  async look(patient) {
    const { deployment, client } = patient;
    const iam = new IAMClient(client);
    const [, partition = 'aws'] = deployment.stackId.split(':');
    const problems = await sideBySide(wanted(patient, 'AWS::IAM::Role'), async (role) => {
      const name = String(role['RoleName']);
      const results = await trying(`have AWS simulate what the role ${name} may do`, () =>
        simulated(iam, `arn:${partition}:iam::${patient.account}:role/${name}`, actionsOf(role)),
      );
      return problemsOf(name, results);
    });
    return answer('Neither a boundary nor the organization denies what the roles are for.', problems.flat());
  },
};

/** What a role's own policy allows; the simulator takes no patterns. */
function actionsOf(role: unknown): string[] {
  const statements = listAt(role, 'Policies').flatMap((policy) => listAt(policy, 'PolicyDocument', 'Statement'));
  const allowed = statements.filter((one) => stringAt(one, 'Effect') === 'Allow');
  const actions = allowed.flatMap((one) => [Reflect.get(Object(one), 'Action')].flat().map(String));
  return [...new Set(actions.filter((action) => !action.includes('*')))].sort();
}

async function simulated(iam: IAMClient, PolicySourceArn: string, ActionNames: string[]): Promise<EvaluationResult[]> {
  const all: EvaluationResult[] = [];
  let Marker: string | undefined;
  do {
    const page = await iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames, Marker }));
    all.push(...(page.EvaluationResults ?? []));
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker);
  return all;
}

function problemsOf(role: string, results: readonly EvaluationResult[]): Problem[] {
  const byBoundary = results.filter((one) => one.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false);
  const byOrganization = results.filter((one) => one.OrganizationsDecisionDetail?.AllowedByOrganizations === false);
  return [
    ...(byBoundary.length > 0
      ? [
          {
            says: `A permissions boundary does not let the role ${role} do this on every resource: ${named(byBoundary)}.`,
            next: 'Allow it in the boundary, or take the boundary off the role.',
          },
        ]
      : []),
    ...(byOrganization.length > 0
      ? [
          {
            says: `A policy of the organization does not let the role ${role} do this: ${named(byOrganization)}.`,
            next: `Ask those who manage the organization to leave the role out of it, or set the controls that need it to observe.`,
          },
        ]
      : []),
  ];
}

function named(results: readonly EvaluationResult[]): string {
  const names = results.map(({ EvalActionName = '' }) => EvalActionName);
  return names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more` : names.join(', ');
}
