import { eightKilobytes, licenceCode, password, token } from '../../../fixtures/secrets.ts';
import type { InvalidCase } from '../../tester.ts';
import { arn, putParameter } from '../events.ts';
import { parametersWorld } from '../world.ts';
import { convert, event, fixed, name, world } from './setting.ts';

/** What gives a parameter away: its value, its name, or the configuration. */
export const givenAway: readonly InvalidCase[] = [
  {
    name: 'a key just stored as a String',
    world: world(),
    event,
    sends: [convert()],
    status: 'fixed',
    says: fixed,
    advice: '',
    secret: token,
  },
  {
    name: 'an overwrite whose record does not tell the type',
    world: world(),
    event: putParameter(name, { type: null, overwrite: true }),
    sends: [convert()],
    status: 'fixed',
    says: fixed,
    secret: token,
  },
  { name: 'a name that is an ARN', world: world(), event: putParameter(arn(name)), sends: [convert()], status: 'fixed', says: fixed },
  {
    name: 'an ARN that two names may have',
    world: () => parametersWorld({ parameters: { '/deploy': { Value: token } } }),
    event: putParameter(arn('/deploy')),
    sends: [convert({ Name: '/deploy' })],
    status: 'fixed',
    says: fixed,
  },
  {
    name: 'a record whose request names nothing',
    world: world(),
    event: putParameter(name, {}, { requestParameters: null }),
    sends: [convert()],
    status: 'fixed',
    says: fixed,
  },
  {
    name: 'a parameter that only its name gives away',
    world: () => parametersWorld({ parameters: { '/shop/db-password': { Value: password } } }),
    event: putParameter('/shop/db-password'),
    sends: [convert({ Name: '/shop/db-password', Value: password })],
    status: 'fixed',
    says: /sensitive by its name \(password\)/,
    secret: password,
  },
  {
    name: 'a name that the configuration calls sensitive',
    world: () => parametersWorld({ parameters: { '/shop/licence-code': { Value: licenceCode } } }),
    event: putParameter('/shop/licence-code'),
    settings: { patterns: ['licence-code'] },
    sends: [convert({ Name: '/shop/licence-code', Value: licenceCode })],
    status: 'fixed',
    says: /its name \(configured\)/,
  },
  {
    name: 'an advanced parameter with a description, a pattern, policies and tags',
    world: world(
      {
        Tier: 'Advanced',
        Description: 'Deploys the shop',
        AllowedPattern: '^ghp_',
        Policies: JSON.stringify([{ Type: 'NoChangeNotification', Version: '1.0', Attributes: { After: '20', Unit: 'Days' } }]),
        Tags: [{ Key: 'team', Value: 'shop' }],
      },
      {},
    ),
    event,
    sends: [convert({ Tier: 'Advanced', Description: 'Deploys the shop', AllowedPattern: '^ghp_' })],
    status: 'fixed',
    says: fixed,
  },
  {
    name: 'a value of 8 KB with letters of many scripts',
    world: world({ Tier: 'Advanced', Value: eightKilobytes }),
    event,
    sends: [convert({ Tier: 'Advanced', Value: eightKilobytes })],
    status: 'fixed',
    says: /^Found: /,
  },
  {
    name: 'an AMI id that no launch template resolves, under a sensitive name',
    world: () => parametersWorld({ parameters: { '/shop/secret': { Value: 'ami-0123456789abcdef0' } }, templates: ['ami-1'] }),
    event: putParameter('/shop/secret'),
    sends: [convert({ Name: '/shop/secret', Value: 'ami-0123456789abcdef0' })],
    status: 'fixed',
    says: /sensitive by its name/,
  },
];
