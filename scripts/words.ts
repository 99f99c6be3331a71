import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { blanksOf } from '#shared/control/blank.ts';
import type { AnyControl, Json, Mode, Permission, Trigger } from '#shared/control/control.ts';
import { API_CALL, isNotice } from '#shared/control/detail-types.ts';

const modes: readonly Mode[] = ['off', 'observe', 'approve', 'fix'];

/** One setting of a control, in words. */
export interface Setting {
  readonly name: string;
  /** What it takes, such as `integer, at least 0`. */
  readonly takes: string;
  /** As it is written in the config; undefined if nothing stands in for an absent value. */
  readonly byDefault: string | undefined;
  /** The setting's own `v.description`, or nothing. */
  readonly meaning: string;
}

/** The modes that the config may ask of a control. */
export function modesAllowed(control: AnyControl): readonly Mode[] {
  const maxMode = blanksOf(control).length > 0 ? 'off' : (control.maxMode ?? 'fix');
  return modes.slice(0, modes.indexOf(maxMode) + 1);
}

/** The calls that a control may send by itself; what AWS checks besides them is left out. */
export function callsOf({ permissions }: AnyControl): readonly string[] {
  return [...new Set(permissions.writes.filter(({ impliedBy }) => impliedBy === undefined).map(({ action }) => action))];
}

/** A trigger as list items of Markdown, one a call or event: `ec2:CreateVolume`, and when. */
export function triggerLines({ eventSource, eventNames, where = {}, detailType = API_CALL, onlyIf }: Trigger): string[] {
  const service = eventSource.replace(/\.amazonaws\.com$/, '');
  const conditions = leavesOf(where).map(([path, values]) => `\`${path}\` is ${values.map(filterText).join(' or ')}`);
  const owner = isNotice(detailType) ? 'event' : 'record';
  const when = conditions.length > 0 ? `, when the ${owner}'s ${conditions.join(' and its ')}` : '';
  if (isNotice(detailType)) return [`- the event ${code(detailType)}${when}`];
  const kind = detailType === API_CALL ? '' : ` (${code(detailType)})`;
  const names = eventNames.length > 0 ? eventNames.map((name) => nameOf(service, name)) : [`every call of ${anyOf(service)}`];
  return names.map((name) => `- ${name}${kind}${when}${onlyIf ? `, where the setting ${code(onlyIf)} is on` : ''}`);
}

/** A call; one that only the settings know is named by its setting. */
function nameOf(service: string, name: string): string {
  const [, setting] = /^\{settings\.(\w+)/.exec(name) ?? [];
  return setting === undefined ? code(`${service}:${name}`) : `each call that the setting ${code(setting)} names`;
}

function anyOf(service: string): string {
  return service === '*' ? 'any service' : code(service);
}

/** A value of a filter; what must be absent, or something else, is said so. */
function filterText(text: string): string {
  if (text === '{"exists":false}') return 'absent';
  const [, setting] = /^\{"\w+":"\{settings\.(\w+)[^"]*"\}$/.exec(text) ?? [];
  if (setting !== undefined) return `what the setting ${code(setting)} names`;
  const [, end] = /^\{"suffix":"([^"]+)"\}$/.exec(text) ?? [];
  if (end !== undefined) return code(`*${end}`);
  const [, barred] = /^\{"anything-but":(?:\{"wildcard":)?\[([^\]]+)\]\}+$/.exec(text) ?? [];
  if (barred === undefined) return code(text);
  const values = barred.split(',').map((value) => code(value.replaceAll('"', '')));
  return values.length === 1 ? `not ${values[0]}` : `neither ${values.join(' nor ')}`;
}

/** When a role denies itself what. */
export const DENIAL =
  'Whatever the policy of a resource allows. The first is not denied where the configuration sets `approve` or `fix` somewhere for a control of the function that needs it to write; the others are denied in every mode.';

/** A permission as the cells of a table: what it is of, and why AWS checks it. */
export function permissionCells(permission: Permission): string[] {
  const { impliedBy } = permission;
  return [...scopeCells(permission), impliedBy ? `${impliedBy}.` : 'The call itself.'];
}

/** What a permission, or a denial, is of: action, resource, condition. */
export function scopeCells({ action, resource = '*', conditions = {} }: Permission): string[] {
  const each = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${operator}: \`${key}\` = ${[values].flat().map(code).join(', ')}`),
  );
  return [code(action), code(resource), each.join('<br>') || 'none'];
}

/** Settings, read from their Valibot schemas. */
export function settingsOf(settings: AnyControl['settings'] = {}): Setting[] {
  return Object.entries(settings).map(([name, schema]) => {
    const shape = toJsonSchema(schema, { errorMode: 'ignore' });
    return { name, takes: takes(shape), byDefault: defaultOf(schema), meaning: shape.description ?? '' };
  });
}

/** Rows of cells as a Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text as Markdown shows code. */
export function code(text: string): string {
  return `\`${text}\``;
}

function leavesOf(value: Json, path: readonly string[] = []): [string, string[]][] {
  if (Array.isArray(value)) return [[path.join('.'), value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))]];
  if (typeof value !== 'object' || value === null) return [[path.join('.'), [String(value)]]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function takes(shape: ReturnType<typeof toJsonSchema>): string {
  const { type, minimum, maximum, pattern } = shape;
  const options = shape.enum?.map((one) => code(JSON.stringify(one))).join(', ');
  return [
    options ? `one of ${options}` : String(type ?? 'anything'),
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
    ...(pattern === undefined ? [] : [`matching ${code(pattern)}`]),
  ].join(', ');
}

function defaultOf(schema: v.GenericSchema): string | undefined {
  const value = v.getDefault(schema);
  return value === undefined || value === null ? undefined : JSON.stringify(value);
}
