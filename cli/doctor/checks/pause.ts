import { answer, type Check, other } from '../check.ts';

/** Whether a person has stopped all fixes. */
export const pause: Check = {
  id: 'pause',
  asks: 'May fixes begin?',
  needs: ['dynamodb:Query'],
  async look({ deployment: { ledger } }) {
    const pauses = await ledger.pauses();
    if (pauses.length === 0) return answer('No pause is set.', []);
    const said = pauses.map(
      ({ in: part, by, at, reason }) => `${by} has paused Redress${part ? ` in ${part}` : ''} since ${at}: ${reason}`,
    );
    return other('note', said.join(' '), '`redress resume` ends the pause.');
  },
};
