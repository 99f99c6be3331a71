import { callEvent } from '../../fixtures/events.ts';
import { awsError } from '../harness.ts';
import { type Answering, answering } from './answering.ts';

/** What a Region's detectors are like; an absent administrator is none. */
interface Detectors {
  readonly status?: 'ENABLED' | 'DISABLED' | 'PAUSED' | 'none' | 'no service';
  readonly administrator?: { readonly account: string; readonly status: string };
  /** Members of this administrator, by how the two stand. */
  readonly members?: { readonly [account: string]: string };
}

/** A detector that remembers its state. */
export interface DetectorWorld extends Answering {
  status: NonNullable<Detectors['status']>;
  /** How many detectors were made. */
  made: number;
}

export const detectorId = '12abc34d567e8fa901bc2d34e56789f0';

const noService = () => {
  throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { name: 'Error', code: 'ENOTFOUND' });
};

/** A GuardDuty of one Region. */
export function guardDutyWorld({ status = 'ENABLED', administrator, members = {} }: Detectors = {}): DetectorWorld {
  const known = (DetectorId: string) => {
    if (world.status === 'none' || DetectorId !== detectorId) throw awsError('BadRequestException', 'The request is rejected.');
  };
  const inner = answering({
    'guardduty:ListDetectors': () => {
      if (world.status === 'no service') noService();
      return { DetectorIds: world.status === 'none' ? [] : [detectorId] };
    },
    'guardduty:GetDetector': ({ DetectorId }: { DetectorId: string }) => {
      known(DetectorId);
      return { Status: world.status, ServiceRole: 'role' };
    },
    'guardduty:GetAdministratorAccount': ({ DetectorId }: { DetectorId: string }) => {
      known(DetectorId);
      return administrator ? { Administrator: { AccountId: administrator.account, RelationshipStatus: administrator.status } } : {};
    },
    'guardduty:GetMembers': ({ AccountIds }: { AccountIds: string[] }) => ({
      Members: AccountIds.filter((id) => id in members).map((AccountId) => ({ AccountId, RelationshipStatus: members[AccountId] })),
      UnprocessedAccounts: [],
    }),
    'guardduty:UpdateDetector': ({ DetectorId, Enable }: { DetectorId: string; Enable: boolean }) => {
      known(DetectorId);
      world.status = Enable ? 'ENABLED' : 'DISABLED';
      return {};
    },
    'guardduty:CreateDetector': ({ Enable }: { Enable: boolean }) => {
      if (world.status !== 'none')
        throw awsError('BadRequestException', 'The request is rejected because a detector already exists for the current account.');
      world.status = Enable ? 'ENABLED' : 'DISABLED';
      world.made += 1;
      return { DetectorId: detectorId };
    },
  });
  const world: DetectorWorld = Object.assign(inner, { status, made: 0 });
  return world;
}

/** A Macie of one Region; without it AWS denies every call, as it does in the field, or finds nothing. */
export function macieWorld(
  { status = 'ENABLED', administrator }: Detectors = {},
  whenOff = awsError('AccessDeniedException', 'Macie is not enabled', 403),
): DetectorWorld {
  const inner = answering({
    'macie2:GetMacieSession': () => {
      if (world.status === 'no service') noService();
      if (world.status === 'none') throw whenOff;
      return { status: world.status, serviceRole: 'role' };
    },
    'macie2:GetAdministratorAccount': () => {
      if (!administrator) throw awsError('ResourceNotFoundException', 'The request failed because there is no such account', 404);
      return { administrator: { accountId: administrator.account, relationshipStatus: administrator.status } };
    },
    'macie2:UpdateMacieSession': (input: { status: 'ENABLED' | 'PAUSED' }) => {
      if (world.status === 'none') throw whenOff;
      world.status = input.status;
      return {};
    },
    'macie2:EnableMacie': (input: { status: 'ENABLED' | 'PAUSED' }) => {
      if (world.status !== 'none') throw awsError('ConflictException', 'Macie has already been enabled', 409);
      world.status = input.status;
      world.made += 1;
      return {};
    },
  });
  const world: DetectorWorld = Object.assign(inner, { status, made: 0 });
  return world;
}

/** A call of GuardDuty, in the recorded shape. */
export function guardDutyCall(eventName: string, requestParameters: object = {}, fields: object = {}) {
  return callEvent(eventName, { requestParameters: { detectorId, ...requestParameters }, ...fields }, 'guardduty.amazonaws.com');
}

/** A call of Macie; of `UpdateMacieSession` no record with a status is known, so that its shape is inferred from the API. */
export function macieCall(eventName: string, requestParameters: object | null = null, fields: object = {}) {
  return callEvent(eventName, { requestParameters, ...fields }, 'macie2.amazonaws.com');
}
