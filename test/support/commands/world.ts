import type {
  AssociationDescription,
  AutomationExecution,
  Command,
  GetMaintenanceWindowTaskResult,
  OpsItem,
  ResourceDataSyncItem,
  Tag,
  UpdateOpsItemCommandInput,
} from '@aws-sdk/client-ssm';
import { actionOf } from '#shared/aws/actions.ts';
import { expectListed } from '../../fixtures/secrets.ts';
import { type Answers, answerTo, type Refusals } from '../answers.ts';
import { type Destinations, destinationAnswers } from '../destinations.ts';
import { awsError, type World } from '../harness.ts';

type By<Item> = { readonly [id: string]: Item };

/** What runs in the account, and where its output can go. */
export interface Account extends Destinations {
  readonly commands?: By<Command>;
  readonly associations?: By<AssociationDescription>;
  /** Tasks by window and task, as in `mw-1/task-1`. */
  readonly tasks?: By<Omit<GetMaintenanceWindowTaskResult, '$metadata'>>;
  readonly executions?: By<AutomationExecution>;
  readonly settings?: By<string>;
  readonly syncs?: By<ResourceDataSyncItem>;
  readonly opsItems?: By<OpsItem & { readonly Tags?: Tag[] }>;
  readonly refuses?: Refusals;
}

export interface RunsWorld extends World {
  readonly opsItems: Map<string, OpsItem & { readonly Tags?: Tag[] }>;
  /** Called before each call is answered; what somebody else does meanwhile. */
  meanwhile: (action: string, input: object) => void;
}

/** Systems Manager with what it runs, its syncs and its OpsItems, with the rules of AWS that matter here. */
export function runsWorld(account: Account = {}): RunsWorld {
  const { commands = {}, associations = {}, tasks = {}, executions = {}, settings = {}, syncs = {} } = account;
  // a list of lines is judged as lines too
  expectListed(JSON.stringify(account).replaceAll('","', '\n'));
  const opsItems = new Map(Object.entries(structuredClone(account.opsItems ?? {})));
  const found = <Item>(all: By<Item>, id: string, code: string): Item => {
    const item = all[id];
    if (item === undefined) throw awsError(code, `${id} is not there`);
    return item;
  };
  const opsItem = (id: string) => found(Object.fromEntries(opsItems), id, 'OpsItemNotFoundException');

  const answers: Answers = {
    ...destinationAnswers(account),
    'ssm:ListCommands': ({ CommandId }: { CommandId?: string }) => {
      const all = Object.entries(commands).map(([id, one]) => ({ CommandId: id, ...one }));
      if (CommandId === undefined) return { Commands: all };
      found(commands, CommandId, 'InvalidCommandId');
      return { Commands: all.filter((one) => one.CommandId === CommandId) };
    },
    'ssm:DescribeAssociation': ({ AssociationId }: { AssociationId: string }) => ({
      AssociationDescription: { AssociationId, ...found(associations, AssociationId, 'AssociationDoesNotExist') },
    }),
    'ssm:ListAssociations': () => ({ Associations: Object.keys(associations).map((AssociationId) => ({ AssociationId })) }),
    'ssm:GetMaintenanceWindowTask': (input: { WindowId: string; WindowTaskId: string }) => ({
      ...input,
      ...found(tasks, `${input.WindowId}/${input.WindowTaskId}`, 'DoesNotExistException'),
    }),
    'ssm:DescribeMaintenanceWindows': () => ({
      WindowIdentities: [...new Set(Object.keys(tasks).map((id) => id.split('/')[0]))].map((WindowId) => ({ WindowId })),
    }),
    'ssm:DescribeMaintenanceWindowTasks': ({ WindowId }: { WindowId: string }) => ({
      Tasks: Object.keys(tasks).flatMap((id) => (id.startsWith(`${WindowId}/`) ? { WindowId, WindowTaskId: id.split('/')[1] } : [])),
    }),
    'ssm:GetAutomationExecution': ({ AutomationExecutionId }: { AutomationExecutionId: string }) => ({
      AutomationExecution: { AutomationExecutionId, ...found(executions, AutomationExecutionId, 'AutomationExecutionNotFoundException') },
    }),
    'ssm:DescribeAutomationExecutions': () => ({
      AutomationExecutionMetadataList: Object.keys(executions).map((AutomationExecutionId) => ({ AutomationExecutionId })),
    }),
    'ssm:GetServiceSetting': ({ SettingId }: { SettingId: string }) => ({
      ServiceSetting: { SettingId, SettingValue: found(settings, SettingId, 'ServiceSettingNotFound') },
    }),
    'ssm:ListResourceDataSync': ({ SyncType }: { SyncType?: string }) => ({
      ResourceDataSyncItems: Object.entries(syncs)
        .map(([SyncName, one]) => ({ SyncName, SyncType: 'SyncToDestination', ...one }))
        .filter((one) => one.SyncType === SyncType),
    }),
    'ssm:GetOpsItem': ({ OpsItemId }: { OpsItemId: string }) => {
      const { Tags: _, ...shown } = opsItem(OpsItemId);
      return { OpsItem: { OpsItemId, ...shown } };
    },
    'ssm:DescribeOpsItems': () => ({ OpsItemSummaries: [...opsItems.keys()].map((OpsItemId) => ({ OpsItemId })) }),
    'ssm:ListTagsForResource': ({ ResourceId }: { ResourceId: string }) => ({ TagList: opsItem(ResourceId).Tags ?? [] }),
    'ssm:UpdateOpsItem': ({ OpsItemId = '', OperationalData, OperationalDataToDelete = [], ...rest }: UpdateOpsItemCommandInput) => {
      const item = opsItem(OpsItemId);
      const isOfAws = Object.keys(OperationalData ?? {}).some((key) => /^\/?(amazon|aws|amzn|ssm)/i.test(key));
      if (isOfAws) throw awsError('OpsItemInvalidParameterException', 'Operational data keys cannot begin so.');
      const kept = Object.entries({ ...item.OperationalData, ...OperationalData }).filter(
        ([key]) => !OperationalDataToDelete.includes(key),
      );
      opsItems.set(OpsItemId, { ...item, ...rest, OperationalData: Object.fromEntries(kept) });
    },
  };

  const world: RunsWorld = {
    opsItems,
    meanwhile: () => undefined,
    async send(command) {
      world.meanwhile(actionOf(command), command.input);
      return answerTo(command, answers, account.refuses);
    },
  };
  return world;
}
