import type { NamedKind } from './control-source.ts';
import { interfaceOf } from './declarations.ts';
import { article, camel, words } from './names.ts';
import type { Place, Probe, Read } from './probe.ts';
import { inside, type Structure } from './shapes.ts';
import type { Subject } from './subject.ts';

/** Where a test file is, for its imports. */
interface Where {
  /** From the test's folder to the project's root, such as `../..`. */
  readonly up: string;
}

/** A control's test: a world that answers the kind's calls, and one case of each sort. */
export async function testSource(
  root: string,
  id: string,
  { kind, name }: NamedKind,
  found: Probe,
  subject: Subject,
  { up }: Where,
): Promise<string> {
  const noun = words(kind.noun);
  const one = idOf(kind.noun);
  const { itemType, base, good, bad } = subject;
  const says = subject.is === 'name' ? `The ${noun} has no Name tag.` : `The ${noun} has no ${subject.member}.`;
  const [with_, without] = subject.is === 'name' ? ['named', 'nameless'] : ['complete', 'bare'];
  const answers = await Promise.all(found.reads.map(async (read) => ({ read, ...(await answerOf(root, read, one)) })));
  const clients = [...new Map(found.reads.map(({ client }) => [client.package, client])).values()];
  const imports = clients.map(({ package: from, className }) => {
    const commands = found.reads.filter(({ client }) => client.package === from).map(({ operation }) => `${operation.name}Command`);
    const types = from === found.client.package ? [`type ${itemType}`] : [];
    return `import { ${[...new Set([...commands, className, ...types])].join(', ')} } from '${from}';`;
  });
  const hasRefusal = answers.some(({ whenGone }) => whenGone === 'refusal');
  return `${imports.join('\n')}
import { mockClient } from 'aws-sdk-client-mock';
import { sendWith } from '#shared/aws/clients.ts';
import { creationOf, scheduled } from '${up}/test/fixtures/events.ts';
import { ${hasRefusal ? 'awsError, ' : ''}type World } from '${up}/test/support/harness.ts';
import { testControl } from '${up}/test/support/tester.ts';
import { ${name} } from './kind.ts';
import control from './${id}.ts';

const ${with_}: ${itemType} = { ${[...base, good].join(', ')} };
const ${without}: ${itemType} = { ${[...base, bad].filter(Boolean).join(', ')} };
const made = creationOf(${name}, '${one}');

/** An AWS with this one ${noun}, or with none. */
function world(there?: ${itemType}): () => World {
return () => {
${clients.map(({ className }) => `const ${mockOf(className)} = mockClient(${className});`).join('\n')}
${answers.map((answer) => onSource(answer)).join('\n')}
return {
send: sendWith({ ${clients.map(({ service, className }) => `${service}: () => new ${className}({})`).join(', ')} }),
restore: ${restoreOf(clients.map(({ className }) => mockOf(className)))},
};
};
}

testControl(control, {
valid: [
{ name: 'one with ${thing(subject)}', world: world(${with_}), event: made },
{ name: 'a sweep that finds nothing wrong', world: world(${with_}), event: scheduled() },
],
invalid: [
{
name: 'one without ${thing(subject)}',
world: world(${without}),
event: made,
mode: 'observe',
sends: [],
status: 'open',
says: '${says}',
advice: /^Give it/,
},
{
name: 'one that only the sweep found',
world: world(${without}),
event: scheduled(),
mode: 'observe',
sends: [],
status: 'open',
says: '${says}',
},
],
skipped: [{ name: 'one that was gone before it could be read', world: world(), event: made, says: 'The resource is gone.' }],
});
`;
}

/** The id of a test's resource. */
export function idOf(noun: string): string {
  return `${noun}-1`;
}

interface Answer {
  /** The answer as code where the resource is there. */
  readonly code: string;
  readonly whenGone: 'empty' | 'refusal' | 'same';
}

async function answerOf(root: string, { item, id, operation, client }: Read, one: string): Promise<Answer> {
  // a call whose whole answer is the item has no way but an error to say that there is none
  if (item?.length === 0) return { code: 'there', whenGone: 'refusal' };
  if (item) return { code: at(item, 'there'), whenGone: 'empty' };
  if (!id) return { code: '{}', whenGone: 'same' };
  const list = id.slice(0, id.findIndex((key) => typeof key === 'number') + 1);
  if (id.length === list.length) return { code: at(id, `'${one}'`), whenGone: 'empty' };
  // an element that the types want whole
  const needed = await neededIn(root, client.package, operation.output, list);
  const own = String(id.at(-1));
  const others = needed.filter((member) => member !== own).map((member) => `${member}: undefined`);
  return { code: at(list, `{ ${[`${own}: '${one}'`, ...others].join(', ')} }`), whenGone: 'empty' };
}

async function neededIn(root: string, packageName: string, output: Structure, list: Place): Promise<string[]> {
  const names = list.filter((key) => typeof key === 'string');
  const element = inside(output, ...names);
  const members = element && (await interfaceOf(root, packageName, element.name));
  return (members ?? []).filter(({ isOptional }) => !isOptional).map(({ name }) => name);
}

function onSource({ read: { client, operation }, code, whenGone }: Answer & { readonly read: Read }): string {
  const on = `${mockOf(client.className)}.on(${operation.name}Command)`;
  if (whenGone === 'same') return `${on}.resolves(${code});`;
  if (whenGone === 'empty') return `${on}.resolves(there ? ${code} : {});`;
  return `if (there) ${on}.resolves(there);\nelse ${on}.rejects(awsError('NotFoundException'));`;
}

function restoreOf(mocks: readonly string[]): string {
  const [first, ...more] = mocks;
  return more.length === 0 ? `() => void ${first}.restore()` : `() => { ${mocks.map((one) => `${one}.restore();`).join(' ')} }`;
}

function at(place: Place, inner: string): string {
  return place.reduceRight<string>(
    (code, key) => (typeof key === 'number' ? `[${code}]` : `{ ${key}${code === key ? '' : `: ${code}`} }`),
    inner,
  );
}

function mockOf(className: string): string {
  return camel(className.replace(/Client$/, '').replace(/^[A-Z]+(?=[A-Z][a-z]|\d|$)|^[A-Z]/, (first) => first.toLowerCase()));
}

function thing({ is, member }: Subject): string {
  return is === 'name' ? 'a Name tag' : article(member);
}
