import Table from 'cli-table3';
import pc from 'picocolors';
import wrapAnsi from 'wrap-ansi';
import { jsonLine, plain, plainLines } from '#shared/finding/text.ts';
import type { LocalFinding } from '../findings.ts';
import { listAt, stringAt } from '../json.ts';
import { colourOf } from '../lines.ts';
import type { SlackPost } from '../slack/sink.ts';
import { terminalLines } from '../slack/terminal.ts';
import type { Deed } from './step.ts';

/** What became of one expectation. */
export interface Held {
  readonly says: string;
  readonly isHeld: boolean;
  /** From the start of its step, in seconds. */
  readonly seconds: number;
}

/** What the demo shows as it goes; one for people, one for machines. */
export interface Screen {
  progress(text: string): void;
  step(number: number, title: string): void;
  deed(deed: Deed): void;
  finding(finding: LocalFinding, secondsAfterDeed: number): void;
  held(held: Held): void;
  /** What a command wrote. */
  output(text: string): void;
  /** One message of Slack, as people see it. */
  alert(post: SlackPost): void;
  summary(summary: Summary): void;
}

/** How the demo ended. */
interface Summary {
  readonly expectations: readonly Held[];
  readonly findings: number;
  readonly invocations: { readonly [functionName: string]: number };
  readonly writes: readonly { readonly api: string; readonly count: number }[];
  readonly seconds: number;
}

/** One finding a line on standard output, and a last line with the summary. */
export function jsonScreen(): Screen {
  const put = (value: object): void => void process.stdout.write(`${jsonLine(value)}\n`);
  return {
    progress: (text) => void process.stderr.write(`${plainLines(text)}\n`),
    step: () => undefined,
    deed: () => undefined,
    finding: (finding) => put(finding),
    held: () => undefined,
    output: () => undefined,
    alert: () => undefined,
    summary: (summary) => put({ type: 'summary', isOk: summary.expectations.every(({ isHeld }) => isHeld), ...summary }),
  };
}

/** Draws the demo for a person; colour only on a terminal. */
export function textScreen(): Screen {
  const isTerminal = process.stdout.isTTY === true;
  const c = pc.createColors(isTerminal && pc.isColorSupported);
  const put = (line = ''): void => void process.stdout.write(`${line}\n`);
  const width = Math.min(120, Math.max(60, process.stdout.columns ?? 100));
  const indent = (text: string): void => {
    for (const line of wrapAnsi(text, width - MARGIN, { trim: true }).split('\n')) put(`${' '.repeat(MARGIN)}${line}`);
  };
  return {
    progress: (text) => void process.stderr.write(`${c.dim(`· ${plain(text)}`)}\n`),
    step: (number, title) => put(`\n${c.bold(`${number}  ${title}`)}`),
    deed: ({ who, call, made }) => put(`   ${c.cyan(who.padEnd(9))} ${call.padEnd(34)} ${c.dim(plain(made))}`),
    finding(finding, seconds) {
      const status = stringAt(finding, 'status') ?? '';
      put(
        `   ${c.magenta('Redress')}   ${colourOf(status, c)(status.padEnd(18))}${c.dim(`+${seconds.toFixed(1)} s  ${plain(stringAt(finding, 'control') ?? '')}  ${plain(stringAt(finding, 'resource', 'id') ?? '')}`)}`,
      );
      indent(plain(stringAt(finding, 'says') ?? ''));
      const isDone = status !== 'would-fix' && status !== 'awaiting-approval';
      for (const change of listAt(finding, 'changes'))
        indent(`${isDone ? c.green('sent') : c.yellow('would send')} ${plain(stringAt(change, 'api') ?? '')}`);
      const [advice] = listAt(finding, 'advice');
      const [tool, says] = [stringAt(advice, 'tool'), stringAt(advice, 'says')];
      if (says !== undefined) indent(`${c.yellow('next')} ${tool === undefined ? '' : `${tool}: `}${plain(says)}`);
    },
    held: ({ says, isHeld, seconds }) => put(`   ${isHeld ? c.green('✔') : c.red('✘')} ${says} ${c.dim(`${seconds.toFixed(1)} s`)}`),
    output(text) {
      put();
      for (const line of text.trimEnd().split('\n')) put(`   ${plain(line)}`);
    },
    alert(post) {
      put();
      for (const line of terminalLines(post, c, width - 3)) put(`   ${line}`);
    },
    summary({ expectations, findings, invocations, writes, seconds }) {
      const table = new Table({
        head: ['', 'What had to hold', 'Seconds'],
        colAligns: ['left', 'left', 'right'],
        style: { head: [], border: [] },
        chars: isTerminal ? noRules : { ...ascii, ...noRules },
      });
      for (const { says, isHeld, seconds: took } of expectations) table.push([isHeld ? c.green('✔') : c.red('✘'), says, took.toFixed(1)]);
      const failed = expectations.filter(({ isHeld }) => !isHeld).length;
      put(`\n${table.toString()}`);
      put(
        `${findings} findings · invocations: ${Object.entries(invocations)
          .map(([name, n]) => `${name} ${n}`)
          .join(', ')}`,
      );
      put(`Redress wrote: ${writes.map(({ api, count }) => `${api} ${count}`).join(', ')}`);
      put(
        failed === 0 ? c.green(`Everything held, in ${seconds.toFixed(0)} s.`) : c.red(`${failed} of ${expectations.length} did not hold.`),
      );
    },
  };
}

/** No lines between the rows. */
const noRules = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** Columns before what Redress says. */
const MARGIN = 13;

const ascii = {
  top: '-',
  'top-mid': '+',
  'top-left': '+',
  'top-right': '+',
  bottom: '-',
  'bottom-mid': '+',
  'bottom-left': '+',
  'bottom-right': '+',
  left: '|',
  'left-mid': '+',
  mid: '-',
  'mid-mid': '+',
  right: '|',
  'right-mid': '+',
  middle: '|',
};
