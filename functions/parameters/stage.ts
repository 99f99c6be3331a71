import { createHash } from 'node:crypto';
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  LabelParameterVersionCommand,
  type ParameterMetadata,
  PutParameterCommand,
  type Tag,
} from '@aws-sdk/client-ssm';
import { isByFunction } from '#shared/aws/ours.ts';
import type { Change, Context, Loader, Plan, Reader } from '#shared/control/control.ts';
import type { Secret } from '#shared/control/secret.ts';
import { decryptedByName, isGone, parametersWhere, tagsOf, type Value } from './parameters.ts';

/** The reserved path of staged copies: `/redress/stage/<hash of the name>/<version>-<time of its writing>`, which no other copy ever has. */
export const STAGE = '/redress/stage';
/** Tags of a staged copy: whose copy it is, its type, its labels, and when the deletion of the original began. */
const STAGE_OF = 'redress:stage-of';
const TYPE = 'redress:type';
const LABELS = 'redress:labels-';
const DELETING = 'redress:deleting';
/** The tag on a recreated parameter: the version at which its history was cut. */
const RECREATED = 'redress:recreated';

/** AWS asks for at least 30 s between a deletion and the same name's next use (API reference of DeleteParameter). */
const GAP_SECONDS = 35;
const MOST_TAGS = 50;
const LONGEST_TAG = 256;

/** A staged copy of a parameter: value, settings and tags are the original's, and the marker tags say the rest. */
export interface Staged {
  readonly name: string;
  /** The original's version that was copied. */
  readonly version: number;
  readonly metadata: ParameterMetadata;
  readonly tags: readonly Tag[];
  readonly labels: readonly string[];
  /** When the deletion of the original began; undefined before that. */
  readonly deletingAt: Date | undefined;
  readonly secret: Secret;
}

/** What the staged way works on. */
export interface Original {
  readonly name: string;
  readonly metadata: ParameterMetadata | undefined;
  /** As it is stored; decrypted where it is a SecureString. */
  readonly value: Value | undefined;
  readonly labels: readonly string[];
  readonly tags: readonly Tag[];
  /** Whether the two reads of it show one version: after a write they may not. */
  readonly isSettled: boolean;
  /** Copies found, the one to go on with first. */
  readonly stages: readonly Staged[];
}

/** All staged copies of the account, by the folder that a parameter's name makes; one call for a whole batch. */
const stagesByFolder: Loader<readonly ParameterMetadata[]> = {
  name: 'staged copies',
  max: 1000,
  load: async (_folders, read) => {
    const all = await parametersWhere([{ Key: 'Path', Option: 'Recursive', Values: [STAGE] }], read);
    return Map.groupBy(all, ({ Name = '' }) => Name.slice(0, Name.lastIndexOf('/')));
  },
};

/** The staged copies of a parameter that Redress made; anybody else's are not believed. */
export async function stagesOf(name: string, read: Reader, context: Context): Promise<Staged[]> {
  const folder = folderOf(name);
  const found = (await read.many(stagesByFolder, [folder])).get(folder) ?? [];
  const own = found.filter((one) => one.Type === 'SecureString' && isByFunction(one.LastModifiedUser, 'parameters', context) !== 'no');
  const stages = await Promise.all(own.map((metadata) => stageOf(name, metadata, read)));
  return stages
    .filter((stage) => stage !== undefined)
    .sort((a, b) => Number(b.deletingAt !== undefined) - Number(a.deletingAt !== undefined) || b.version - a.version);
}

