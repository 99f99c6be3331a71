import type { AnyControl } from '#shared/control/control.ts';
import { type PolicyType, policiesOf, policyTypes, statementOf } from '#shared/control/prevention.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { exemptedBy, joined, type Sender, type Whole, wholeDenials } from './denials.ts';

/** One document that AWS Organizations takes. */
export interface Policy {
  readonly type: PolicyType;
  /** What it could be called, and the name of its file: `redress-scp-1`. */
  readonly name: string;
  readonly controls: readonly string[];
  readonly document: object;
  /** The length in bytes without white space, as Organizations counts. */
  readonly size: number;
  /** What stops working that was right, and which controls' denials stop it. */
  readonly breaks: readonly { readonly controls: readonly string[]; readonly says: string }[];
  /** The roles of Redress that it leaves out, because it would stop their fixes. */
  readonly exempts: readonly string[];
}

/** What some controls can be prevented by, and in words why others cannot. */
export interface Preventions {
  readonly policies: readonly Policy[];
  readonly none: readonly { readonly control: string; readonly says: string }[];
}

interface Part {
  readonly controls: readonly string[];
  readonly exempts: readonly string[];
  readonly content: object;
}

/** The policies that make the mistakes of some controls impossible: one document of each type, or several where it would be too long. */
export function preventionsOf(controls: readonly AnyControl[], functions: readonly Sender[], config: RedressConfig): Preventions {
  const denialsOf = (type: 'scp' | 'rcp') =>
    controls.flatMap((control) => {
      const { prevention = { none: '' } } = control;
      return 'none' in prevention ? [] : wholeDenials(control, prevention[type] ?? [], config, functions);
    });
  const parts: { readonly [type in PolicyType]: readonly Part[] } = {
    scp: statements(joined(denialsOf('scp')), 'scp'),
    rcp: statements(joined(denialsOf('rcp')), 'rcp'),
    declarative: attributes(controls),
  };
  const policies = (['scp', 'rcp', 'declarative'] as const).flatMap((type) =>
    packed(parts[type], type).map((group, n) => policy(type, n + 1, group, controls)),
  );
  const covered = new Set(policies.flatMap((one) => one.controls));
  return {
    policies,
    none: controls.filter(({ id }) => !covered.has(id)).map((control) => ({ control: control.id, says: whyNone(control) })),
  };
}

function whyNone({ prevention }: AnyControl): string {
  if (prevention && 'none' in prevention) return prevention.none;
  return 'Its settings name nothing that a policy could ask for.';
}

function statements(denials: readonly Whole[], type: 'scp' | 'rcp'): Part[] {
  return denials.map((denial) => ({ controls: denial.controls, exempts: exemptedBy(denial), content: statementOf(denial, type) }));
}

/** The attributes of all controls; two that want different things of one attribute are an error of their authors. */
function attributes(controls: readonly AnyControl[]): Part[] {
  const found = controls.flatMap(({ id, prevention = { none: '' } }) =>
    'none' in prevention ? [] : Object.entries(prevention.declarative ?? {}).map(([name, value]) => ({ id, name, value })),
  );
  return [...Map.groupBy(found, ({ name }) => name)].map(([name, group]) => {
    const [first, ...others] = group;
    const other = others.find(({ value }) => JSON.stringify(value) !== JSON.stringify(first?.value));
    if (other) throw new TypeError(`${first?.id} and ${other.id} want different things of ${name} in an EC2 declarative policy`);
    return { controls: group.map(({ id }) => id), exempts: [], content: { [name]: first?.value } };
  });
}

/** Fills one document after the other, in order. */
function packed(parts: readonly Part[], type: PolicyType): Part[][] {
  const { limit, name } = policyTypes[type];
  const documents: Part[][] = [];
  for (const part of parts) {
    const last = documents.at(-1);
    if (last && sizeOf(documentOf(type, [...last, part])) <= limit) last.push(part);
    else documents.push([part]);
    if (sizeOf(documentOf(type, [part])) > limit)
      throw new TypeError(`${part.controls.join(', ')}: one statement alone is longer than the ${limit} bytes of a ${name}`);
  }
  return documents;
}

function policy(type: PolicyType, number: number, parts: readonly Part[], all: readonly AnyControl[]): Policy {
  const document = documentOf(type, parts);
  const controls = [...new Set(parts.flatMap((part) => part.controls))];
  const said = all.flatMap(({ id, prevention = { none: '' } }) =>
    controls.includes(id) && policiesOf(prevention).includes(type) && 'breaks' in prevention ? [{ id, says: prevention.breaks }] : [],
  );
  const breaks = [...Map.groupBy(said, ({ says }) => says)].map(([says, group]) => ({ controls: group.map(({ id }) => id), says }));
  return {
    type,
    name: `redress-${type}-${number}`,
    controls,
    document,
    size: sizeOf(document),
    breaks,
    exempts: [...new Set(parts.flatMap((part) => part.exempts))],
  };
}

function documentOf(type: PolicyType, parts: readonly Part[]): object {
  if (type === 'declarative') return { ec2_attributes: Object.assign({}, ...parts.map(({ content }) => content)) };
  const taken = new Set<string>();
  const Statement = parts.map(({ controls, content }) => {
    const sid = sidOf(controls[0] ?? '');
    let Sid = sid;
    for (let n = 2; taken.has(Sid); n += 1) Sid = `${sid}${n}`;
    taken.add(Sid);
    return { Sid, ...content };
  });
  return { Version: '2012-10-17', Statement };
}

/** Organizations takes letters and digits only. */
function sidOf(control: string): string {
  const words = control.split(/[^a-z0-9]+/i);
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

function sizeOf(document: object): number {
  return Buffer.byteLength(JSON.stringify(document));
}
