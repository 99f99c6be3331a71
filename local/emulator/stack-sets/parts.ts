import { compact, type JsonObject } from '../../json.ts';
import type { Operations, Place } from './operations.ts';

/** Where a stack is to be. */
export interface Target extends Place {
  /** The OU that it is deployed with. */
  readonly ou: string;
}

/** A stack of a StackSet. */
export interface Instance extends Target {
  detail: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'INOPERABLE';
  reason: string | undefined;
  stackId: string | undefined;
  operation: string;
}

/** A StackSet with its stacks. */
export interface StackSet {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  settings: JsonObject;
  template: JsonObject;
  readonly targets: Map<string, Set<string>>;
  readonly instances: Map<string, Instance>;
  readonly operations: Operations;
}

/** A StackSet as AWS shows it. */
export function described({ name, id, arn, settings, targets }: StackSet): JsonObject {
  const [StackSetName, StackSetId, StackSetARN] = [name, id, arn];
  return {
    StackSetName,
    StackSetId,
    StackSetARN,
    Status: 'ACTIVE',
    PermissionModel: 'SERVICE_MANAGED',
    ...settings,
    OrganizationalUnitIds: [...targets.keys()],
  };
}

/** One of its stacks in a list. */
export function summaryOf({ account, region, ou, detail, reason, stackId, operation }: Instance): JsonObject {
  return compact({
    Account: account,
    Region: region,
    OrganizationalUnitId: ou,
    StackId: stackId,
    Status: detail === 'SUCCEEDED' ? 'CURRENT' : detail === 'INOPERABLE' ? 'INOPERABLE' : 'OUTDATED',
    StackInstanceStatus: { DetailedStatus: detail },
    StatusReason: reason,
    LastOperationId: operation,
  });
}
