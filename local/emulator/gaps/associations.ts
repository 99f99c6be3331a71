import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject, listAt, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import type { Additions } from './addition.ts';
import { Kept, ssmAnswer, ssmRefusal } from './ssm-kept.ts';

/** Associations of State Manager, which moto does not know; none of them runs here. */
export function associations(now: () => number = Date.now): Additions {
  const kept = new Kept();
  const make = (call: AwsCall, given: JsonObject): JsonObject => {
    const AssociationId = randomUUID();
    const { Tags: _, ...described } = given;
    const association = { ...described, AssociationId, AssociationVersion: '1', Date: now() / 1000, Overview: { Status: 'Pending' } };
    kept.of(call).set(AssociationId, association);
    return association;
  };
  const named = (call: AwsCall) => kept.of(call).get(stringAt(call.json, 'AssociationId') ?? '');
  const missing = (call: AwsCall, requestId: string) =>
    ssmRefusal(call, 'AssociationDoesNotExist', 'The specified association does not exist.', requestId);
  const isTwice = (call: AwsCall, given: JsonObject) =>
    [...kept.of(call).values()].some(
      (one) => given['InstanceId'] !== undefined && one['InstanceId'] === given['InstanceId'] && one['Name'] === given['Name'],
    );

  return {
    async 'ssm:CreateAssociation'(call, { requestId }) {
      if (stringAt(call.json, 'Name') === undefined) return ssmRefusal(call, 'ValidationException', 'Name is missing.', requestId);
      if (isTwice(call, call.json)) return ssmRefusal(call, 'AssociationAlreadyExists', 'The association already exists.', requestId);
      return ssmAnswer({ AssociationDescription: make(call, call.json) });
    },
    async 'ssm:CreateAssociationBatch'(call) {
      const entries = listAt(call.json, 'Entries').filter(isObject);
      const [failed, made] = [entries.filter((one) => isTwice(call, one)), entries.filter((one) => !isTwice(call, one))];
      return ssmAnswer({
        Successful: made.map((one) => make(call, one)),
        Failed: failed.map((Entry) => ({ Entry, Message: 'The association already exists.', Fault: 'Client' })),
      });
    },
    async 'ssm:UpdateAssociation'(call, { requestId }) {
      const before = named(call);
      if (!before) return missing(call, requestId);
      // "all parameters that are not specified are removed": https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateAssociation.html
      const { Name, InstanceId, AssociationId, Date: made, Overview, AssociationVersion } = before;
      const next = String(Number(AssociationVersion) + 1);
      const { AssociationVersion: _, ...given } = call.json;
      const association = Object.fromEntries(
        Object.entries({ Name, InstanceId, Date: made, Overview, ...given, AssociationId, AssociationVersion: next }).filter(
          (entry): entry is [string, NonNullable<(typeof entry)[1]>] => entry[1] !== undefined,
        ),
      );
      kept.of(call).set(String(AssociationId), association);
      return ssmAnswer({ AssociationDescription: association });
    },
    async 'ssm:DescribeAssociation'(call, { requestId }) {
      const found = named(call);
      return found ? ssmAnswer({ AssociationDescription: found }) : missing(call, requestId);
    },
    async 'ssm:ListAssociations'(call) {
      const shown = [...kept.of(call).values()].map(({ Parameters: _, OutputLocation: __, ...one }) => one);
      return ssmAnswer({ Associations: shown });
    },
    async 'ssm:DeleteAssociation'(call, { requestId }) {
      if (!named(call)) return missing(call, requestId);
      kept.of(call).delete(stringAt(call.json, 'AssociationId') ?? '');
      return ssmAnswer({});
    },
  };
}
