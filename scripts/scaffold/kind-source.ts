import { actionOf } from '#shared/aws/actions.ts';
import { changingCalls } from '../apis.ts';
import { commandOf, loadSdk } from '../sdk.ts';
import { eventSourceOf } from './clients.ts';
import { prefixIn } from './declarations.ts';
import { camel, kebab, lowerFirst, pluralOf, words } from './names.ts';
import type { Resource } from './resource.ts';
import { inside, memberLike, structureOf } from './shapes.ts';

/** Services whose resources are one for all Regions. */
const globals = ['iam', 'cloudfront', 'route53', 'organizations', 'globalaccelerator', 'shield'];

/** The source of a `kind.ts`, and what it needs that only the SDK tells. */
export async function kindSource(root: string, resource: Resource): Promise<string> {
  const securityHub = await securityHubOf(root, resource);
  return isEc2(resource) ? await ec2Source(root, resource, securityHub) : await anySource(root, resource, securityHub);
}

/** The name that a kind is exported by, such as `launchTemplates`. */
function kindName(noun: string): string {
  return camel(pluralOf(noun));
}

/** Whether a type has EC2's way of listing: filters, pages, ids of its own, and tags. */
function isEc2({ client, list, id, name }: Resource): boolean {
  const { operation, path, element, tokens } = list;
  const hasFilters = memberLike(operation.input, 'Filters', 'Filter') !== undefined;
  const isNamed = operation.name === `Describe${name}s` && path.length === 1;
  return (
    client.service === 'ec2' && hasFilters && isNamed && tokens !== undefined && id !== undefined && element?.members.has('Tags') === true
  );
}

async function ec2Source(root: string, resource: Resource, securityHub: string): Promise<string> {
  const { noun, name, client, list, id = '', created } = resource;
  const { input } = list.operation;
  const prefix = await prefixIn(root, client.package, list.operation.name, id);
  const usual = `${name}Id`;
  // AWS lists everybody's public ones too, and their ARNs name no account
  const own = ['OwnerIds', 'Owners'].find((member) => input.members.has(member));
  const before = own ? `${own}: ['self'], ` : '';
  const describe = input.members.has('Filters')
    ? `(input) => new ${list.operation.name}Command(${own ? `{ ${before}...input }` : 'input'})`
    : `({ Filters: Filter, ...input }) => new ${list.operation.name}Command({ ${before}Filter, ...input })`;
  const isUsual = id === usual && created?.path === `responseElements.${lowerFirst(usual)}`;
  const makes = created
    ? isUsual
      ? `['${created.eventName}']`
      : `{ ${created.eventName}: '${created.path}' }`
    : `{ [${blankCode('the call that makes one')}]: 'responseElements.${lowerFirst(id)}' }`;
  const lines = [
    `noun: '${noun}',`,
    `plural: 'EC2 ${words(pluralOf(noun))}',`,
    `name: '${name}',`,
    prefix ? `idPrefix: '${prefix}',` : `idPrefix: ${blankCode('what its ids begin with')},`,
    ...(own ? [`arn: 'arn:{partition}:ec2:{region}::${noun}/{id}',`] : []),
    ...(id === usual
      ? []
      : [`filter: '${kebab(id)}',`, `named: ['responseElements.${lowerFirst(id)}', 'requestParameters.${lowerFirst(id)}'],`]),
    '// as most pages of the EC2 console are named: open it once',
    `page: '${name}Details:${lowerFirst(id)}={id}',`,
    `securityHub: '${securityHub}',`,
    RECORD,
    `created: ${makes},`,
    ...unwatchedLines(resource, ['CreateTags', 'DeleteTags']),
    `describe: ${describe},`,
    `itemsOf: ({ ${list.path[0]} }) => ${list.path[0]},`,
    `idOf: ({ ${id} }) => ${id},`,
    '// brings the three tag controls',
    `tags: { terraform: ${blankCode(`Terraform's name for it, perhaps aws_${noun.replaceAll('-', '_')}`)} },`,
  ];
  return `import { ${list.operation.name}Command } from '${client.package}';
import { ec2Kind } from '#shared/aws/ec2-kind.ts';
import { blank } from '#shared/control/blank.ts';

/** EC2 ${words(pluralOf(noun))}. */
export const ${kindName(noun)} = ec2Kind({
${lines.join('\n')}
});
`;
}

