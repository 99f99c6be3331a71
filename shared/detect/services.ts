import { isFilled } from './entropy.ts';
import { expressionOf } from './facts/compile.ts';
import { type Fact, facts } from './facts/facts.ts';
import { wordsOf } from './names.ts';
import { isPlaceholder } from './placeholders.ts';
import { isPublicName } from './public.ts';

/** Keys that look like many other things, until the name of their service stands beside them. */
const besideFacts = facts.filter(({ beside }) => beside.length > 0);

/** Names of services as they may stand in a text, where words are written together. */
const services = [...new Set(besideFacts.flatMap(({ beside }) => beside.map((name) => name.split(' ')[0] ?? name)))];

/** Words one of which says that a service's value is a key, and not the name or number of something there. */
const keyish = / (?:api|apikey|keys?|token|secret|auth|pass|password|cred|creds|credentials|access|private|admin|login|pat|pw|pwd) /;

/** A name and the value beside it; only looked at, so that the next name is tried too. */
const pair =
  /(?<![\w.-])(?=["'`]?([A-Za-z][\w.-]{1,60})\\?["'`]?\s{0,4}(?:=>|:=|[:=,])\s{0,4}\\?["'`]?([A-Za-z0-9][\w+/=.:-]{14,120})(?![A-Za-z0-9]))["'`]?[A-Za-z]/g;

/** The detectors of keys in a text that the names of their services beside them give away. */
export function serviceKeysIn(text: string): readonly string[] {
  const small = text.toLowerCase();
  if (!services.some((service) => small.includes(service))) return [];
  return [...text.matchAll(pair)].flatMap(([, name = '', value = '']) => serviceKey(name, value) ?? []);
}

/** The detector of a value that is the key of a service which its name (or the path of a parameter) says. */
export function serviceKey(name: string, value: string): string | undefined {
  const words = ` ${wordsOf(name).join(' ')} `;
  const last = ` ${wordsOf(name.slice(name.lastIndexOf('/') + 1)).join(' ')} `;
  const says = (service: string): boolean => {
    const rest = last.replace(` ${service} `, ' ');
    return keyish.test(rest) && !isPublicName(rest);
  };
  return besideFacts.find(
    ({ beside, isAlone, ...fact }) =>
      beside.some((service) => words.includes(` ${service} `) && (isAlone || says(service))) && fits(fact, value),
  )?.detector;
}

function fits({ forms, floor }: Pick<Fact, 'forms' | 'floor'>, value: string): boolean {
  return forms.some((form) => expression(form).test(value)) && /\d/.test(value) && isFilled(value, floor) && !isPlaceholder(value);
}

const expressions = new Map<string, RegExp>();

/** Made when it is first needed. */
function expression(form: string): RegExp {
  const made = expressions.get(form) ?? new RegExp(`^${expressionOf(form)}$`);
  expressions.set(form, made);
  return made;
}
