import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyKind } from '#shared/control/kind.ts';
import { discoverFunctions, type Found, type LocatedFunction } from '../../infra/catalog.ts';
import { ScaffoldError } from './error.ts';

/** What an author asks for. */
export interface Options {
  /** Whether the kind is made too. */
  readonly isNewKind?: boolean;
  /** What the kind is of; absent means a resource. */
  readonly is?: AnyKind['is'];
  /** CloudFormation's type of the resource, where the id's words name several. */
  readonly type?: string | undefined;
  /** The call that reads a setting, such as `ec2:GetEbsEncryptionByDefault`. */
  readonly reads?: string | undefined;
}

/** A request whose names are good. */
export interface Request {
  readonly id: string;
  /** Where the control goes, relative to the root, such as `functions/account/trails`. */
  readonly folder: string;
  /** The kind that is there; undefined if it is to be made. */
  readonly kind: Found<AnyKind> | undefined;
}

/** Words that name the bad state, or none: a control is named for what it wants, and `no-secrets` is a good state. */
const notAState = /-(not|no(?!-secrets$)|without|missing|bad|invalid|insecure|un[a-z]+)(-|$)/;

/**
 * Checks what is asked for; throws `ScaffoldError`.
 * @param name function and id, such as `volumes/volume-iops`, or with the kind's folder between them
 */
export async function checkedRequest(root: string, name: string, { isNewKind = false }: Options): Promise<Request> {
  const parts = name.split('/');
  const [fn = '', id = '', folder] = parts.length === 3 ? [parts[0], parts[2], parts[1]] : [parts[0], parts[1]];
  const folders = [fn, ...(folder === undefined ? [] : [folder])];
  if (parts.length > 3 || folders.some((one) => !/^[a-z]+[a-z0-9]*(-[a-z0-9]+)*$/.test(one))) {
    throw new ScaffoldError(
      `${name}: give the function and the control, such as volumes/volume-iops, or the folder of the kind between them, such as account/trails/trail-logging`,
    );
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id)) {
    throw new ScaffoldError(
      `${id || name}: a control is named for its resource and the state it wants, in kebab-case, such as volume-encrypted`,
    );
  }
  if (notAState.test(id)) throw new ScaffoldError(`${id}: name the good state, such as volume-encrypted, not what is wrong`);
  const functions = await discoverFunctions(join(root, 'functions'));
  const twin = functions.find(({ controls }) => controls.some((control) => control.id === id));
  if (twin) throw new ScaffoldError(`${id} is a control of ${twin.id} already; give the new one another name`);
  const there = functions.find((one) => one.id === fn);
  const path = ['functions', ...folders].join('/');
  if (isNewKind) {
    await refuseFolder(root, path, folder === undefined ? there : undefined);
    return { id, folder: path, kind: undefined };
  }
  if (!there) {
    const known = functions.map((one) => one.id).join(', ');
    throw new ScaffoldError(`there is no function ${fn}; there are ${known}. With --new-kind it is made, with its first kind.`);
  }
  const kind = kindFor(there, id, folder);
  return { id, folder: ['functions', fn, ...kind.path.split('/').slice(0, -1)].join('/'), kind };
}

/** Refuses what is there already: the scaffold overwrites nothing. */
export async function refuseFiles(root: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (await exists(join(root, path)))
      throw new ScaffoldError(`${path} is there already; nothing was written. Give another name, or remove the file.`);
  }
}

async function refuseFolder(root: string, path: string, there: LocatedFunction | undefined): Promise<void> {
  if (there) {
    throw new ScaffoldError(
      `${path} is there already: leave --new-kind out for a control of ${there.kinds.map(({ noun }) => noun).join(' or ')}, or give the new kind a folder, as in ${there.id}/widgets/widget-round`,
    );
  }
  if (await exists(join(root, path))) throw new ScaffoldError(`${path} is there already: leave --new-kind out, or take another name`);
}

/** The kind of a function whose noun the id begins with; of several, the longest. */
function kindFor({ id: fn, located }: LocatedFunction, id: string, folder: string | undefined): Found<AnyKind> {
  const here = located.kinds.filter(({ path }) => folder === undefined || path === `${folder}/kind.ts`);
  // a setting or a call is found by its folder too: its controls need not be named for it
  const fits = ({ thing }: Found<AnyKind>) => `${id}-`.startsWith(`${thing.noun}-`) || (folder !== undefined && thing.is !== 'resource');
  const [first] = here.filter(fits).toSorted((a, b) => b.thing.noun.length - a.thing.noun.length);
  const nouns = located.kinds.map(({ thing }) => thing.noun).join(', ');
  if (!first) {
    throw new ScaffoldError(
      `${id}: no kind of functions/${fn}${folder === undefined ? '' : `/${folder}`} has this resource; an id begins with the noun of its kind, and there are ${nouns}. With --new-kind and a folder for it, as in ${fn}/widgets/widget-round, a kind is made.`,
    );
  }
  return first;
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
