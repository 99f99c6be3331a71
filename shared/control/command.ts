/** What the engine puts the finding's id in the place of: a control that judges does not know it. */
const FINDING = '{finding}';

/** The command that has a finding fixed, for a control's sentences. */
export const FIX = `\`redress fix ${FINDING}\``;

/** A control's sentence with the finding's id in it. */
export function withFinding(text: string, id: string): string {
  return text.replaceAll(FINDING, id);
}

/** What no shell reads as anything but itself, wherever it stands. */
const isBare = /^[\w/.:@][\w/.:@%+=,-]*$/;
/** What single quotes hold: a backtick would end the code of the sentence around it. */
const isQuotable = /^[\x20-\x5f\x61-\x7e]*$/;

/**
 * A value as one word of a POSIX shell, which no name that somebody chose can leave. It is printable ASCII without a backtick,
 * so that every form in which the command is shown leaves it as it is.
 */
export function word(value: string): string {
  if (isBare.test(value)) return value;
  if (isQuotable.test(value)) return `'${value.replaceAll("'", "'\\''")}'`;
  const octal = [...Buffer.from(value)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return `"$(printf '${octal}')"`;
}

/** An option of the AWS CLI with its value, which may begin with a hyphen too. */
export function option(name: string, value: string): string {
  return `--${name}${value.startsWith('-') ? '=' : ' '}${word(value)}`;
}

/** Commands as the code of a sentence, one after the other. */
export function code(...commands: readonly string[]): string {
  return commands.map((one) => `\`${one}\``).join(', then ');
}
