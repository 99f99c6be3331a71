import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { actorOf } from '#shared/control/actor.ts';
import { parseMessage } from '#shared/finding/message.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { attachVolume, callEvent, createVolume, ebsSetting, messageFor, runInstances } from '../fixtures/events.ts';
import { place } from '../support/harness.ts';

const all = controlsOf(await discoverFunctions());

/** Real records, where the checkout stands beside them; the project's own fixtures are always there. */
const folders = ['../shared/cloudtrail/records', '../shared/cloudtrail/relatives'].filter((folder) => existsSync(folder));
const recorded = folders.flatMap((folder) =>
  readdirSync(folder).map((file): [string, unknown] => [file, JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))]),
);
const own: [string, unknown][] = [
  createVolume('vol-1'),
  runInstances('i-1', 'i-2'),
  attachVolume('vol-1', 'i-1'),
  ebsSetting('ResetEbsDefaultKmsKeyId'),
  callEvent('RunInstances'),
].map((event) => [`own ${event.detail.eventName}`, event.detail]);
const odd: [string, unknown][] = [
  ['no identity', { ...createVolume('vol-1').detail, userIdentity: undefined }],
  ['a null identity', { ...createVolume('vol-1').detail, userIdentity: null }],
  ['parameters as text', { ...createVolume('vol-1').detail, requestParameters: 'omitted', responseElements: '' }],
  ['a collapsed list', callEvent('RunInstances', { responseElements: { instancesSet: { items: { instanceId: 'i-1' } } } }).detail],
];

describe('every record goes through parsing, routing and targets', () => {
  test.each([...own, ...odd, ...recorded])('%s', (_name, record) => {
    for (const control of all) {
      const event = { ...createVolume('vol-1'), detail: record };
      const { occasion, message } = parseMessage(JSON.stringify(messageFor(control.id, event)));
      expect(message.control).toBe(control.id);
      if (occasion.is !== 'call') throw new Error('a call was taken for something else');
      for (const target of control.targets(occasion.record, place)) expect(target.id).toMatch(/./);
      expect(actorOf(occasion.record).name).toMatch(/./);
    }
  });
});
