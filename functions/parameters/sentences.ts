import { code, FIX, option, word } from '#shared/control/command.ts';
import type { Verdict } from '#shared/control/control.ts';
import type { Facts } from './facts.ts';
import { labelsAhead, labelsLeft } from './labels.ts';
import { sentenceOf } from './readers.ts';
import { isRecreated } from './stage.ts';

/** The most readers that an alert lists. */
const MOST_READERS = 20;

const rotate = 'Rotate the secret: whoever could read the plaintext may have it.';

/** What is said of a parameter as it stands. */
export const says = {
  /** A SecureString. */
  secure({ name, metadata, value, isOurs, tags, labelled = [] }: Facts): string {
    const what = `It is a SecureString under ${metadata?.KeyId ?? 'its key'}.`;
    if (isOurs === 'no') return what;
    if (value?.version === 1 && isRecreated(tags)) return `${what} ${rotate}`;
    const old = 'Old versions remain readable in its history, plaintext ones included: rotate the secret.';
    return [what, old, ...labelsLeft(name, labelled)].join(' ');
  },

  /** A plaintext one; it names the detectors, never what they found. */
  open({ found, readers }: Facts, type: string): string {
    const byName = found.filter(({ detector }) => detector.startsWith('name:')).map(({ detector }) => detector.slice('name:'.length));
    const byValue = found.filter(({ detector }) => !detector.startsWith('name:')).map(({ detector }) => detector);
    const hits = [
      ...(byName.length > 0 ? [`its name (${byName.join(', ')})`] : []),
      ...(byValue.length > 0 ? [`its value (${byValue.join(', ')})`] : []),
    ];
    const open = `It is a ${type}, and sensitive by ${hits.join(' and ')}.`;
    return readers && readers.is !== 'none' ? `${open} ${sentenceOf(readers)}` : open;
  },
};

/** What is said of one that the config names for Slack, whose value no control reads. */
export function ownSecret({ name, metadata }: Facts): Verdict {
  const whose = 'The configuration names it for Slack, so only the functions for Slack read it.';
  if (metadata?.Type === 'SecureString') return { is: 'compliant', says: `It is a SecureString. ${whose}` };
  return { is: 'violation', says: `It is a ${metadata?.Type}. ${whose}`, advice: [rewriting(name, metadata)] };
}

/** The command keeps what an overwrite would set back, and takes the value from the terminal, so that no history of a shell has it. */
function rewriting(name: string, { Tier, Description, AllowedPattern }: NonNullable<Facts['metadata']> = {}): string {
  const filter = `--parameter-filters ${word(`Key=Name,Values=${name}`)}`;
  const kept = (member: string) => `"$(aws ssm describe-parameters ${filter} --query 'Parameters[0].${member}' --output text)"`;
  const command = [
    `aws ssm put-parameter ${option('name', name)} --type SecureString --overwrite`,
    ...(Tier ? [option('tier', Tier)] : []),
    ...(Description ? [`--description ${kept('Description')}`] : []),
    ...(AllowedPattern ? [`--allowed-pattern ${kept('AllowedPattern')}`] : []),
    '--value "$(cat)"',
  ].join(' ');
  return `Rotate the secret in Slack. Then write the new one, which the command reads until Ctrl-D; history keeps the old one: ${code(command)}`;
}

/** What went wrong with one that Redress wrote, with what a person can do; undefined if nothing did. */
export function mishap({ name, lost, unreadable, isOurs, isRevived }: Facts): { says: string; advice: readonly string[] } | undefined {
  if (lost) {
    return {
      says: `Version ${lost.version} was written while Redress converted the previous one, and its value is not the current one.`,
      advice: [`Version ${lost.version} in its history has the newer value.`],
    };
  }
  if (isRevived) {
    return {
      says: 'Somebody deleted it while Redress converted it, and the conversion created it again, without its tags.',
      advice: [`Delete ${name} again, unless it is still wanted.`],
    };
  }
  if (!unreadable || isOurs !== 'yes') return undefined;
  return {
    says: `Redress wrote it as a SecureString and cannot read it back: ${unreadable}`,
    advice: ['Look at its key and the key’s policy.'],
  };
}

/** What a person can do about a plaintext one. */
export function advice({ problem, doubt, keyAdvice, readers, labelled = [] }: Facts): string[] {
  const who = readers?.is === 'some' ? readers.who : [];
  const more = who.length > MOST_READERS ? ` and ${who.length - MOST_READERS} more` : '';
  return [
    ...(problem ? [`It cannot be converted: ${problem}. Fix that, and run ${FIX}.`] : []),
    ...(doubt ? [`Look first: ${doubt}.`] : []),
    ...(keyAdvice ? [keyAdvice] : []),
    ...(who.length > 0 ? [`First make these read it with WithDecryption: ${who.slice(0, MOST_READERS).join(', ')}${more}.`] : []),
    rotate,
    ...labelsAhead(labelled),
    'Old versions remain readable in its history after a conversion; with `purgeHistory: true` it is recreated without them, once a person approves. The same where AWS refuses to change the type.',
  ];
}

/** What is said, and advised, of one that is being recreated from a staged copy. */
export function staged({ name, value, stages }: Facts): { says: string; advice: readonly string[] } {
  const [stage] = stages;
  const held = `a copy is at ${stage?.name ?? 'an unknown name'}`;
  if (value?.type === 'SecureString') {
    return {
      says: `It is a SecureString again, and ${held}.`,
      advice: ['If their values differ, look at both, keep the right one, and delete the copy.'],
    };
  }
  if (value) return { says: `It is a ${value.type}, to be recreated; ${held}.`, advice: [rotate] };
  if (stage?.deletingAt) return { says: `It was deleted to be recreated; ${held}.`, advice: [] };
  return {
    says: `Somebody else deleted it before it was recreated; ${held}.`,
    advice: [`If ${name} is still wanted, create it again from the copy; then delete the copy.`],
  };
}

/** Why a person has to say yes, whatever the mode. */
export function approvalOf({ value, stages, readers, doubt }: Facts, purgeHistory: boolean): { needsApproval?: string } {
  const reasons = [
    ...(purgeHistory || stages.length > 0
      ? ['it is deleted and recreated, and whoever writes to it meanwhile may lose what they wrote']
      : []),
    ...(value?.type === 'StringList' ? ['a StringList loses its meaning as a list'] : []),
    ...(readers && readers.is !== 'none' ? ['readers may break'] : []),
    ...(doubt ? [doubt] : []),
  ];
  return reasons.length > 0 ? { needsApproval: `It waits for a person: ${reasons.join('; ')}.` } : {};
}
