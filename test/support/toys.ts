import { EnableEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { defineControl } from '#shared/control/control.ts';
import { kindOf } from '#shared/control/kind.ts';
import type { Tag } from '#shared/control/tag.ts';
import type { Severity, Trigger } from '#shared/control/types.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { callEvent, dana, messageFor } from '../fixtures/events.ts';
import { Harness } from './harness.ts';

/** A toy that can be broken after it was made; only a switch for all of them sets one right. */
export interface Toy {
  isOn: boolean;
  readonly tags: readonly Tag[];
  readonly leave?: string;
}

/** The tag that AWS puts on what a stack makes. */
export const ofStack = [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }];
/** Whoever calls through CloudFormation. */
export const byStack = { ...dana, invokedBy: 'cloudformation.amazonaws.com' };
const managedBy = { terraform: ['arn:aws:iam::111122223333:role/deploy-*'] };

/** What a test says of the control, and of claims in the config. */
export interface More {
  readonly breaks?: boolean;
  readonly isAdditive?: boolean;
  readonly fixesManaged?: boolean;
  readonly reportsManaged?: boolean;
  readonly severity?: Severity;
  readonly claims?: 'skip' | 'ask' | 'fix';
}

/** An account with one toy, and a control that turns it on. */
export function play(toy: Toy, more: More = {}) {
  const { breaks = false, isAdditive = false, severity = 'medium', claims, ...flags } = more;
  const kind = kindOf<Toy>({
    noun: 'toy',
    plural: 'Toys',
    type: 'AWS::Toys::Toy',
    eventSource: 'ec2.amazonaws.com',
    arn: 'arn:{partition}:toys:{region}:{account}:toy/{id}',
    console: '/toys/{id}',
    securityHub: 'Other',
    created: { CreateToy: 'responseElements.toyId' },
    named: ['requestParameters.toyId'],
    members: ['ToyId'],
    reads: [],
    items: { name: 'toys', max: 10, load: async (ids) => new Map(ids.map((id) => [id, toy])) },
    list: async () => ({ items: ['t-1'] }),
    tagsOf: ({ tags }) => tags,
    leave: ({ leave }) => leave,
  });
  const broken: Trigger = { ...kind.calls('BreakToy'), breaks };
  // it says nothing of who manages a toy: that is what the engine is asked about
  const control = defineControl(kind, {
    id: 'toy-on',
    title: 'Toys are on',
    why: 'A toy that is off is no fun.',
    remediation: 'Turns the toy on.',
    severity,
    defaultMode: 'fix',
    triggers: [...kind.created, broken],
    permissions: { writes: [{ action: 'ec2:EnableEbsEncryptionByDefault' }] },
    references: [],
    iac: { cloudFormation: 'set `On: true` on the AWS::Toys::Toy.', terraform: 'set `on = true` on the aws_toy.' },
    ...flags,
    inspectOne: ({ isOn }) => ({ isOn }),
    judge: ({ isOn }) => (isOn ? { is: 'compliant', says: 'It is on.' } : { is: 'violation', says: 'It is off.' }),
    plan: () => ({ changes: [{ command: new EnableEbsEncryptionByDefaultCommand({}), says: 'Turn it on.' }], isAdditive }),
    before: ({ isOn }) => ({ isOn }),
  });
  const send = async () => {
    toy.isOn = true;
  };
  return new Harness({ controls: [control], world: { send }, config: { managedBy, ...(claims && { claims }) } });
}

/** The finding that an event ends in. */
export async function ending(harness: Harness, event: object): Promise<Finding | undefined> {
  harness.put(messageFor('toy-on', event));
  await harness.settle();
  return (await harness.findings())[0];
}

/** The calls that make and break the toy, and a toy that is off. */
export const made = (fields = {}) => callEvent('CreateToy', { responseElements: { toyId: 't-1' }, ...fields });
export const brokenBy = (fields = {}) => callEvent('BreakToy', { requestParameters: { toyId: 't-1' }, ...fields });
export const off = (more: Partial<Toy> = {}): Toy => ({ isOn: false, tags: [], ...more });
