import { code, option } from '#shared/control/command.ts';
import { defineControl, type Verdict } from '#shared/control/control.ts';
import type { Place } from '#shared/detect/tree.ts';
import { commands } from './kind.ts';

/** How many places a sentence names. */
const MOST_SHOWN = 5;
/** Documents of AWS that many run all the time, and that take choices and hardly any text: the sweep looks at them. */
const takeNoText = [
  'AWS-RunPatchBaseline',
  'AWS-RunPatchBaselineAssociation',
  'AWS-RunPatchBaselineWithHooks',
  'AWS-UpdateSSMAgent',
  'AWS-GatherSoftwareInventory',
  'AmazonInspector2-InvokeInspectorSsmPlugin',
  'AmazonInspector2-InvokeInspectorLinuxSsmPlugin',
];
/** [U] How these are recorded, so that the name alone decides. */
const others = [
  'CreateAssociation',
  'CreateAssociationBatch',
  'UpdateAssociation',
  'RegisterTaskWithMaintenanceWindow',
  'UpdateMaintenanceWindowTask',
  'StartAutomationExecution',
  'StartChangeRequestExecution',
];
const ASK = 'Have the script read it from a SecureString when it runs';

export default defineControl(commands, {
  id: 'command-no-secrets',
  title: 'Nothing that Systems Manager runs is given a secret',
  why: 'Whoever may list commands reads their parameters for 30 days, and every version of an association keeps them. The agent writes scripts to the disks of nodes.',
  remediation: 'Reports only; changes nothing. Names the parameter, never its value.',
  severity: 'high',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: [
    { ...commands.calls('SendCommand'), where: { requestParameters: { documentName: [{ 'anything-but': takeNoText }] } } },
    commands.calls(...others),
  ],
  sweep: { every: '1 day', atDeployment: true },
  references: [
    'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Command.html',
    'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html',
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-securestring.html',
  ],
  iac: {
    cloudFormation: `take it out of \`Parameters\` of the AWS::SSM::Association, or of \`TaskInvocationParameters\` of the AWS::SSM::MaintenanceWindowTask. ${ASK}.`,
    terraform: `take it out of \`parameters\` of the aws_ssm_association, or of \`task_invocation_parameters\` of the aws_ssm_maintenance_window_task. ${ASK}. The state keeps the old value.`,
    cdk: `take it out of \`parameters\` of the \`ssm.CfnAssociation\`, or of \`taskInvocationParameters\` of the \`ssm.CfnMaintenanceWindowTask\`. ${ASK}.`,
  },
  prevention: { none: 'No policy can look into the parameters of a call.' },
  // what is written there has to go, whoever manages it
  reportsManaged: true,

  inspectOne: ({ leaks }) => ({ leaks }),

  judge({ leaks }, { id }): Verdict {
    if (leaks.length === 0) return { is: 'compliant', says: 'What was given to it shows no secret.' };
    return {
      is: 'violation',
      says: `It was given what looks like secrets: ${sayPlaces(leaks)}.`,
      risk: leaks
        .map(({ where, detectors }) => `${where} ${detectors.join(' ')}`)
        .sort()
        .join('; '),
      advice: [
        'Change each secret where it is used: whoever could read this may have it, and scripts are on the disks of the nodes too.',
        'Keep the new one in a SecureString or in Secrets Manager, and have the script read it when it runs, under the role of the node: `{{ssm:NAME}}` does not take a SecureString.',
        ...lastsIn(id),
      ],
    };
  },

  before: ({ leaks }) => ({ places: leaks.map(({ where }) => where) }),
});

function sayPlaces(leaks: readonly Place[]): string {
  const all = leaks.map(({ where, detectors }) => `${detectors.join(' and ')} in ${where}`);
  const more = all.length - MOST_SHOWN;
  return [...all.slice(0, MOST_SHOWN), ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

/** How the old value goes, by what holds it. */
function lastsIn(id: string): string[] {
  const [kind, first = '', second = ''] = id.split('/');
  if (kind === 'association')
    return [
      `Its old versions keep the value, and no call removes one: make the association again without it, and then remove this one with ${code(`aws ssm delete-association ${option('association-id', first)}`)}.`,
    ];
  if (kind === 'windowtask') {
    const ids = `${option('window-id', first)} ${option('window-task-id', second)}`;
    return [
      `Take it out of the task (${code(`aws ssm update-maintenance-window-task ${ids}`)}); what it has run by now keeps it for 30 days.`,
    ];
  }
  return ['AWS keeps this for 30 days, and no call removes it.'];
}
