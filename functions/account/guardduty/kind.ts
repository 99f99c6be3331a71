import { GetDetectorCommand, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { accountSetting } from '#shared/control/setting.ts';
import { type DetectorState, ifServed } from '../detectors.ts';

/** GuardDuty in a Region, which has one detector at most. */
export type GuardDuty = { readonly is: DetectorState; readonly detector: string | null };

/** The detector of GuardDuty, of which each account has at most one a Region. */
export const guardDuty = accountSetting<GuardDuty>({
  noun: 'guardduty',
  plural: 'GuardDuty',
  eventSource: 'guardduty.amazonaws.com',
  console: '/guardduty/home?region={region}#/settings',
  changed: ['CreateDetector', 'DeleteDetector', 'UpdateDetector'],
  unwatched: { 'It changes which features members have, and turns no detector off.': ['UpdateMemberDetectors'] },
  reads: ['guardduty:ListDetectors', 'guardduty:GetDetector'].map((action) => ({ action })),
  async read(read) {
    const answer = await ifServed(read(new ListDetectorsCommand({})));
    if (!answer) return { state: { is: 'no service', detector: null } };
    const [detector] = answer.DetectorIds ?? [];
    if (detector === undefined) return { state: { is: 'off', detector: null } };
    const { Status } = await read(new GetDetectorCommand({ DetectorId: detector }));
    return { state: { is: Status === 'ENABLED' ? 'on' : 'suspended', detector } };
  },
  // the control says how: a detector that a fix made has another id than the one before
  restore: () => [],
});
