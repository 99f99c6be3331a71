import { GetMacieSessionCommand, UpdateMacieSessionCommand } from '@aws-sdk/client-macie2';
import { classify, errorText } from '#shared/aws/errors.ts';
import { accountSetting } from '#shared/control/setting.ts';
import { type DetectorState, ifServed } from '../detectors.ts';

/** Macie in a Region. */
export type Macie = { readonly is: DetectorState };

/** The session of Macie, of which each account has one a Region. */
export const macie = accountSetting<Macie>({
  noun: 'macie',
  plural: 'Macie',
  eventSource: 'macie2.amazonaws.com',
  console: '/macie/home?region={region}#settings',
  changed: ['DisableMacie', 'EnableMacie', 'UpdateMacieSession'],
  reads: [{ action: 'macie2:GetMacieSession' }],
  async read(read) {
    try {
      const answer = await ifServed(read(new GetMacieSessionCommand({})));
      if (!answer) return { state: { is: 'no service' } };
      return { state: { is: answer.status === 'ENABLED' ? 'on' : 'suspended' } };
    } catch (error) {
      if (isOff(error)) return { state: { is: 'off' } };
      throw error;
    }
  },
  restore: (before, { is }) =>
    before.is === 'suspended' && is === 'on'
      ? [{ command: new UpdateMacieSessionCommand({ status: 'PAUSED' }), says: 'Pause Macie again; it is not disabled.' }]
      : [],
});

/**
 * Whether an error says that Macie is not enabled: AWS denies the call with these words, or finds nothing.
 * AWS's own type for CloudFormation reads it so: https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-macie
 */
export function isOff(error: unknown): boolean {
  return classify(error) === 'missing' || (classify(error) === 'denied' && /Macie is not enabled/i.test(errorText(error)));
}
