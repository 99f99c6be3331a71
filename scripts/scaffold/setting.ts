import { actionOf } from '#shared/aws/actions.ts';
import { settingCalls } from '../apis.ts';
import { commandOf, loadSdk, type SdkClient } from '../sdk.ts';
import { eventSourceOf } from './clients.ts';
import type { NamedKind } from './control-source.ts';
import { interfaceOf, type Member } from './declarations.ts';
import { ScaffoldError } from './error.ts';
import { blankCode } from './kind-source.ts';
import { camel, kebab, lowerFirst, words } from './names.ts';
import { type Sample, sampleOf } from './samples.ts';
import { type Operation, operationsOf } from './shapes.ts';

/** A setting of an account, by the call that reads it. */
export interface SettingFacts {
  readonly client: SdkClient;
  readonly operation: Operation;
  /** What else the kind reads. */
  readonly others: readonly Operation[];
  /** The state's key that is judged at first, the answer's member that it comes from, and a value of it. */
  readonly key: string;
  readonly member: Member;
  readonly sample: Sample;
  readonly isManaged: boolean;
  /** Calls whose names say that they change it. */
  readonly changed: readonly string[];
}

/**
 * Finds the call that reads a setting: one that takes nothing and has the id's first words in its name. Throws `ScaffoldError`.
 * @param asked the call as the author names it, such as `ec2:GetEbsEncryptionByDefault`
 */
