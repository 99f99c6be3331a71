import { code, option } from '#shared/control/command.ts';
import type { Secret } from '#shared/control/secret.ts';
import type { Version } from './parameters.ts';

/** A plaintext version that labels name: who reads `name:label` gets it, whatever type the newest version has. */
export interface Labelled {
  readonly version: number;
  readonly labels: readonly string[];
  /** Whether the newest version has the same value, so that a label can move there. */
  readonly isSame: boolean;
}

/** The plaintext versions of a history that carry labels. */
export function labelledIn(history: readonly Version[], newest: Secret): Labelled[] {
  return history.flatMap(({ version, type, labels, secret }) =>
    type === 'SecureString' || labels.length === 0 ? [] : [{ version, labels: labels.toSorted(), isSame: secret.equals(newest) }],
  );
}

/** What a conversion does not change, in a sentence each: labels stay with the version that they name. */
export function labelsAhead(labelled: readonly Labelled[]): string[] {
  return labelled.map(
    ({ version, labels }) => `After a conversion in place, ${named(labels)} of version ${version} still ${answers(labels)} as plaintext.`,
  );
}

/** What still answers as plaintext after a conversion, with the command that ends it. */
export function labelsLeft(name: string, labelled: readonly Labelled[]): string[] {
  return labelled.map(({ version, labels, isSame }) => {
    const left = `${named(labels, true)} of version ${version} still ${answers(labels)} as plaintext`;
    const options = `${option('name', name)} --labels ${labels.join(' ')}`;
    // AWS puts it on the newest version where none is named, and takes it from the other
    if (isSame)
      return `${left}; move ${it(labels)} to the newest version, whose value is the same: ${code(`aws ssm label-parameter-version ${options}`)}`;
    const remove = `aws ssm unlabel-parameter-version ${option('name', name)} --parameter-version ${version} --labels ${labels.join(' ')}`;
    return `${left}, of another value; whoever reads by ${it(labels)} gets nothing once you remove ${it(labels)}: ${code(remove)}`;
  });
}

function named(labels: readonly string[], isFirst = false): string {
  const noun = labels.length > 1 ? 'labels' : 'label';
  return `${isFirst ? 'The' : 'the'} ${noun} ${labels.join(' and ')}`;
}

function answers(labels: readonly string[]): string {
  return labels.length > 1 ? 'answer' : 'answers';
}

function it(labels: readonly string[]): string {
  return labels.length > 1 ? 'them' : 'it';
}
