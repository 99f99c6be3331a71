import { answer, type Check, other } from '../check.ts';

/** Whether a person has stopped all fixes. */
export const pause: Check = {
  id: 'pause',
  asks: 'May fixes begin?',
  needs: ['dynamodb:GetItem'],
  async look({ deployment: { ledger } }) {
    const paused = await ledger.paused();
    if (!paused) return answer('No pause is set.', []);
    return other('note', `${paused.by} has paused Redress since ${paused.at}: ${paused.reason}`, '`redress resume` ends the pause.');
  },
};