export async function settingOf(
  root: string,
  id: string,
  clients: readonly SdkClient[],
  asked: string | undefined,
): Promise<SettingFacts & { readonly noun: string }> {
  const found = asked === undefined ? await search(root, id, clients) : await named(root, id, clients, asked);
  const { client, operation } = found;
  const members = (await interfaceOf(root, client.package, operation.output.name)) ?? [];
  const own = members.filter(({ name }) => name !== 'ManagedBy');
  const samples = await Promise.all(own.map(async (member) => ({ member, sample: await sampleOf(root, client.package, member) })));
  const [first] = samples.flatMap(({ member, sample }) => (sample && !/[[{]/.test(sample.code) ? [{ member, sample }] : []));
  if (!first) {
    throw new ScaffoldError(
      `${id}: ${operation.name} answers no plain value that could be judged. Copy functions/volumes/default-encryption, with its test.`,
    );
  }
  const operations = operationsOf(await loadSdk(root, client.package));
  const changed = settingCalls(operations, [operation.name]);
  return {
    ...found,
    ...first,
    others: [],
    key: lowerFirst(first.member.name),
    isManaged: operation.output.members.has('ManagedBy'),
    changed,
  };
}

/** The source of a `kind.ts` of a setting. */
export async function settingKindSource(root: string, facts: SettingFacts & { readonly noun: string }, action: string): Promise<string> {
  const { noun, client, operation, member, isManaged, changed, key } = facts;
  const calls = changed.length > 0 ? changed.map((one) => `'${one}'`).join(', ') : blankCode('the calls that change it');
  const type = ['string', 'number', 'boolean'].includes(member.type) ? member.type : 'string';
  return `import { ${operation.name}Command } from '${client.package}';
${calls.startsWith('blank') ? "import { blank } from '#shared/control/blank.ts';\n" : ''}import { accountSetting } from '#shared/control/setting.ts';

/** The setting ${words(noun)}, which each account has once a Region. */
export const ${camel(noun)} = accountSetting<{ readonly ${key}: ${type} | null }>({
noun: '${noun}',
plural: 'The setting ${words(noun)}',
// compare with a record of CloudTrail
eventSource: '${await eventSourceOf(root, client)}',
// the service's own page: better the one of the setting
console: '/${client.prefix}/home?region={region}',
changed: [${calls}],
reads: [{ action: '${action}' }],
async read(read) {
const { ${[member.name, ...(isManaged ? ['ManagedBy'] : [])].join(', ')} } = await read(new ${operation.name}Command({}));
return { state: { ${key}: ${member.name} ?? null }${isManaged ? ', managedBy: ManagedBy' : ''} };
},
// it only reports so far: before a control of it changes anything, give the calls that bring \`before\` back
restore: () => [],
});
`;
}

/** The IAM action of the call that reads a setting. */
export async function actionOfSetting(root: string, { client, operation }: SettingFacts): Promise<string> {
  const command = commandOf(await loadSdk(root, client.package), `${operation.name}Command`);
  if (!command) throw new TypeError(`${client.package} has no ${operation.name}Command`);
  return actionOf(command);
}

/** A setting's test: an account that has a value, and one that has none. */
export function settingTestSource(id: string, { name }: NamedKind, facts: SettingFacts, up: string): string {
  const { client, operation, others, member, sample, key } = facts;
  const says = `The setting ${key} is off, or has no value.`;
  const commands = [operation, ...others].map((one) => `${one.name}Command`);
  return `import { ${[...commands, client.className].join(', ')} } from '${client.package}';
import { mockClient } from 'aws-sdk-client-mock';
import { sendWith } from '#shared/aws/clients.ts';
import { creationOf, scheduled } from '${up}/test/fixtures/events.ts';
import { place, type World } from '${up}/test/support/harness.ts';
import { testControl } from '${up}/test/support/tester.ts';
import { ${name} } from './kind.ts';
import control from './${id}.ts';

const changed = creationOf(${name}, place.account);

/** An account with a value of the setting, or with none. */
function world(isSet: boolean): () => World {
return () => {
const client = mockClient(${client.className});
client.on(${operation.name}Command).resolves(isSet ? { ${member.name}: ${sample.code} } : {});
${others.map((one) => `client.on(${one.name}Command).resolves({});`).join('\n')}
return { send: sendWith({ ${client.service}: () => new ${client.className}({}) }), restore: () => void client.restore() };
};
}

testControl(control, {
valid: [
{ name: 'an account with a value', world: world(true), event: changed },
{ name: 'a sweep that finds a value', world: world(true), event: scheduled() },
],
invalid: [
{ name: 'an account without one', world: world(false), event: changed, mode: 'observe', sends: [], status: 'open', says: '${says}' },
],
skipped: [],
});
`;
}

type Called = Pick<SettingFacts, 'client' | 'operation'> & { readonly noun: string };

async function search(root: string, id: string, clients: readonly SdkClient[]): Promise<Called> {
  const parts = id.split('-');
  for (let length = parts.length; length > 1; length -= 1) {
    const noun = parts.slice(0, length).join('-');
    const found = await Promise.all(
      clients.map(async (client) => {
        const all = [...operationsOf(await loadSdk(root, client.package)).values()];
        return all
          .filter((operation) => isRead(operation) && hasWords(operation.name, noun))
          .map((operation) => ({ noun, client, operation }));
      }),
    );
    const [best] = found.flat().toSorted((a, b) => a.operation.name.length - b.operation.name.length);
    if (best) return best;
  }
  throw new ScaffoldError(
    `${id}: no client of package.json has a call Get… or Describe… that takes nothing and has the id's first words in its name. Name it: --reads ec2:GetEbsEncryptionByDefault`,
  );
}

async function named(root: string, id: string, clients: readonly SdkClient[], asked: string): Promise<Called> {
  const [service, name = ''] = asked.split(':');
  const client = clients.find((one) => one.service === service || one.prefix === service);
  if (!client) {
    throw new ScaffoldError(
      `--reads ${asked}: package.json has no client of ${service}. Add it first (npm install --save-exact @aws-sdk/client-${service}), and then run this command again.`,
    );
  }
  const operation = operationsOf(await loadSdk(root, client.package)).get(name);
  if (!operation || !isRead(operation)) {
    throw new ScaffoldError(
      `--reads ${asked}: ${client.package} has no call ${name} that reads and takes nothing. Write it as AWS does: ec2:GetEbsEncryptionByDefault`,
    );
  }
  return { noun: id.split('-').slice(0, -1).join('-'), client, operation };
}

function isRead({ name, input }: Operation): boolean {
  return /^(Get|Describe)/.test(name) && input.required.length === 0;
}

/** Whether a call's name has all the words, in their order. */
function hasWords(name: string, noun: string): boolean {
  const its = kebab(name).split('-');
  let from = 0;
  return noun.split('-').every((word) => {
    const found = its.indexOf(word, from);
    from = found + 1;
    return found >= 0;
  });
}