/** The originals of every staged copy, for the sweep: one that was deleted shows nowhere else. */
export async function originalsOfStages(read: Reader): Promise<string[]> {
  const all = await parametersWhere([{ Key: 'Path', Option: 'Recursive', Values: [STAGE] }], read);
  const originalOf = async (copy: string): Promise<string | undefined> => {
    try {
      return tag(await tagsOf(copy, read), STAGE_OF);
    } catch (error) {
      // removed meanwhile, since its parameter is back
      if (isGone(error)) return undefined;
      throw error;
    }
  };
  const names = await Promise.all(all.map(({ Name = '' }) => originalOf(Name)));
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** Why a parameter cannot be staged; undefined if it can. */
export function obstacleToStage(name: string, tags: readonly Tag[]): string | undefined {
  if (name.length > LONGEST_TAG) return `its name is longer than the ${LONGEST_TAG} characters of a tag`;
  if (tags.some(({ Key }) => Key?.startsWith('aws:'))) return 'it has tags of AWS’s own, which nobody can write again';
  return tags.length > MOST_TAGS - 8 ? 'it has too many tags for the copy’s own beside them' : undefined;
}

/** The next step of the staged way, from whatever state a crash has left; AWS alone shows the state. */
export function nextStep(original: Original, keyId: string, now: Date): Plan {
  const { name, metadata, value, stages } = original;
  const [stage, ...others] = stages;
  if (!stage) return { changes: metadata && value ? [copy(original, metadata, value, keyId)] : [], later };
  if (others.length > 0) return { changes: others.map((one) => remove(one, 'It is a copy of another version.')), later };
  if (!value) return recreation(name, stage, keyId, now);
  if (value.type !== 'SecureString') {
    // a version that is not visible yet in one of the reads must not be deleted unseen
    if (!original.isSettled) return { changes: [], later, again: { afterSeconds: 2, why: 'reads of it disagree' } };
    const isSame = value.version === stage.version && value.secret.equals(stage.secret);
    // somebody wrote meanwhile, or created the name again: theirs is the newer value
    if (!isSame) return { changes: [remove(stage, 'The parameter was written to since.')], later };
    const added = addedSince(stage, original);
    if (added.length > 0) return { changes: [retag(stage, added, 'Give the copy what was added to the parameter since.')], later };
    const since = stage.deletingAt ? secondsBetween(stage.deletingAt, now) : GAP_SECONDS;
    if (since < GAP_SECONDS) return { changes: [], later, again: { afterSeconds: 5, why: 'its deletion is on its way' } };
    return {
      changes: [
        markDeletion(stage, now),
        { command: new DeleteParameterCommand({ Name: name }), says: `Delete ${name}, whose value the copy holds.` },
      ],
      later,
    };
  }
  if (!value.secret.equals(stage.secret) && value.version === 1 && isRecreated(original.tags)) return { changes: [] };
  const missing = value.secret.equals(stage.secret) ? stage.labels.filter((label) => !original.labels.includes(label)) : [];
  if (missing.length > 0 && value.version === 1) {
    const command = new LabelParameterVersionCommand({ Name: name, ParameterVersion: value.version, Labels: missing });
    return { changes: [{ command, says: `Give ${name} its labels again.` }], later };
  }
  return { changes: [remove(stage, 'The parameter is back.')], later };
}

/** The tags, labels among them, that a copy lacks: they make no new version, and would go with the parameter. */
function addedSince(stage: Staged, { tags, labels }: Original): Tag[] {
  const added = ownTags(tags).filter(({ Key = '', Value }) => tag(stage.tags, Key) !== Value);
  return [...added, ...(labels.every((label) => stage.labels.includes(label)) ? [] : labelTags(labels))];
}

const later: Plan['later'] & object = [
  { api: 'ssm:AddTagsToResource', says: 'Mark the copy with the time at which the deletion begins.' },
  { api: 'ssm:DeleteParameter', says: 'Delete the parameter with its history, and the copy once the parameter is back.' },
  { api: 'ssm:PutParameter', says: `Recreate it as a SecureString, ${GAP_SECONDS} s later, with its tags and policies.` },
  { api: 'ssm:LabelParameterVersion', says: 'Give it its labels again.' },
];

function copy({ name, labels, tags }: Original, metadata: ParameterMetadata, value: Value, keyId: string): Change {
  const command = new PutParameterCommand({
    ...settingsOf(metadata),
    Name: `${folderOf(name)}/${value.version}-${metadata.LastModifiedDate?.getTime() ?? 0}`,
    Value: value.secret.reference(),
    Type: 'SecureString',
    KeyId: keyId,
    Tags: [...ownTags(tags), { Key: STAGE_OF, Value: name }, { Key: TYPE, Value: value.type }, ...labelTags(labels)],
  });
  return { command, says: `Copy ${name} to a SecureString under ${STAGE}, with its tags, policies and labels.`, repeats: ['Tags'] };
}

function recreation(name: string, stage: Staged, keyId: string, now: Date): Plan {
  // without the mark it was somebody else who deleted it: the copy stays for a person to decide
  if (!stage.deletingAt) return { changes: [] };
  const since = secondsBetween(stage.deletingAt, now);
  if (since < GAP_SECONDS)
    return {
      changes: [],
      later,
      again: { afterSeconds: Math.ceil(GAP_SECONDS - since), why: 'AWS asks for 30 s before a deleted name is used again' },
    };
  const command = new PutParameterCommand({
    ...settingsOf(stage.metadata),
    Name: name,
    Value: stage.secret.reference(),
    Type: 'SecureString',
    KeyId: keyId,
    Tags: [...ownTags(stage.tags), { Key: RECREATED, Value: `version ${stage.version}` }],
  });
  return { changes: [{ command, says: `Recreate ${name} as a SecureString from its copy, with its tags and policies.` }], later };
}

function markDeletion(stage: Staged, now: Date): Change {
  return retag(stage, [{ Key: DELETING, Value: now.toISOString() }], 'Mark the copy with the time at which the deletion begins.');
}

function retag({ name }: Staged, Tags: Tag[], says: string): Change {
  return { command: new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: name, Tags }), says };
}

