import type { Ec2Resource } from './ec2-resource.ts';

/** A control that already works and only tells: it wants a Name tag, until its author writes what it is about. */
export function controlSource(id: string, resource: Ec2Resource): string {
  const { noun, name, describe, list, id: idMember, create, own } = resource;
  const command = `${describe}Command`;
  const ours = own ? `, ${own}: ['self']` : '';
  return `import { ${command}, type ${command}Output } from '@aws-sdk/client-ec2';
import { defineControl, type Loader, type Plan, type Reader, type Verdict } from '#shared/control/control.ts';
import { stringAt } from '#shared/control/record.ts';

type ${name} = NonNullable<${command}Output['${list}']>[number];
type Before = { readonly name: string | null };

const TYPE = 'AWS::EC2::${name}';

/** By id, through a filter: an id that is gone would fail the whole call. A filter takes 200 values. */
const byId: Loader<${name}> = {
  name: '${id}: ${noun} by id',
  max: 200,
  load: async (ids, read) => {
    const found = await all(read, [{ Name: '${noun}-id', Values: [...ids] }]);
    return new Map(found.flatMap((one) => (one.${idMember} ? [[one.${idMember}, one]] : [])));
  },
};

export default defineControl<null, ${name}, Before>({
  id: '${id}',
  resourceType: TYPE,
  // the judgement that this file begins with: change title, why, judge and plan to what the control is about
  title: '${plural(noun)} have a Name tag',
  why: 'Without one nobody can tell what it is for.',
  remediation: 'Nothing: it tells.',
  severity: 'low',
  defaultMode: 'observe',
  // it only tells; remove the line once \`plan\` proposes something
  maxMode: 'observe',
  triggers: [{ eventSource: 'ec2.amazonaws.com', eventNames: ['${create}'] }],
  sweep: { every: '1 day', atDeployment: false },
  permissions: { reads: [{ action: 'ec2:${describe}' }], writes: [] },
  limit: { fixes: 25, minutes: 10 },
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_${describe}.html'],
  // the policy of an organization that makes the mistake impossible, or why none does
  prevention: { none: 'Nobody has looked yet for a policy that prevents it.' },

  targets(record) {
    const made = stringAt(record, 'responseElements', '${lowerFirst(idMember)}');
    return made ? [{ type: TYPE, id: made }] : [];
  },

  async list(read) {
    const found = await all(read, []);
    return found.flatMap(({ ${idMember} }) => (${idMember} ? [{ type: TYPE, id: ${idMember} }] : []));
  },

  inspect: (targets, read) =>
    read.many(
      byId,
      targets.map((target) => target.id),
    ),

  judge(${lowerFirst(name)}): Verdict {
    const given = nameOf(${lowerFirst(name)});
    if (given) return { is: 'compliant', says: \`The ${words(noun)} is named \${given}.\` };
    return { is: 'violation', says: 'The ${words(noun)} has no Name tag.', advice: ['Give it a tag with the key Name.'] };
  },

  // no command sets this right without a person: the finding is open, and the advice says what to do
  plan: (): Plan => ({ changes: [] }),

  before: (${lowerFirst(name)}) => ({ name: nameOf(${lowerFirst(name)}) ?? null }),
});

function nameOf({ Tags }: ${name}): string | undefined {
  return Tags?.find(({ Key }) => Key === 'Name')?.Value;
}

async function all(read: Reader, Filters: { Name: string; Values: string[] }[]): Promise<${name}[]> {
  const found: ${name}[] = [];
  let NextToken: string | undefined;
  do {
    const input = { Filters${ours}, ...(NextToken && { NextToken }) };
    const page: ${command}Output = await read(new ${command}(input));
    found.push(...(page.${list} ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}
`;
}

/** The control's test: a world of its own, and one case of each sort. */
export function testSource(id: string, resource: Ec2Resource): string {
  const { noun, name, describe, list, id: idMember, create } = resource;
  const command = `${describe}Command`;
  const one = `${noun}-1`;
  return `import { ${command}, type ${command}Output, EC2Client } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { sendWith } from '#shared/aws/clients.ts';
import { callEvent, scheduled } from '../../test/fixtures/events.ts';
import type { World } from '../../test/support/harness.ts';
import { testControl } from '../../test/support/tester.ts';
import control from './${id}.ts';

type ${name} = NonNullable<${command}Output['${list}']>[number];

const named: ${name} = { ${idMember}: '${one}', Tags: [{ Key: 'Name', Value: 'data' }] };
const nameless: ${name} = { ...named, Tags: [] };
const made = callEvent('${create}', { responseElements: { ${lowerFirst(idMember)}: '${one}' } });

/** An EC2 that answers by the filter \`${noun}-id\`, as AWS does: what is not there is left out. */
function world(...there: ${name}[]): () => World {
  return () => {
    const ec2 = mockClient(EC2Client);
    ec2.on(${command}).callsFake(({ Filters = [] }: ${command}['input']) => ({
      ${list}: there.filter(({ ${idMember} = '' }) => Filters.every(({ Values = [] }) => Values.includes(${idMember}))),
    }));
    return { send: sendWith({ ec2: () => new EC2Client({}) }), restore: () => void ec2.restore() };
  };
}

testControl(control, {
  valid: [
    { name: 'one with a Name tag', world: world(named), event: made },
    { name: 'a sweep that finds nothing', world: world(named), event: scheduled() },
  ],
  invalid: [
    {
      name: 'one without a Name tag',
      world: world(nameless),
      event: made,
      mode: 'observe',
      sends: [],
      status: 'open',
      says: 'The ${words(noun)} has no Name tag.',
      advice: /key Name/,
    },
    {
      name: 'one that only the sweep found',
      world: world(nameless),
      event: scheduled(),
      mode: 'observe',
      sends: [],
      status: 'open',
      says: 'The ${words(noun)} has no Name tag.',
    },
  ],
  skipped: [{ name: 'one that was gone before it could be looked at', world: world(), event: made, says: 'The resource is gone.' }],
});
`;
}

/** The Lambda of a new kind. */
export function handlerSource(kind: string): string {
  return `import { EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { isSecret } from '#shared/detect/index.ts';
import { createHandler } from '#shared/engine/handler.ts';
import { controls } from './controls.ts';

/** The Lambda of ${kind.replaceAll('-', ' ')}. */
export const handler = createHandler(
  controls,
  {
    ec2: () => new EC2Client({}),
    eventbridge: () => new EventBridgeClient({}),
    sqs: () => new SQSClient({}),
  },
  isSecret,
);
`;
}

function words(noun: string): string {
  return noun.replaceAll('-', ' ');
}

function plural(noun: string): string {
  const text = words(noun);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}s`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
