import { isFilled } from './entropy.ts';
import { expressionOf } from './facts/compile.ts';
import { type Fact, facts } from './facts/facts.ts';
import { wordsOf } from './names.ts';
import { isPlaceholder } from './placeholders.ts';
import { isPublicName } from './public.ts';

/** Keys that look like many other things, until the name of their service stands beside them. */
const besideFacts = facts.filter(({ beside }) => beside.length > 0);

/** By the first word of a service's name, what is known of its keys. */
const byWord = Map.groupBy(
  besideFacts.flatMap((fact) => fact.beside.map((service) => ({ service, fact }))),
  ({ service }) => service.split(' ')[0] ?? '',
);

/** Words one of which says that a service's value is a key, and not the name or number of something there. */
const keyish = / (?:api|apikey|keys?|token|secret|auth|pass|password|cred|creds|credentials|access|private|admin|login|pat|pw|pwd) /;

/** A name and the value beside it; only looked at, so that the next name is tried too. */
const pair =
  /(?<![\w.-])(?=["'`]?([A-Za-z][\w.-]{1,60})\\?["'`]?\s{0,4}(?:=>|:=|[:=,])\s{0,4}\\?["'`]?([A-Za-z0-9][\w+/=.:-]{14,120})(?![A-Za-z0-9]))["'`]?[A-Za-z]/g;

/** The detectors of keys in a text that the names of their services beside them give away. */
export function serviceKeysIn(text: string): readonly string[] {
  const small = text.toLowerCase();
  if (![...byWord.keys()].some((word) => small.includes(word))) return [];
  const known = new Map<string, readonly Fact[]>();
  return [...text.matchAll(pair)].flatMap(([, name = '', value = '']) => {
    const about = known.get(name) ?? factsOf(name);
    known.set(name, about);
    return about.find((fact) => fits(fact, value))?.detector ?? [];
  });
}

/** The detector of a value that is the key of a service which its name (or the path of a parameter) says. */
export function serviceKey(name: string, value: string): string | undefined {
  return factsOf(name).find((fact) => fits(fact, value))?.detector;
}

/** What is known of the services that a name says, where it says of a key. */
function factsOf(name: string): readonly Fact[] {
  const words = wordsOf(name);
  const found = words.flatMap((word) => byWord.get(word) ?? []).filter(({ service }) => ` ${words.join(' ')} `.includes(` ${service} `));
  if (found.length === 0) return [];
  const last = ` ${wordsOf(name.slice(name.lastIndexOf('/') + 1)).join(' ')} `;
  const says = (service: string): boolean => {
    const rest = last.replace(` ${service} `, ' ');
    return keyish.test(rest) && !isPublicName(rest);
  };
  return found.filter(({ service, fact }) => fact.isAlone || says(service)).map(({ fact }) => fact);
}

function fits({ forms, floor }: Fact, value: string): boolean {
  return /\d/.test(value) && forms.some((form) => expression(form).test(value)) && isFilled(value, floor) && !isPlaceholder(value);
}

const expressions = new Map<string, RegExp>();

/** Made when it is first needed. */
function expression(form: string): RegExp {
  const made = expressions.get(form) ?? new RegExp(`^${expressionOf(form)}$`);
  expressions.set(form, made);
  return made;
}
