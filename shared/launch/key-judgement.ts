import { code, option } from '#shared/control/command.ts';
import { type Access, actionsOf, OPERATIONS, type Operation } from './key-policy.ts';
import type { Launcher } from './launchers.ts';

/** What stands in the way of a key's use, or may, and what a person does about it. */
export interface Judged {
  readonly problem: string | undefined;
  readonly doubt: string | undefined;
  readonly advice: readonly string[];
}

/** What is known of a launcher and a customer key. */
interface Found {
  readonly keyArn: string;
  readonly isOurs: boolean;
  readonly launcher: Launcher;
  readonly access: Access;
  /** Whether both the policy and the grants are visible. */
  readonly isSeen: boolean;
}

/** Says what a launcher lacks on a key. Of a group's own role that is a problem; of whoever else launches a person is asked. */
export function judgementOf(found: Found): Judged {
  const { keyArn, isOurs, launcher, access, isSeen } = found;
  const { missing, denied, byIam, unsure, on } = access;
  const who = launcher.arn.includes(':role/aws-service-role/') ? (launcher.arn.split('/').at(-1) ?? launcher.arn) : launcher.arn;
  const lacks = [
    ...(missing.length > 0 ? [`lacks ${listed(missing)}`] : []),
    ...(denied.length > 0 ? [`is denied ${listed(denied)}`] : []),
  ].join(' and ');
  // a denial overrides whatever grants there may be
  if (lacks && (isSeen || missing.length === 0)) {
    const advice = [...statementsFor(found), ...exceptionFor(found)];
    if (launcher.isOfGroup)
      return { problem: `the Auto Scaling service-linked role may not use ${keyArn}: ${who} ${lacks}`, doubt: undefined, advice };
    return { problem: undefined, doubt: `${who} ${launcher.does} here, and ${lacks} on ${keyArn}`, advice };
  }
  if (lacks) {
    const shows = missing.length < OPERATIONS.length ? `its grants show no ${listed(missing)}` : 'no grant on it shows';
    const where = isOurs ? `not all of the policy and grants of ${keyArn} is visible` : `${keyArn} is of another account`;
    const role = launcher.isOfGroup ? `the Auto Scaling service-linked role ${who}` : `${who}, which ${launcher.does} here`;
    return { problem: undefined, doubt: `${where}, and ${shows} for ${role}`, advice: [isOurs ? lookFor(found) : grantFor(found)] };
  }
  if (unsure.length > 0)
    return {
      problem: undefined,
      doubt: `the policy of ${keyArn} has conditions that Redress cannot judge (${on.join(', ')}), and ${who} ${launcher.does} here`,
      advice: [
        `Look in CloudTrail whether ${who} has used ${keyArn} without an error, or give it ${listed(unsure)} in a statement without ${on.join(', ')}.`,
      ],
    };
  if (byIam.length === 0) return { problem: undefined, doubt: undefined, advice: [] };
  return {
    problem: undefined,
    doubt: `${who} ${launcher.does} here, and only its IAM policies decide whether it may use ${keyArn}`,
    advice: [`Look whether the IAM policies of ${who} allow ${listed(byIam)} on ${keyArn}.`],
  };
}

/** The statements that a key policy lacks, with what is missing and nothing else. */
function statementsFor({ launcher, access: { missing } }: Found): string[] {
  const base = { Effect: 'Allow', Principal: { AWS: launcher.arn }, Resource: '*' };
  const uses = missing.filter((one) => one !== 'CreateGrant');
  const kind = launcher.isOfGroup ? 'AutoScaling' : 'Launcher';
  const grant = { Action: 'kms:CreateGrant', Condition: { Bool: { 'kms:GrantIsForAWSResource': true } } };
  return [
    ...(uses.length > 0 ? [{ Sid: `${kind}UsesTheKey`, ...base, Action: actionsOf(uses) }] : []),
    ...(missing.includes('CreateGrant') ? [{ Sid: `${kind}GrantsTheKey`, ...base, ...grant }] : []),
  ].map((statement) => `Add to the key policy: ${JSON.stringify(statement)}`);
}

function exceptionFor({ keyArn, launcher, access: { denied } }: Found): string[] {
  if (denied.length === 0) return [];
  return [`Except ${launcher.arn} in the policy of ${keyArn} from the statement that denies ${listed(denied)}.`];
}

/** A service-linked role of this account may use a key of another one by a grant only, which this account makes. */
function grantFor({ keyArn, launcher, access: { missing } }: Found): string {
  if (launcher.hasOwnPolicies)
    return `Ask the owner of ${keyArn} whether its policy allows ${launcher.arn} ${listed(missing)}, and look whether IAM policies here do.`;
  const options = [option('region', keyArn.split(':')[3] ?? ''), option('key-id', keyArn), option('grantee-principal', launcher.arn)];
  const grant = code(`aws kms create-grant ${options.join(' ')} --operations ${missing.join(' ')}`);
  return `If the policy of ${keyArn} lets this account make grants, run here: ${grant}. If it does not, ask its owner.`;
}

function lookFor({ keyArn, launcher }: Found): string {
  return `Allow Redress's role \`kms:GetKeyPolicy\` and \`kms:ListGrants\` in the policy of ${keyArn}, or look yourself whether ${launcher.arn} may use it.`;
}

function listed(operations: readonly Operation[]): string {
  return actionsOf(operations).join(', ');
}
