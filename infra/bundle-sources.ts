import type { Plugin } from 'rolldown';

/** The last column of a row of facts: detector, names beside the key, form, floor, source. */
const COLUMN = /^([\w-]+ \| .* \| .* \| [\d.]+) \| [^|\n]+$/gm;
/** A string that is an address, with a note behind it now and then. */
const ADDRESS = /(['"])https:\/\/[^'"\n]+\1/g;

/** What detection knows, without where each fact is from: that is for people and tests, and was 17 KB of each bundle. */
function withoutSources(code: string): string {
  return code.replace(COLUMN, '$1').replace(ADDRESS, "''");
}

/** Leaves in the repository where the facts of detection are from. */
export const noSources: Plugin = {
  name: 'no-sources',
  transform: { filter: { id: /[\\/]shared[\\/]detect[\\/]/ }, handler: withoutSources },
};
