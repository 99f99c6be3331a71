import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasBlank } from '#shared/control/blank.ts';
import { API_CALL } from '#shared/control/detail-types.ts';
import type { Trigger } from '#shared/control/types.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { changingCalls, settingCalls } from '../../scripts/apis.ts';
import { eventSourceOf } from '../../scripts/scaffold/clients.ts';
import { operationsOf } from '../../scripts/scaffold/shapes.ts';
import { loadSdk, sdkClients } from '../../scripts/sdk.ts';

const root = join(import.meta.dirname, '..', '..');
const clients = await sdkClients(root);
const functions = await discoverFunctions();
const kinds = functions.flatMap(({ id, kinds: its, controls }) => its.map((kind) => ({ name: `${kind.noun} (${id})`, kind, controls })));

/** Calls that CloudTrail names otherwise than the SDK: S3 tells those of an account from those of a bucket. */
const sdkNames: { readonly [recorded: string]: string } = {
  DeleteAccountPublicAccessBlock: 'DeletePublicAccessBlock',
  PutAccountPublicAccessBlock: 'PutPublicAccessBlock',
};

/** All calls of the service that makes a kind. */
async function operationsFor(eventSource: string | undefined) {
  for (const client of clients) {
    if ((await eventSourceOf(root, client)) === eventSource) return operationsOf(await loadSdk(root, client.package));
  }
  throw new Error(`package.json has no client of ${eventSource}`);
}

describe.each(kinds.filter(({ kind }) => kind.is !== 'call'))('$name', ({ kind, controls }) => {
  const source = kind.created[0]?.eventSource;
  const triggers = [...kind.created, ...controls.filter((one) => one.kind === kind).flatMap((one) => one.triggers)];
  // what a service does on its own is no call
  const isCall = ({ eventSource, detailType = API_CALL }: Trigger) => eventSource === source && detailType === API_CALL;
  const watched = new Set(triggers.filter(isCall).flatMap(({ eventNames }) => eventNames));
  const judged = Object.entries(kind.unwatched ?? {}).flatMap(([why, names]) => names.map((name) => ({ why, name })));

  test('judges every call of the SDK that can make or change one', async () => {
    const operations = await operationsFor(source);
    const found =
      kind.is === 'setting'
        ? settingCalls(
            operations,
            kind.reads.map(({ action }) => action.split(':')[1] ?? ''),
          )
        : changingCalls(operations, kind);
    const known = [...watched, ...judged.map(({ name }) => name)];
    const missing = found.filter((name) => !known.includes(name));
    expect(missing, 'make each a trigger, or say in `unwatched` of the kind why it is none').toEqual([]);
    expect(
      known.filter((name) => !operations.has(sdkNames[name] ?? name)),
      'the SDK has no such call',
    ).toEqual([]);
  });

  test('gives one reason for each call that is no trigger', () => {
    const names = judged.map(({ name }) => name);
    expect(
      names.filter((name) => watched.has(name)),
      'a control looks at it',
    ).toEqual([]);
    expect(names).toEqual([...new Set(names)]);
    // with a blank, as a kind that was just begun has it, its controls are off
    for (const { why } of judged) if (!hasBlank(why)) expect(why).toMatch(/^[A-Z].{15,}\.$/);
  });
});
