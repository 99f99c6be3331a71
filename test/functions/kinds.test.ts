import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { operationOf } from '#shared/aws/actions.ts';
import type { AnyKind } from '#shared/control/kind.ts';
import { parseMessage } from '#shared/finding/message.ts';
import { discoverFunctions, functionsFolder } from '../../infra/catalog.ts';
import { creationOf, dana, messageFor } from '../fixtures/events.ts';
import { place } from '../support/harness.ts';
import { securityHubTypes } from '../support/security-hub.ts';

const functions = await discoverFunctions();
const kinds = functions.flatMap(({ id, kinds: its, controls }) =>
  its.map((kind) => ({ name: `${kind.noun} (${id})`, id, kind, controls })),
);

/** An id as AWS's API takes it, of each kind; a call is found by its caller and day. */
const idOf = ({ is, noun }: AnyKind) => ({ resource: `${noun}-0a1b2c3d`, setting: place.account, call: `${dana.arn} on 2026-11-21` })[is];

describe.each(kinds)('$name', ({ id: fn, kind, controls }) => {
  const id = idOf(kind);

  test('has an ARN that parses', () => {
    const arn = kind.arnOf(id, place);
    expect(arn).toMatch(/^arn:aws:[a-z0-9-]+:([a-z0-9-]*):(\d{12})?:\S+$/);
    expect(arn).toContain(kind.is === 'call' ? dana.arn : id);
    expect(arn).not.toMatch(/[{}]/);
    expect(kind.arnOf(arn, place)).toBe(arn);
  });

  test('has a page in the console, and a name in Security Hub', () => {
    expect(kind.console).toMatch(/^\/[\w-]+\/\S*$/);
    expect(kind.console.replace(/\{(id|region|account)\}/g, '')).not.toMatch(/[{}]/);
    expect(securityHubTypes).toContain(kind.securityHub);
  });

  test('has a client for every permission of its controls', async () => {
    const source = await readFile(join(functionsFolder, fn, 'generated.ts'), 'utf8');
    const clients = [...source.matchAll(/^ {2}(\w+): /gm)].map(([, service]) => service);
    const own = controls
      .filter((control) => control.kind === kind)
      .flatMap(({ permissions }) => [...permissions.reads, ...permissions.writes]);
    const names: { readonly [prefix: string]: string } = { events: 'eventbridge', logs: 'cloudwatchlogs' };
    const needed = own.filter(({ impliedBy }) => impliedBy === undefined).map(({ action }) => operationOf(action).split(':')[0] ?? '');
    // what is known of a call is its record
    expect(own.length > 0).toBe(kind.is !== 'call');
    for (const prefix of needed) expect(clients).toContain(names[prefix] ?? prefix);
  });

  test('has a created event whose targets give the id back', () => {
    const { eventSource, eventName } = kind.example(id);
    const event = creationOf(kind, id);
    const { occasion } = parseMessage(JSON.stringify(messageFor('any', event)));
    if (occasion.is !== 'call') throw new Error('the example is no call');
    expect(kind.targets(occasion.record, place)).toContainEqual({ type: kind.type, id });
    expect(kind.created.some((one) => one.eventSource === eventSource && [...one.eventNames, ''].includes(eventName))).toBe(true);
  });
});

test('no two kinds of resources have one type', () => {
  const types = kinds.filter(({ kind }) => kind.is === 'resource').map(({ kind }) => kind.type);
  expect(new Set(types).size).toBe(types.length);
  expect(types.length).toBeGreaterThan(5);
});