function remove({ name }: Staged, why: string): Change {
  return { command: new DeleteParameterCommand({ Name: name }), says: `Delete the copy ${name}. ${why}` };
}

/** Whether Redress created a parameter again: it carries the mark from the start, and nobody else's does. */
export function isRecreated(tags: readonly Tag[]): boolean {
  return tag(tags, RECREATED) !== undefined;
}

/** What a parameter keeps when it is written: all that is not sent could fall back to a default. */
export function settingsOf(
  { Tier, Description, AllowedPattern, DataType, Policies }: ParameterMetadata,
  policiesAre: 'sent' | 'kept if not sent' = 'sent',
) {
  const policies = policiesAre === 'sent' ? (Policies ?? []).flatMap(({ PolicyText }) => PolicyText ?? []) : [];
  return {
    ...(Tier && { Tier }),
    ...(Description && { Description }),
    ...(AllowedPattern && { AllowedPattern }),
    ...(DataType && { DataType }),
    ...(policies.length > 0 && { Policies: `[${policies.join(',')}]` }),
  };
}

async function stageOf(name: string, metadata: ParameterMetadata, read: Reader): Promise<Staged | undefined> {
  const stageName = metadata.Name ?? '';
  const tags = await tagsOf(stageName, read);
  const value = (await read.many(decryptedByName, [stageName])).get(stageName);
  if (tag(tags, STAGE_OF) !== name || !value) return undefined;
  const labels = tags.filter(({ Key }) => Key?.startsWith(LABELS)).flatMap(({ Value = '' }) => Value.split(' ').filter(Boolean));
  const deleting = tag(tags, DELETING);
  const version = Number.parseInt(stageName.slice(stageName.lastIndexOf('/') + 1), 10);
  return { name: stageName, version, metadata, tags, labels, deletingAt: deleting ? new Date(deleting) : undefined, secret: value.secret };
}

/** Ten labels of a hundred characters, packed into tags of 256. */
function labelTags(labels: readonly string[]): Tag[] {
  const packed: string[] = [];
  for (const label of labels) {
    const last = packed.at(-1);
    if (last !== undefined && last.length + label.length < LONGEST_TAG) packed[packed.length - 1] = `${last} ${label}`;
    else packed.push(label);
  }
  return packed.map((Value, n) => ({ Key: `${LABELS}${n + 1}`, Value }));
}

function ownTags(tags: readonly Tag[]): Tag[] {
  return tags.filter(({ Key }) => Key && !/^(aws|redress):/.test(Key));
}

function folderOf(name: string): string {
  return `${STAGE}/${createHash('sha256').update(name).digest('hex').slice(0, 24)}`;
}

function tag(tags: readonly Tag[], key: string): string | undefined {
  return tags.find(({ Key }) => Key === key)?.Value;
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}
