import type { Mode } from '#shared/control/types.ts';
import { resolveControl } from '#shared/finding/config.ts';
import { controlsOf } from '../../../infra/catalog.ts';
import { answer, type Check, other } from '../check.ts';

const order: readonly Mode[] = ['fix', 'approve', 'observe', 'off'];

/** Whether any control may fix something in this account and Region. */
export const modes: Check = {
  id: 'modes',
  asks: 'Do controls fix, or only report?',
  needs: [],
  async look({ config, functions, account, region }) {
    const all = controlsOf(functions).map((control) => ({ id: control.id, mode: resolveControl(config, control, account, region).mode }));
    const counts = order.map((mode) => `${all.filter((one) => one.mode === mode).length} ${mode}`).join(', ');
    const details = all.map(({ id, mode }) => `${id}: ${mode}`);
    if (all.some(({ mode }) => mode === 'fix' || mode === 'approve'))
      return answer(`The modes of the controls here: ${counts}.`, [], details);
    return other(
      'note',
      `No control fixes anything here: ${counts}.`,
      'Set modes in redress.config.ts, then deploy; `redress controls` lists them.',
      details,
    );
  },
};
