import { type InstanceMetadataDefaultsResponse, ModifyInstanceMetadataDefaultsCommand } from '@aws-sdk/client-ec2';
import { ebsSetting, scheduled } from '../../../test/fixtures/events.ts';
import { accountWorld } from '../../../test/support/account/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './imds-defaults-v2.ts';

const world =
  (imds: InstanceMetadataDefaultsResponse = {}, managedBy?: string) =>
  () =>
    accountWorld({ imds, ...(managedBy && { managedBy }) });
const modified = ebsSetting('ModifyInstanceMetadataDefaults', { return: true });
const required = { HttpTokens: 'required' } as const;
const fixed = 'Now: New instances demand session tokens by default.';

testControl(control, {
  valid: [
    { name: 'an account that demands tokens', world: world({ HttpTokens: 'required' }), event: modified },
    { name: 'one whose organization demands them', world: world({ HttpTokens: 'required' }, 'declarative-policy'), event: scheduled() },
  ],
  invalid: [
    // kubernetes-sigs/cluster-api-provider-aws#4247: with one hop containers get no credentials
    {
      name: 'an account without a preference, whose containers need two hops (cluster-api-provider-aws#4247)',
      world: world(),
      event: scheduled(),
      mode: 'approve',
      isApproved: true,
      sends: [new ModifyInstanceMetadataDefaultsCommand({ ...required, HttpPutResponseHopLimit: 2 })],
      status: 'fixed',
      says: `Found: New instances that say nothing of it may get a metadata service that answers without a session token. ${fixed}`,
    },
    // kubermatic/machine-controller#1833: with some networks of containers two hops are not enough
    {
      name: 'an account that chose three hops, which stay (machine-controller#1833)',
      world: world({ HttpTokens: 'optional', HttpPutResponseHopLimit: 3 }),
      event: modified,
      sends: [new ModifyInstanceMetadataDefaultsCommand(required)],
      status: 'fixed',
      says: `Found: New instances that say nothing of it get a metadata service that answers without a session token. ${fixed}`,
    },
    // aws/containers-roadmap#930: behind a hop limit of 1 containers get no token
    {
      name: 'an account that chose one hop, behind which containers lose their credentials: a person looks (containers-roadmap#930)',
      world: world({ HttpTokens: 'optional', HttpPutResponseHopLimit: 1 }),
      event: modified,
      sends: [],
      status: 'awaiting-approval',
      says: /The default hop limit is 1, so containers on new instances would get no token/,
      advice: /set `HttpPutResponseHopLimit` to 2 first/,
    },
    {
      name: 'an account that asks a person first, as shipped',
      world: world({ HttpTokens: 'optional' }),
      event: modified,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /get a metadata service that answers without a session token\.$/,
      advice: /MetadataNoToken/,
    },
    {
      name: 'an account where launches fail that do not require tokens: that stays, and is said',
      world: world({ HttpTokens: 'optional', HttpTokensEnforced: 'enabled' }),
      event: modified,
      sends: [new ModifyInstanceMetadataDefaultsCommand({ ...required, HttpPutResponseHopLimit: 2 })],
      status: 'fixed',
      says: /Launches that do not require tokens fail, because HttpTokensEnforced is on\. Now: /,
    },
  ],
  skipped: [
    {
      name: 'a setting of the organization',
      world: world({ HttpTokens: 'optional' }, 'declarative-policy'),
      event: modified,
      says: /A declarative policy of the organization sets it/,
    },
  ],
  undo: [
    {
      name: 'what had no preference has none again',
      world: world(),
      event: modified,
      sends: [new ModifyInstanceMetadataDefaultsCommand({ HttpTokens: 'no-preference', HttpPutResponseHopLimit: -1 })],
    },
    {
      name: 'what was optional is so again, with its hops',
      world: world({ HttpTokens: 'optional', HttpPutResponseHopLimit: 3 }),
      event: modified,
      sends: [new ModifyInstanceMetadataDefaultsCommand({ HttpTokens: 'optional' })],
    },
  ],
});
