import {
  CloudFormationClient,
  CreateStackInstancesCommand,
  type CreateStackInstancesCommandInput,
  CreateStackSetCommand,
  DeleteStackInstancesCommand,
  DeleteStackSetCommand,
  DescribeOrganizationsAccessCommand,
  DescribeStackSetCommand,
  DescribeStackSetOperationCommand,
  ListStackInstancesCommand,
  ListStackSetAutoDeploymentTargetsCommand,
  ListStackSetOperationResultsCommand,
  ListStackSetOperationsCommand,
  type StackInstanceSummary,
  type StackSet,
  type StackSetOperationResultSummary,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';

/** The accounts of the tests: who administers StackSets, where the hub is, and members. */
const account = (digit: number) => String(digit).repeat(12);
export const [ADMIN, HUB, A, B, C, MANAGEMENT] = [account(9), account(8), account(1), account(2), account(3), account(7)];
export const [WORKLOADS, SANDBOX] = ['ou-ab12-11111111', 'ou-ab12-22222222'];

interface Operation {
  readonly id: string;
  /** How often it is seen to go on before it has ended. */
  looks: number;
  readonly results: StackSetOperationResultSummary[];
}
interface Held {
  readonly set: StackSet;
  readonly targets: Map<string, Set<string>>;
  readonly instances: Map<string, StackInstanceSummary>;
  readonly operations: Operation[];
}

/** StackSets of an organization behind mocked clients: what they do to OUs and accounts, with pages of two. */
export function organization(ous: { readonly [id: string]: readonly string[] }) {
  const sets = new Map<string, Held>();
  /** What was sent that changes something, such as `CreateStackInstances redress-member-rules`. */
  const sent: string[] = [];
  const world = {
    sets,
    sent,
    /** The whole inputs of the same. */
    inputs: [] as Record<string, unknown>[],
    /** Why a stack fails; undefined where it does not. */
    fails: (_set: string, _account: string, _region: string): string | undefined => undefined,
    /** What an answer is instead, once it is asked for: called for each call. */
    refuses: (_call: string): Error | undefined => undefined,
    /** How often an operation that begins is seen to go on. */
    looks: 0,
    /** How operations end. */
    ends: 'SUCCEEDED',
    access: (callAs: string | undefined): 'ENABLED' | 'DISABLED' | Error =>
      callAs === 'DELEGATED_ADMIN' ? 'ENABLED' : failure('ValidationError', 'You must be the management account'),
    restore: () => {
      cloudFormation.restore();
      sts.restore();
    },
    /** An account that joins an OU, as auto-deployment sees it. */
    joins(ou: string, account: string) {
      for (const held of sets.values()) for (const region of held.targets.get(ou) ?? []) put(held, ou, account, region, 'auto');
    },
    /** An operation that somebody else began. */
    begins(set: string, looks: number) {
      const { operations } = held(set);
      operations.push({ id: `others-${operations.length}`, looks, results: [] });
    },
  };
  const cloudFormation = mockClient(CloudFormationClient);
  const sts = mockClient(STSClient);
  sts.on(GetCallerIdentityCommand).resolves({ Arn: `arn:aws:iam::${ADMIN}:user/sam`, Account: ADMIN });

  const held = (name = ''): Held => {
    const found = sets.get(name);
    if (!found) throw failure('StackSetNotFoundException', `StackSet ${name} not found`);
    return found;
  };
  const put = ({ set, instances }: Held, ou: string, account: string, region: string, operation: string) => {
    const reason = world.fails(set.StackSetName ?? '', account, region);
    instances.set(`${account} ${region}`, {
      Account: account,
      Region: region,
      OrganizationalUnitId: ou,
      LastOperationId: operation,
      Status: reason === undefined ? 'CURRENT' : 'OUTDATED',
      StackInstanceStatus: { DetailedStatus: reason === undefined ? 'SUCCEEDED' : 'FAILED' },
      ...(reason !== undefined && { StatusReason: reason }),
    });
    return { Account: account, Region: region, Status: reason === undefined ? 'SUCCEEDED' : 'FAILED', StatusReason: reason } as const;
  };
  const answers = (call: string, answer: (input: never) => unknown) => (input: never) => {
    const refusal = world.refuses(call);
    if (refusal) throw refusal;
    return answer(input);
  };
  const changes = (call: string, answer: (input: never) => unknown) =>
    answers(call, (input: { StackSetName: string }) => {
      const running = sets.get(input.StackSetName)?.operations.some(({ looks }) => looks > 0);
      if (running) throw failure('OperationInProgressException', 'Another Operation on StackSet is in progress');
      sent.push(`${call} ${input.StackSetName}`);
      world.inputs.push(input);
      return answer(input as never);
    });
  const begin = (into: Held, id = '', results: StackSetOperationResultSummary[] = []) => {
    into.operations.push({ id, looks: world.looks, results });
    return { OperationId: id };
  };
  const page = <Item>(items: readonly Item[], token = '0') => {
    const end = Number(token) + 2;
    return { Summaries: items.slice(Number(token), end), ...(end < items.length && { NextToken: String(end) }) };
  };
  const meant = ({ DeploymentTargets, Regions }: Pick<CreateStackInstancesCommandInput, 'DeploymentTargets' | 'Regions'>) => {
    const { OrganizationalUnitIds = [], Accounts = [], AccountFilterType = 'NONE' } = DeploymentTargets ?? {};
    const isMeant = (account: string) =>
      account !== MANAGEMENT && (AccountFilterType === 'NONE' || Accounts.includes(account) === (AccountFilterType === 'INTERSECTION'));
    return OrganizationalUnitIds.flatMap((ou) =>
      (ous[ou] ?? []).filter(isMeant).flatMap((account) => (Regions ?? []).map((region) => ({ ou, account, region }))),
    );
  };

  const on = (command: unknown, answer: (input: never) => unknown) =>
    cloudFormation.on(command as Parameters<typeof cloudFormation.on>[0]).callsFake((input) => answer(input as never));
  on(
    DescribeOrganizationsAccessCommand,
    answers('DescribeOrganizationsAccess', ({ CallAs }: { CallAs?: string }) => {
      const status = world.access(CallAs);
      if (status instanceof Error) throw status;
      return { Status: status };
    }),
  );
  type Named = { StackSetName: string; NextToken?: string };
  on(
    DescribeStackSetCommand,
    answers('DescribeStackSet', ({ StackSetName }: Named) => ({ StackSet: held(StackSetName).set })),
  );
  on(
    ListStackSetAutoDeploymentTargetsCommand,
    answers('ListStackSetAutoDeploymentTargets', ({ StackSetName, NextToken }: Named) =>
      page(
        [...held(StackSetName).targets].map(([OrganizationalUnitId, regions]) => ({ OrganizationalUnitId, Regions: [...regions] })),
        NextToken,
      ),
    ),
  );
  on(
    ListStackInstancesCommand,
    answers('ListStackInstances', ({ StackSetName, NextToken }: Named) => page([...held(StackSetName).instances.values()], NextToken)),
  );
  const statusOf = ({ looks }: Operation) => (looks > 0 ? 'RUNNING' : world.ends);
  on(
    ListStackSetOperationsCommand,
    answers('ListStackSetOperations', ({ StackSetName }: Named) => ({
      Summaries: held(StackSetName)
        .operations.toReversed()
        .map((one) => ({ OperationId: one.id, Status: statusOf(one) })),
    })),
  );
  const operationOf = (name: string, id: string) => held(name).operations.find((one) => one.id === id) ?? { id, looks: 0, results: [] };
  on(
    DescribeStackSetOperationCommand,
    answers('DescribeStackSetOperation', ({ StackSetName, OperationId }: Named & { OperationId: string }) => {
      const operation = operationOf(StackSetName, OperationId);
      const Status = statusOf(operation);
      operation.looks -= 1;
      return { StackSetOperation: { Status } };
    }),
  );
  on(
    ListStackSetOperationResultsCommand,
    answers('ListStackSetOperationResults', ({ StackSetName, OperationId, NextToken }: Named & { OperationId: string }) =>
      page(operationOf(StackSetName, OperationId).results, NextToken),
    ),
  );
  on(
    CreateStackSetCommand,
    changes('CreateStackSet', (input: StackSet & { StackSetName: string }) => {
      const { StackSetName, TemplateBody, Parameters, AutoDeployment, PermissionModel } = input;
      const StackSetARN = `arn:aws:cloudformation:eu-west-1:${MANAGEMENT}:stackset/${StackSetName}:1`;
      const set = { StackSetName, StackSetARN, TemplateBody, Parameters, AutoDeployment, PermissionModel } as StackSet;
      sets.set(StackSetName, { set, targets: new Map(), instances: new Map(), operations: [] });
      return { StackSetId: StackSetName };
    }),
  );
  on(
    UpdateStackSetCommand,
    changes(
      'UpdateStackSet',
      ({ StackSetName, OperationId, TemplateBody, Parameters, AutoDeployment }: StackSet & { OperationId: string }) => {
        const into = held(StackSetName);
        Object.assign(into.set, { TemplateBody, Parameters, AutoDeployment });
        const all = [...into.instances.values()];
        return begin(
          into,
          OperationId,
          all.map((one) => put(into, one.OrganizationalUnitId ?? '', one.Account ?? '', one.Region ?? '', OperationId)),
        );
      },
    ),
  );
  on(
    CreateStackInstancesCommand,
    changes('CreateStackInstances', (input: CreateStackInstancesCommandInput) => {
      const into = held(input.StackSetName);
      for (const ou of input.DeploymentTargets?.OrganizationalUnitIds ?? [])
        into.targets.set(ou, new Set([...(into.targets.get(ou) ?? []), ...(input.Regions ?? [])]));
      return begin(
        into,
        input.OperationId,
        meant(input).map(({ ou, account, region }) => put(into, ou, account, region, input.OperationId ?? '')),
      );
    }),
  );
  on(
    DeleteStackInstancesCommand,
    changes('DeleteStackInstances', (input: CreateStackInstancesCommandInput) => {
      const into = held(input.StackSetName);
      const isAll = (input.DeploymentTargets?.AccountFilterType ?? 'NONE') === 'NONE';
      const results = meant(input).map(({ account, region }) => {
        const reason = world.fails(input.StackSetName ?? '', account, region);
        if (reason === undefined) into.instances.delete(`${account} ${region}`);
        else
          into.instances.set(`${account} ${region}`, {
            ...into.instances.get(`${account} ${region}`),
            Status: 'INOPERABLE',
            StatusReason: reason,
            StackInstanceStatus: { DetailedStatus: 'INOPERABLE' },
          });
        return { Account: account, Region: region, Status: reason === undefined ? 'SUCCEEDED' : 'FAILED' } as const;
      });
      if (isAll)
        for (const ou of input.DeploymentTargets?.OrganizationalUnitIds ?? []) {
          for (const region of input.Regions ?? []) into.targets.get(ou)?.delete(region);
          if (into.targets.get(ou)?.size === 0) into.targets.delete(ou);
        }
      return begin(into, input.OperationId, results);
    }),
  );
  on(
    DeleteStackSetCommand,
    changes('DeleteStackSet', ({ StackSetName }: Named) => {
      if (held(StackSetName).instances.size > 0) throw failure('StackSetNotEmptyException', 'StackSet is not empty');
      sets.delete(StackSetName);
      return {};
    }),
  );
  return world;
}

/** An error as AWS answers it. */
export function failure(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}
