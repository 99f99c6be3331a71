import { type Command, Option } from 'commander';
import type { Add } from '../add.ts';
import { positive } from '../arguments.ts';

/** The commands under `redress org`. */
export function orgCommands(add: Add, org: Command): void {
  const under = { asksAws: false, under: org };

  add(
    'print-template <template>',
    'Print a CloudFormation template for the accounts that a hub serves: member-roles (once an account) or member-rules (once in each Region).',
    async () => (await import('./print-template.ts')).printTemplate,
    { json: 'answer in JSON, one object with the template and its size, for machines', ...under },
  ).option('--config <file>', 'the config whose controls and settings are taken (default: redress.config.ts of this project)');

  administered(
    add(
      'deploy',
      'Deploy roles and rules to the OUs and Regions of the config by StackSets. What failed before is tried again; what is up to date is not touched.',
      async () => (await import('./deploy.ts')).deploy,
      { json: 'answer in JSON: a line for each thing it does and for each silent member, then a summary', ...under },
    ),
  )
    .option('--hub <account/region>', 'where the hub is, such as 999988887777/eu-west-1 (default: what the StackSets say)')
    .option('--bucket <name>', 'a bucket of this account, for a template that is too long for a request')
    .option('--dry-run', 'print what it would create, update and delete, and change nothing')
    .option('--config <file>', 'the config of the hub (default: redress.config.ts of this project)');

  administered(
    add(
      'remove',
      'Delete the roles and rules of all members with their StackSets, and say what remains.',
      async () => (await import('./remove.ts')).remove,
      { json: 'answer in JSON: a line for each stack that is left, then one for what was removed', ...under },
    ),
  );

  adoption(add, org);
}

/** Adds the command that moves a stack alone to the hub, which it looks for as most commands look for their stack. */
function adoption(add: Add, org: Command): void {
  add(
    'adopt <account/region>',
    'Move what a standalone stack keeps of an account and Region to the hub: open cases, exemptions, findings, approvals, pauses and waiting messages. That stack is stopped first.',
    async () => (await import('./adopt/adopt.ts')).adopt,
    { json: 'answer in JSON: a line for what there is to move, and one for what was moved', under: org },
  )
    .option('--from-profile <name>', 'the AWS profile of the account that is adopted; --profile is that of the hub (default: AWS_PROFILE)')
    .option('--from-stack <name>', 'the stack that is adopted (default: Redress, or REDRESS_STACK)')
    .addOption(new Option('--keep <whose>', 'whose word holds where the hub has a case already').choices(['hub', 'stack']))
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait for fixes in progress, and for messages').default(1200).argParser(positive),
    )
    .option('--dry-run', 'show what would be moved, and change nothing')
    .option('-y, --yes', 'do not ask first')
    .option('--config <file>', 'the config of the hub (default: redress.config.ts of this project)');
}

/** Adds the options of what administers StackSets. */
function administered(command: Command): Command {
  return command
    .option('--region <region>', "the Region that keeps the StackSets, the same at every run (default: AWS_REGION, or the profile's)")
    .option('--profile <name>', 'the AWS profile of the account that administers StackSets (default: AWS_PROFILE)')
    .option('--call-as <who>', 'DELEGATED_ADMIN, or SELF in the management account (default: found out)')
    .option('--failure-tolerance <number>', 'how many accounts of a Region may fail before the others are not tried: 3, or 20%', '100%')
    .option('-y, --yes', 'do not ask first');
}
