import { isObject, type Json, type JsonObject, listAt, stringAt } from '../../json.ts';
import { kinds } from './kinds.ts';
import { model, only, shapeOf } from './model.ts';
import { invalid, Refusal } from './refusal.ts';
import { type Item, partsOf, type Table } from './table.ts';

/** What AWS gives where no number is named, and at most. */
const most = 25;

/** Answers a list: what the asked owner has and had before a moment, and the filters want, page by page. */
export function listed(name: string, input: JsonObject, table: Table, region: string, until: number): JsonObject {
  const [, noun = '', plural] = /^List(ImagePipeline(?!s)|\w+?)(s|BuildVersions|Images)$/.exec(name) ?? [];
  const output = shapeOf(model.operations[name]?.output);
  const [list = '', { shape = '' } = {}] = Object.entries(output.members ?? {}).find(([member]) => member.endsWith('List')) ?? [];
  const element = shapeOf(shape).member?.shape ?? '';
  const of = plural === 'Images' ? 'Image' : noun;
  const within = stringAt(input, 'componentVersionArn') ?? stringAt(input, 'imageVersionArn');
  const pipeline = stringAt(input, 'imagePipelineArn');
  const found = table
    .all(kinds[of]?.type ?? '', region)
    .filter((item) => item.at <= until && ownerOf(item) === (stringAt(input, 'owner') ?? 'Self'))
    .filter(({ arn }) => within === undefined || arn.startsWith(`${within}/`))
    .filter(({ content }) => pipeline === undefined || content['sourcePipelineArn'] === pipeline)
    .map((item) => (plural === 's' && kinds[of]?.isBuilt ? { ...item, arn: item.arn.replace(/\/\d+$/, '') } : item));
  const unlike = input['byName'] === true ? ({ arn }: Item) => partsOf(arn).base : ({ arn }: Item) => arn;
  const newest = [...new Map(found.map((item) => [unlike(item), item])).values()];
  const items = newest.map(({ arn, content }) => only(element, { ...content, arn })).filter(wanted(listAt(input, 'filters'), element));
  const [size, from] = [Number(input['maxResults'] ?? most), Number(/^from-(\d+)$/.exec(stringAt(input, 'nextToken') ?? 'from-0')?.[1])];
  if (Number.isNaN(from)) throw new Refusal('InvalidPaginationTokenException', 'The pagination token is not valid.');
  const end = from + size;
  return { [list]: items.slice(from, end), ...(end < items.length && { nextToken: `from-${end}` }) };
}

/** Whether something is Amazon’s own or the account’s. */
export function ownerOf({ arn }: Item): string {
  return /^arn:[^:]*:imagebuilder:[^:]*:aws:/.test(arn) ? 'Amazon' : 'Self';
}

/** Whether an element has, for each filter, one of its values. */
function wanted(filters: readonly Json[], element: string): (item: JsonObject) => boolean {
  const known = Object.keys(shapeOf(element).members ?? {});
  const asked = filters.map((filter, n) => {
    const name = (stringAt(filter, 'name') ?? '').replace(/^supportedOsVersion$/, 'supportedOsVersions');
    if (!known.includes(name)) throw invalid(`filters[${n}].name`, `There is no filter ${name}.`);
    return { name, values: listAt(filter, 'values') };
  });
  return (item) => asked.every(({ name, values }) => listAt(isObject(item) ? item : {}, name).some((own) => values.includes(own)));
}
