import { table } from '../../cli/draw.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { ReplayResult } from './measure.ts';

/** Draws how fast a replay was; an aim that is missed is yellow. */
export function replayReport(results: readonly ReplayResult[], { width, paint }: Pick<Terminal, 'width' | 'paint'>): string {
  const judged = (isMet: boolean, text: string): string => (isMet ? paint.green(text) : paint.yellow(text));
  const [first] = results;
  const drawn = table(
    ['layout', 'files', 'a second', '× parsing, aim 2.0', '× unpacking, aim 0.55', 'of CPU', 'MB, aim 300', 'MB with --html'],
    results.map((one) => [
      one.layout,
      String(one.files),
      String(one.recordsASecond),
      judged(one.besideParsing >= 2, one.besideParsing.toFixed(2)),
      judged(one.besideUnpacking >= 0.55, one.besideUnpacking.toFixed(2)),
      `${one.cpuBesideParsing.toFixed(2)} and ${one.cpuBesideUnpacking.toFixed(2)}`,
      judged(one.peakMb < 300, String(one.peakMb)),
      judged(one.peakMbWithPage < 300, String(one.peakMbWithPage)),
    ]),
    { width, paint },
  );
  return first ? `${drawn}\n${first.records} records: ${first.mix}; ${first.parsed} were parsed, ${first.matches} matched.` : drawn;
}
