import { listAt, stringAt } from '../../json.ts';
import { nest } from '../../trail/styles.ts';
import { withQuery } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import { ec2Answer } from '../ec2-xml.ts';
import type { Additions } from './addition.ts';

/** Block public access for snapshots, and the form of ModifySnapshotAttribute that moto passes over. */
export function sharing(): Additions {
  const states = new Map<string, string>();
  return {
    async 'ec2:EnableSnapshotBlockPublicAccess'(call, { requestId }) {
      const state = call.query.get('State') ?? '';
      if (!['block-all-sharing', 'block-new-sharing'].includes(state)) {
        return errorAnswer(call, { code: 'InvalidParameterValue', message: `Value (${state}) for parameter State is invalid.` }, requestId);
      }
      states.set(call.region, state);
      return ec2Answer(call.action, { state }, requestId);
    },
    async 'ec2:DisableSnapshotBlockPublicAccess'(call, { requestId }) {
      states.delete(call.region);
      return ec2Answer(call.action, { state: 'unblocked' }, requestId);
    },
    async 'ec2:GetSnapshotBlockPublicAccessState'(call, { requestId }) {
      return ec2Answer(call.action, { state: states.get(call.region) ?? 'unblocked', managedBy: 'account' }, requestId);
    },
    async 'ec2:ModifySnapshotAttribute'(call, { forward, requestId }) {
      const { query, region } = call;
      const nested = nest(query);
      const lists = (['Add', 'Remove'] as const)
        .map((kind) => [kind, listAt(nested, 'CreateVolumePermission', kind)] as const)
        .filter(([, list]) => list.length > 0);
      const isPublic =
        query.get('OperationType') === 'add'
          ? [...query.values()].includes('all')
          : lists.some(([kind, list]) => kind === 'Add' && list.some((one) => stringAt(one, 'Group') === 'all'));
      if (isPublic && states.has(region)) {
        return errorAnswer(
          call,
          { code: 'OperationNotPermitted', message: 'Block public access for snapshots is on, so the snapshot cannot be shared publicly.' },
          requestId,
        );
      }
      if (lists.length === 0) return forward(call);
      const old = Object.fromEntries(
        [...query.keys()].filter((name) => name.startsWith('CreateVolumePermission.')).map((name) => [name, undefined]),
      );
      let answer = await forward(withQuery(call, { ...old, ...oldForm(lists[0]) }));
      if (lists[1] !== undefined && answer.status < 400) answer = await forward(withQuery(call, { ...old, ...oldForm(lists[1]) }));
      return answer;
    },
  };
}

function oldForm(list: readonly ['Add' | 'Remove', ReturnType<typeof listAt>] | undefined): { [name: string]: string } {
  if (list === undefined) return {};
  const [kind, entries] = list;
  const parameters: { [name: string]: string } = { OperationType: kind.toLowerCase() };
  // each list has its own numbers, from 1 without a gap
  for (const [name, member] of [
    ['UserId', 'UserId'],
    ['UserGroup', 'Group'],
  ] as const) {
    const values = entries.flatMap((one) => stringAt(one, member) ?? []);
    values.forEach((value, index) => {
      parameters[`${name}.${index + 1}`] = value;
    });
  }
  return parameters;
}
