import { table } from '../../cli/draw.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { ReplayResult } from './measure.ts';

/** Draws how fast a replay was; an aim that is missed is yellow. */
export function replayReport(results: readonly ReplayResult[], { width, paint }: Pick<Terminal, 'width' | 'paint'>): string {
  const judged = (isMet: boolean, text: string): string => (isMet ? paint.green(text) : paint.yellow(text));
  return table(
    ['layout', 'files', 'records', 'a second', '× parsing, aim 2.0', '× unpacking, aim 0.55', 'MB, aim 300', 'MB with --html'],
    results.map(({ layout, files, records, recordsASecond, besideParsing, besideUnpacking, peakMb, peakMbWithPage }) => [
      layout,
      String(files),
      String(records),
      String(recordsASecond),
      judged(besideParsing >= 2, besideParsing.toFixed(2)),
      judged(besideUnpacking >= 0.55, besideUnpacking.toFixed(2)),
      judged(peakMb < 300, String(peakMb)),
      String(peakMbWithPage),
    ]),
    { width, paint },
  );
}
