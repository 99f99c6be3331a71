import { InvalidArgumentError } from 'commander';
import { statuses } from '#shared/finding/finding.ts';
import { plain } from '#shared/finding/text.ts';

/** A whole number above 0. */
export function positive(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number === 0 || number > 1e6) throw new InvalidArgumentError('It must be a whole number above 0.');
  return number;
}

/** Statuses, separated by commas. */
export function listOfStatuses(text: string): readonly string[] {
  const names = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const wrong = names.find((one) => !statuses.some((status) => status === one));
  if (wrong !== undefined || names.length === 0)
    throw new InvalidArgumentError(
      `${wrong ? `There is no status ${plain(wrong)}` : 'No status is named'}; there are ${statuses.join(', ')}.`,
    );
  return names;
}