async function anySource(root: string, resource: Resource, securityHub: string): Promise<string> {
  const { noun, type, service, client, list, get, idName = '', created, tags, item } = resource;
  const plural = pluralOf(noun);
  const all = camel(`all-${plural}`);
  const names = [list.operation.name, get?.operation.name, tags?.call?.operation.name].flatMap((one) => one ?? []);
  const module = await loadSdk(root, client.package);
  const actions = names.flatMap((one) => {
    const command = commandOf(module, `${one}Command`);
    return command ? [actionOf(command)] : [];
  });
  const isArn = /arn$/i.test(idName);
  const lines = [
    `noun: '${noun}',`,
    `plural: '${service} ${words(plural)}',`,
    `type: '${type}',`,
    ...(globals.includes(client.service) ? ['isGlobal: true,'] : []),
    '// compare with a record of CloudTrail',
    `eventSource: '${await eventSourceOf(root, client)}',`,
    ...(isArn
      ? ['// its id is its ARN', `arn: 'arn:{partition}:${client.prefix}:{region}:{account}:{id}',`]
      : [
          '// by "Resource types" of the service authorization reference',
          `arn: \`arn:{partition}:${client.prefix}:{region}:{account}:\${${blankCode('what stands before the id in its ARN')}}{id}\`,`,
        ]),
    "// the service's own page: better the one of the resource, with {id}",
    `console: '/${service.toLowerCase()}/home?region={region}',`,
    `securityHub: '${securityHub}',`,
    RECORD,
    created
      ? `created: { ${created.eventName}: '${created.path}' },`
      : `created: { [${blankCode('the call that makes one')}]: 'requestParameters.${lowerFirst(idName)}' },`,
    ...unwatchedLines(resource, []),
    `members: ['${get?.input ?? memberOfRequests(resource)}'],`,
    `reads: [${[...new Set(actions)].map((action) => `{ action: '${action}' }`).join(', ')}],`,
    `items: ${loaderOf(resource, all)},`,
    `list: ${listOf(resource, all)},`,
    ...tagLines(resource),
  ];
  const loader = get?.isBatch ? 'inBatches' : get ? 'oneByOne' : 'fromList';
  const helpers = [loader, ...(tags?.call ? ['ifThere'] : [])];
  const uses = (word: string, from: string, isUsed = true) => (isUsed ? `import { ${word} } from '#shared/${from}.ts';\n` : '');
  const text = lines.join('\n');
  // a list of pages is read as a whole only where items are found in it
  const whole = list.tokens && get ? '' : `\n${listSource(resource, all)}`;
  const paging = ['onePage', 'onePageBy', 'pages', 'pagesBy', 'partOf'].filter((one) => `${text}${whole}`.includes(`${one}(`));
  return `import { ${[...new Set(names)].map((one) => `${one}Command`).join(', ')} } from '${client.package}';
${uses(helpers.join(', '), 'aws/loaders')}${uses(paging.join(', '), 'aws/pages', paging.length > 0)}${uses('blank', 'control/blank', text.includes('blank('))}${uses('kindOf', 'control/kind')}${uses('allTags', 'control/tag', text.includes('allTags('))}${whole && "import type { Reader } from '#shared/control/types.ts';\n"}
/** ${service} ${words(plural)}. */
export const ${kindName(noun)} = kindOf({
${text}
});
${whole}`;

  function memberOfRequests({ created: making, name }: Resource): string {
    // as the making call has it: S3's lists say Name where its calls say Bucket
    const operation = making && resource.operations.get(making.eventName);
    return (operation && memberLike(operation.input, idName, `${name}Name`, name)) ?? idName ?? [...item.members.keys()][0] ?? 'Id';
  }
}

const RECORD = '// compare with a record of CloudTrail: it can hold the id elsewhere than the API';

/** The calls that no control of the kind looks at yet: its author makes some of them triggers, and says why the others are none. */
function unwatchedLines({ type, operations, created }: Resource, watched: readonly string[]): string[] {
  const calls = changingCalls(operations, { type }).filter((name) => name !== created?.eventName && !watched.includes(name));
  return calls.length > 0
    ? [`unwatched: { [${blankCode('why no control looks at these calls')}]: [${calls.map((name) => `'${name}'`).join(', ')}] },`]
    : [];
}

/** How ids become items: by a call of one, by a call of several, or from the list. */
function loaderOf({ noun, get, id, idName }: Resource, all: string): string {
  const name = `'${words(pluralOf(noun))} by id'`;
  if (!get) return `fromList(${name}, ${all}, ({ ${id} }) => ${id})`;
  const command = (ids: string) => `new ${get.operation.name}Command({ ${get.input}${ids === get.input ? '' : `: ${ids}`} })`;
  if (!get.isBatch) return `oneByOne(${name}, (id) => ${command('id')}, ${accessor(get.path)})`;
  return `inBatches(${name}, (ids) => ${command('[...ids]')}, ${accessor(get.path)}, ({ ${idName} }) => ${idName})`;
}

