import { at, stringAt } from '../../json.ts';
import type { Additions } from './addition.ts';
import { Kept, ssmAnswer, ssmRefusal } from './ssm-kept.ts';

/** Resource data syncs, which moto does not know; nothing is copied here. */
export function resourceDataSyncs(now: () => number = Date.now): Additions {
  const kept = new Kept();
  return {
    async 'ssm:CreateResourceDataSync'(call, { requestId }) {
      const name = stringAt(call.json, 'SyncName') ?? '';
      const SyncType = stringAt(call.json, 'SyncType') ?? 'SyncToDestination';
      if (kept.of(call).has(name)) {
        const message = 'A sync configuration with the same name already exists.';
        return ssmRefusal(call, 'ResourceDataSyncAlreadyExistsException', message, requestId);
      }
      const wanted = SyncType === 'SyncFromSource' ? 'SyncSource' : 'S3Destination';
      if (name === '' || at(call.json, wanted) === undefined) {
        return ssmRefusal(call, 'ResourceDataSyncInvalidConfigurationException', `${wanted} is missing.`, requestId);
      }
      const time = now() / 1000;
      kept.of(call).set(name, { ...call.json, SyncType, SyncCreatedTime: time, SyncLastModifiedTime: time, LastStatus: 'InProgress' });
      return ssmAnswer({});
    },
    async 'ssm:UpdateResourceDataSync'(call, { requestId }) {
      const name = stringAt(call.json, 'SyncName') ?? '';
      const before = kept.of(call).get(name);
      if (!before) return ssmRefusal(call, 'ResourceDataSyncNotFoundException', 'The specified sync name was not found.', requestId);
      if (before['SyncType'] !== 'SyncFromSource' || stringAt(call.json, 'SyncType') !== 'SyncFromSource') {
        const message = 'Only a sync of the type SyncFromSource can be updated.';
        return ssmRefusal(call, 'ResourceDataSyncInvalidConfigurationException', message, requestId);
      }
      kept.of(call).set(name, { ...before, ...call.json, SyncLastModifiedTime: now() / 1000 });
      return ssmAnswer({});
    },
    async 'ssm:ListResourceDataSync'(call) {
      const type = stringAt(call.json, 'SyncType');
      const all = [...kept.of(call).values()];
      return ssmAnswer({ ResourceDataSyncItems: all.filter(({ SyncType }) => type === undefined || SyncType === type) });
    },
    async 'ssm:DeleteResourceDataSync'(call, { requestId }) {
      const isGone = kept.of(call).delete(stringAt(call.json, 'SyncName') ?? '');
      if (isGone) return ssmAnswer({});
      return ssmRefusal(call, 'ResourceDataSyncNotFoundException', 'The specified sync name was not found.', requestId);
    },
  };
}
