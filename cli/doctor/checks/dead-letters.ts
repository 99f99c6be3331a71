import { depthOf } from '../../dead-letters.ts';
import { answer, type Check } from '../check.ts';
import { sideBySide } from '../side-by-side.ts';

/** Whether all that came was handled. */
export const deadLetters: Check = {
  id: 'dead-letters',
  asks: 'Was every message handled?',
  needs: ['sqs:GetQueueAttributes'],
  async look({ deployment: { sqs, deadLetterUrls } }) {
    const depths = await sideBySide(deadLetterUrls, async (url) => ({ name: url.split('/').at(-1) ?? url, ...(await depthOf(sqs, url)) }));
    return answer(
      'There are no dead letters.',
      depths.flatMap(({ name, waiting, inFlight, delayed }) => {
        const count = waiting + inFlight + delayed;
        if (count === 0) return [];
        return {
          says: `${name} holds ${count} ${count === 1 ? 'message' : 'messages'} that no function could handle, or that EventBridge could not deliver.`,
          next: '`redress status` says where they came from. Fix the cause, then put them back with `redress redrive`.',
        };
      }),
    );
  },
};
