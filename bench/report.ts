import { table } from '../cli/draw.ts';
import type { Terminal } from '../cli/terminal.ts';
import { aimsOf, compare, type Measured } from './results.ts';

/** Draws what was measured; milliseconds are this machine's, ratios are what to compare. */
export function report(measured: Measured, { width, paint }: Pick<Terminal, 'width' | 'paint'>): string {
  const { cold, warm, creations, rounds } = measured;
  const draw = (heads: readonly string[], rows: readonly (readonly string[])[]): string => table(heads, rows, { width, paint });
  const part = (of: string, to: string) => compare(cold).find((one) => one.function === of && one.to === to);
  const beside = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(value < 10 ? 2 : 0));
  const title = (text: string): string => paint.bold(paint.cyan(text));
  return [
    `Node ${process.version}, medians of ${rounds.cold} cold starts and ${rounds.warm} warm batches each, interleaved. Times are this machine's.`,
    '',
    title("Cold start: Redress's bundle beside others of the same handler, as parts of their time"),
    draw(
      ['function', 'bundle', 'KB', 'import ms', 'ratio', '+ first event ms', 'ratio', 'process ms', 'ratio'],
      cold.map(({ variant, importMs, firstMs, processMs }) => {
        const ratio = part(variant.function, variant.name);
        return [
          variant.function,
          variant.name,
          Math.round(variant.bytes / 1024).toString(),
          importMs.toFixed(1),
          beside(ratio?.import),
          firstMs.toFixed(1),
          beside(ratio?.firstEvent),
          processMs.toFixed(1),
          beside(ratio?.process),
        ];
      }),
    ),
    '',
    title('Warm: time and AWS calls per event, AWS answering at once'),
    draw(
      ['scenario', 'batch', 'ms', 'reads', 'ledger', 'writes', 'queue', 'reports'],
      warm.map(({ scenario, size, msPerEvent, calls }) => [
        scenario,
        String(size),
        msPerEvent.toFixed(2),
        ...[calls.read, calls.ledger, calls.write, calls.queue, calls.tell].map((count) => String(Number((count / size).toFixed(2)))),
      ]),
    ),
    '',
    title('Invocations'),
    draw(
      ['made in the local cloud', 'calls', 'invocations'],
      creations.map((one) => [one.title, String(one.calls), String(one.invocations)]),
    ),
    '',
    title('Aims'),
    draw(
      ['aim', 'at most', 'measured', ''],
      aimsOf(measured).map(({ says, atMost, value, isMet }) => [
        says,
        String(atMost),
        String(value),
        isMet ? paint.green('met') : paint.yellow('not met'),
      ]),
    ),
  ].join('\n');
}
