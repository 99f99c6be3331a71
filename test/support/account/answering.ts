import { actionOf } from '#shared/aws/actions.ts';
import type { World } from '../harness.ts';

/** What AWS answers to each call, by its action. */
type Answers = { readonly [action: string]: (input: never) => object | undefined };

/** A world of such answers. */
export interface Answering extends World {
  /** Called before each call is answered: what goes wrong, or changes, meanwhile. */
  meanwhile: (action: string, input: object) => void;
}

/** A world that answers these calls, and no others. */
export function answering(answers: Answers): Answering {
  const world: Answering = {
    meanwhile: () => undefined,
    async send(command) {
      const action = actionOf(command);
      world.meanwhile(action, command.input);
      const answer = answers[action];
      if (!answer) throw new Error(`this world knows no ${action}`);
      return structuredClone(answer(command.input as never) ?? {});
    },
  };
  return world;
}
