/** An id as a name in code: `volume-encrypted` becomes `volumeEncrypted`. */
export function camel(id: string): string {
  return id.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
}

/** The plural of a word, as AWS's calls have it. */
export function pluralOf(word: string): string {
  if (/[^aeiou]y$/i.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/i.test(word) ? `${word}es` : `${word}s`;
}

/** A name of AWS's in kebab-case: `DBInstance` becomes `db-instance`. */
export function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])/g, '$1$3-$2$4').toLowerCase();
}

/** A name with a small first letter. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A noun in words: `launch-template` becomes `launch template`. */
export function words(noun: string): string {
  return noun.replaceAll('-', ' ');
}

/** A noun with its article. */
export function article(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
