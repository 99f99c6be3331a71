import { interfaceOf, type Member } from './declarations.ts';
import { type Probe, tagsMember } from './probe.ts';
import { type Sample, sampleOf } from './samples.ts';

/** What a new control judges until its author writes what it is about. */
export interface Subject {
  /** The interface of the items, as the SDK exports it. */
  readonly itemType: string;
  /** The members that an item of a test must have, as code. */
  readonly base: readonly string[];
  /** What is looked at: the Name tag, or a member. */
  readonly is: 'name' | 'member';
  readonly member: string;
  /** The member as it is where it is there, as code. */
  readonly good: string;
  /** The same where it is missing; empty if it may be left out. */
  readonly bad: string;
}

/** Finds something in a kind's items that can be there or not; undefined if they show nothing but their ids. */
export async function subjectOf(root: string, { item, client, ids, id: own }: Probe, id: string): Promise<Subject | undefined> {
  const members = (await interfaceOf(root, client.package, item.name)) ?? [];
  const tags = tagsMember(item);
  const found = tags === undefined ? await firstOther(root, client.package, members, ids) : undefined;
  const member = tags ?? found?.member.name;
  if (member === undefined) return undefined;
  const needed = members.filter(({ name, isOptional }) => !isOptional && name !== member && name !== own);
  const base = [...(own ? [`${own}: '${id}'`] : []), ...needed.map(({ name }) => `${name}: undefined`)];
  const isOptional = members.find(({ name }) => name === member)?.isOptional ?? true;
  if (tags !== undefined) {
    return { itemType: item.name, base, is: 'name', member, good: `${member}: [{ Key: 'Name', Value: 'data' }]`, bad: `${member}: []` };
  }
  const good = `${member}: ${found?.sample.code}`;
  return { itemType: item.name, base, is: 'member', member, good, bad: isOptional ? '' : `${member}: undefined` };
}

async function firstOther(
  root: string,
  packageName: string,
  members: readonly Member[],
  ids: readonly string[],
): Promise<{ readonly member: Member; readonly sample: Sample } | undefined> {
  for (const member of members.filter(({ name }) => !ids.includes(name))) {
    const sample = await sampleOf(root, packageName, member);
    if (sample) return { member, sample };
  }
  return undefined;
}