/** How the kind lists its ids, part by part. */
function listOf({ list: { operation, path, tokens }, id }: Resource, all: string): string {
  const ids = id && `({ ${id} }) => ${id} ?? []`;
  if (!tokens) return `async (read) => ({ items: ${ids ? `(await ${all}(read)).flatMap(${ids})` : `await ${all}(read)`} })`;
  const command = `new ${operation.name}Command`;
  const page = isNextToken(tokens)
    ? `onePage(read, (token) => ${command}(token), ${accessor(path)}, from)`
    : `onePageBy(read, (${tokens.input}) => ${command}({ ${tokens.input} }), ${accessor(path)}, ${accessor(tokens.output.split('.'))}, from)`;
  return ids ? `async (read, _place, from) => partOf(await ${page}, ${ids})` : `(read, _place, from) => ${page}`;
}

function listSource({ noun, list }: Resource, all: string): string {
  const { operation, path, tokens } = list;
  const head = `/** All ${words(pluralOf(noun))} of the Region. */\n`;
  const command = `new ${operation.name}Command`;
  if (!tokens) return `${head}async function ${all}(read: Reader) {\nreturn ${optional(`(await read(${command}({})))`, path)} ?? [];\n}\n`;
  if (isNextToken(tokens))
    return `${head}function ${all}(read: Reader) {\nreturn pages(read, (token) => ${command}(token), ${accessor(path)});\n}\n`;
  const next = accessor(tokens.output.split('.'));
  return `${head}function ${all}(read: Reader) {\nreturn pagesBy(read, (${tokens.input}) => ${command}({ ${tokens.input} }), ${accessor(path)}, ${next});\n}\n`;
}

function tagLines({ tags }: Resource): string[] {
  if (!tags) return ['// its tags tell what CloudFormation or Terraform manages: add `tagsOf` before a fix is planned'];
  const { call, member, halves } = tags;
  const whole = halves?.key === 'Key' && halves.value === 'Value';
  const loose = (value: string) => {
    if (!halves) return `Object.entries(${value} ?? {}).map(([Key, Value]) => ({ Key, Value }))`;
    return whole ? value : `${value}?.map(({ ${halves.key}: Key, ${halves.value}: Value }) => ({ Key, Value }))`;
  };
  if (!call) return [`tagsOf: ({ ${member} }) => allTags(${loose(member)}),`];
  const { operation, input, from } = call;
  const item = from === 'id' ? '_item' : `{ ${from} }`;
  const value = from === 'id' ? 'id' : from;
  return [
    `async tagsOf(${item}, ${from === 'id' ? 'id' : '_id'}, read) {`,
    `const answer = await ifThere(read(new ${operation.name}Command({ ${input}: ${value} })));`,
    `return allTags(${loose(`answer?.${member}`)});`,
    '},',
  ];
}

function accessor([first = '', ...rest]: readonly string[]): string {
  if (first === '') return '(answer) => answer';
  return `({ ${first} }) => ${optional(first, rest)}`;
}

function optional(start: string, path: readonly string[]): string {
  const [first, ...rest] = path;
  if (first === undefined) return start;
  return start.startsWith('(') ? `${start}.${[first, ...rest].join('?.')}` : `${start}?.${path.join('?.')}`;
}

function isNextToken({ input, output }: { readonly input: string; readonly output: string }): boolean {
  return input === 'NextToken' && output === 'NextToken';
}

/** A blank as code. */
export function blankCode(what: string): string {
  return `blank(${what.includes("'") ? `"${what}"` : `'${what}'`})`;
}

/** Security Hub's name of a type, by its SDK; `Other` where it has none. */
async function securityHubOf(root: string, { service, name }: Resource): Promise<string> {
  const command = commandOf(await loadSdk(root, '@aws-sdk/client-securityhub'), 'BatchImportFindingsCommand');
  const schema: unknown = command && Reflect.get(command, 'schema');
  const input = Array.isArray(schema) ? structureOf(schema[4]) : undefined;
  const details = input && inside(input, 'Findings', 'Resources', 'Details');
  return (details && memberLike(details, `Aws${service}${name}`)) ?? 'Other';
}
