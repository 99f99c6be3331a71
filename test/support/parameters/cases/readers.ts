import { scheduled } from '../../../fixtures/events.ts';
import { token } from '../../../fixtures/secrets.ts';
import { awsError, place } from '../../harness.ts';
import type { InvalidCase } from '../../tester.ts';
import { arn, putParameter, readBy } from '../events.ts';
import { parametersWorld } from '../world.ts';
import { convert, event, fixed, found, name, world, written } from './setting.ts';

const old = { LastModifiedDate: new Date('2026-10-01T00:00:00Z') };
const plainRead = (role: string) => readBy(role, 'GetParameter', { name });

/** Who would feel a conversion. */
export const read: readonly InvalidCase[] = [
  {
    name: 'a list',
    world: world({ Type: 'StringList', Value: `${token},other` }),
    event: putParameter(name, { type: 'StringList' }),
    sends: [],
    status: 'awaiting-approval',
    says: /a StringList loses its meaning as a list/,
  },
  {
    name: 'a later version that nobody reads as plaintext',
    world: written({
      reads: [
        readBy('app', 'GetParameter', { name, withDecryption: true }),
        readBy('app', 'GetParameters', { names: ['/shop/other'] }),
        readBy('app', 'GetParameter', { name }, { errorCode: 'AccessDenied' }),
        readBy('app', 'GetParametersByPath', { path: '/bakery', recursive: true }),
        readBy(`redress-parameters-${place.region}`, 'GetParameters', { names: [name], withDecryption: false }),
      ],
    }),
    event,
    sends: [convert()],
    status: 'fixed',
    says: fixed,
  },
  {
    name: 'a later version that three roles read as plaintext',
    world: written({
      reads: [
        plainRead('app'),
        plainRead('app'),
        readBy('batch', 'GetParameters', { names: ['/x', `${arn(name)}:1`], withDecryption: false }),
        readBy('deploy', 'GetParametersByPath', { path: '/shop/', recursive: true }),
      ],
    }),
    event,
    sends: [],
    status: 'awaiting-approval',
    says: `${found} 3 roles read this without decryption in the last 14 days; converting would give them ciphertext. It waits for a person: readers may break.`,
    advice: new RegExp(`role/app, arn:aws:iam::${place.account}:role/batch, .*role/deploy`),
  },
  {
    name: 'a name without a slash, under the root that a role reads as plaintext',
    world: () => {
      const made = parametersWorld({
        parameters: { token: { Value: token } },
        reads: [readBy('app', 'GetParametersByPath', { path: '/' })],
      });
      made.put({ Name: 'token', Value: token, Type: 'String', Overwrite: true });
      return made;
    },
    event: putParameter('token'),
    sends: [],
    status: 'awaiting-approval',
    says: /1 role read this without decryption/,
  },
  {
    name: 'a later version that somebody reads, while only observing',
    mode: 'approve',
    world: written({ reads: [plainRead('app')] }),
    event,
    settings: { readerDays: 3 },
    sends: [],
    status: 'awaiting-approval',
    says: `${found} 1 role read this without decryption in the last 3 days; converting would give them ciphertext.`,
  },
  {
    name: 'a later version in an account with more reads than are looked at',
    world: written({ isEndless: true }),
    event,
    settings: { readerPages: 2 },
    sends: [],
    status: 'awaiting-approval',
    says: /is unknown: there are more than 100 events of GetParameter\b/,
  },
  {
    name: 'a later version where Redress may not look up events',
    world: written({ refuses: { 'cloudtrail:LookupEvents': awsError('AccessDeniedException', 'no cloudtrail:LookupEvents') } }),
    event,
    sends: [],
    status: 'awaiting-approval',
    says: /is unknown: Redress may not look it up/,
  },
  {
    name: 'a first version that has been there for weeks',
    world: () => {
      const made = world({}, { reads: [plainRead('app')] })();
      Object.assign(made.parameters.get(name)?.versions[0] ?? {}, old);
      return made;
    },
    event: scheduled(),
    sends: [],
    status: 'awaiting-approval',
    says: /1 role read this/,
  },
];
