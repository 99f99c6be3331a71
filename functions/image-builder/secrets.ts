import { code, option } from '#shared/control/command.ts';
import type { Verdict } from '#shared/control/control.ts';
import { type FoundInLines, placesText } from '#shared/detect/lines.ts';

/** What is said of a text, by what it is: `component` or `Dockerfile`. */
export function verdictOnText(found: FoundInLines | undefined, what: string, advice: readonly string[]): Verdict {
  if (!found) return { is: 'compliant', says: `AWS shows no text of the ${what}.` };
  if (found.kinds.length === 0) return { is: 'compliant', says: `The text of the ${what} shows no secret.` };
  return {
    is: 'violation',
    says: `The text of the ${what} holds what looks like a secret: ${placesText(found.places)}.`,
    risk: found.kinds.join(' '),
    advice: [
      'Change the secret first: whoever may read the text, and whoever has an image that was built with it, may have it. CloudTrail may show the call that made it.',
      'Keep the new one in Secrets Manager or in a SecureString of Parameter Store, and have the build read it with the role of its instance.',
      ...advice,
    ],
  };
}

/** How an immutable version is replaced. */
export function replaceVersion(what: string, deletion: string, name: string, arn: string): string {
  return `A ${what} cannot be changed: make a new version without the secret, have recipes and pipelines use that, and delete this one: ${code(`aws imagebuilder ${deletion} ${option(name, arn)}`)}.`;
}
