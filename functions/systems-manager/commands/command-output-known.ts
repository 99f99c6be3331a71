import { bucketReads } from '#shared/aws/bucket.ts';
import { defineControl, targetsIn } from '#shared/control/control.ts';
import type { Json, Place, Reader, Trigger } from '#shared/control/types.ts';
import { logGroupReads } from '../destinations/log-group.ts';
import { knownBuckets, type Trouble, troublesOfBucket, troublesOfGroup, verdictOnPlaces } from '../destinations/troubles.ts';
import { SCRIPT_LOG, SCRIPT_LOG_GROUP, SCRIPT_LOG_ID } from './ids.ts';
import { commands } from './kind.ts';
import { allRuns } from './lists.ts';
import type { Outputs } from './runs.ts';
import { scriptLog, scriptLogReads } from './script-log.ts';

const answered = (command: { readonly [key: string]: Json }): Trigger => ({
  ...commands.calls('SendCommand'),
  where: { responseElements: { command } },
});

export default defineControl(commands, {
  id: 'command-output-known',
  title: 'Output of commands goes to known places',
  why: 'Output holds whatever scripts print. A public bucket shows it to everybody, and a bucket of a stranger gives it away.',
  remediation: 'Reports only; changes nothing.',
  severity: 'medium',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: [
    // AWS answers with both members, empty where there is no output
    answered({ outputS3BucketName: [{ 'anything-but': [''] }] }),
    answered({ cloudWatchOutputConfig: { cloudWatchOutputEnabled: [true] } }),
    commands.calls(
      'CreateAssociation',
      'CreateAssociationBatch',
      'UpdateAssociation',
      'RegisterTaskWithMaintenanceWindow',
      'UpdateMaintenanceWindowTask',
    ),
    {
      ...commands.calls('UpdateServiceSetting', 'ResetServiceSetting'),
      where: { requestParameters: { settingId: [SCRIPT_LOG, SCRIPT_LOG_GROUP].map((suffix) => ({ suffix })) } },
    },
  ],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [...scriptLogReads, ...bucketReads, ...logGroupReads],
  },
  common: { knownBuckets },
  references: [
    'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CloudWatchOutputConfig.html',
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-logging.html',
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-rc-setting-up-cwlogs.html',
  ],
  iac: {
    cloudFormation:
      'name a private bucket with a customer key of your own in `OutputLocation` of the AWS::SSM::Association, or in `TaskInvocationParameters` of the AWS::SSM::MaintenanceWindowTask.',
    terraform:
      'name a private bucket with a customer key of your own in `output_location` of the aws_ssm_association, or in `run_command_parameters` of the aws_ssm_maintenance_window_task.',
    cdk: 'name a private bucket with a customer key of your own in `outputLocation` of the `ssm.CfnAssociation`, or in `taskInvocationParameters` of the `ssm.CfnMaintenanceWindowTask`.',
  },
  prevention: {
    none: 'No condition key of Systems Manager shows where output goes. Let the roles of nodes write to your own buckets and log groups only.',
  },
  // nothing is fixed, so that whoever manages it has to know
  reportsManaged: true,

  async list(read, context, from) {
    const { items, ...rest } = targetsIn(commands, await allRuns(read, context.now, from));
    return { ...rest, items: [...(from === undefined ? [{ type: commands.type, id: SCRIPT_LOG_ID }] : []), ...items] };
  },

  async inspectOne(run, read, { settings, ...place }, { id }) {
    const outputs = id === SCRIPT_LOG_ID ? await scriptLog(read) : run.outputs;
    return { troubles: await troublesOf(outputs, settings.knownBuckets, read, place) };
  },

  judge: ({ troubles }) => verdictOnPlaces('Its output', troubles, 'Its output goes to private places under a customer key, or nowhere.'),

  before: ({ troubles }) => ({ troubles: troubles.map(({ says }) => says) }),
});

async function troublesOf({ buckets, groups }: Outputs, known: readonly string[], read: Reader, place: Place): Promise<Trouble[]> {
  const found = await Promise.all([
    ...buckets.map((name) => troublesOfBucket(name, known, read, place)),
    ...groups.map((name) => troublesOfGroup(name, read)),
  ]);
  return found.flat();
}
