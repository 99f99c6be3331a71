import { LeaseLost } from '#shared/aws/errors.ts';
import type { Target } from '#shared/control/control.ts';
import { type CaseState, dayOfFinding, type FindingRow, type Ledger, type Pause, rowOf } from '#shared/ledger/ledger.ts';

interface Item {
  body?: string;
  owner?: string;
  until?: number;
}

/** A ledger in memory with the table's conditions; `dump` is everything that it holds, as text. */
export function memoryLedger(): Ledger & { dump(): string } {
  const cases = new Map<string, Item>();
  const done = new Set<string>();
  const findings = new Map<string, string>();
  const windows = new Map<string, { used: number; told: boolean }>();
  const exempt = new Map<string, Target>();
  const claims = new Set<string>();
  let pause: Pause | undefined;
  const keyOf = (control: string, { type, id }: { type: string; id: string }) => `${control} ${type} ${id}`;
  const mine = (key: string, owner: string): Item => {
    const item = cases.get(key);
    if (item?.owner !== owner) throw new LeaseLost('another invocation took the case over');
    return item;
  };
  return {
    async lease(control, target, owner, now, seconds) {
      const key = keyOf(control, target);
      const item = cases.get(key) ?? {};
      if (item.owner && (item.until ?? 0) >= now.getTime()) return undefined;
      cases.set(key, { ...item, owner, until: now.getTime() + seconds * 1000 });
      const empty: CaseState = { control, resource: { type: target.type, id: target.id }, fixes: [] };
      return item.body ? JSON.parse(item.body) : empty;
    },
    async save(state, owner) {
      mine(keyOf(state.control, state.resource), owner).body = JSON.stringify(state);
    },
    async release(control, target, owner, state) {
      const key = keyOf(control, target);
      mine(key, owner);
      if (state) cases.set(key, { body: JSON.stringify(state) });
      else cases.delete(key);
    },
    async done(keys) {
      // BatchGetItem refuses a key that is given twice
      if (new Set(keys).size < keys.length) throw new Error('Provided list of item keys contains duplicates');
      return new Set(keys.filter((key) => done.has(key)));
    },
    markDone: async (keys) => keys.forEach((key) => void done.add(key)),
    putFindings: async (rows) => rows.forEach((row) => void findings.set(row.finding.id, JSON.stringify(row))),
    getFinding: async (id) => {
      const text = findings.get(id);
      return text ? rowOf(JSON.parse(text)) : undefined;
    },
    findingsOf: async (day) =>
      [...findings].filter(([id]) => dayOfFinding(id) === day).map(([, text]): FindingRow => rowOf(JSON.parse(text))),
    async reserve(window, wanted, limit) {
      const item = windows.get(window) ?? { used: 0, told: false };
      const granted = Math.max(0, Math.min(wanted, limit - item.used));
      const isFirstRefusal = granted < wanted && !item.told;
      windows.set(window, { used: item.used + granted, told: item.told || isFirstRefusal });
      return { granted, isFirstRefusal };
    },
    keepExempt: async (control, { type, id }, until) => {
      if (until) exempt.set(`${control} ${type} ${id}`, { type, id });
      else exempt.delete(`${control} ${type} ${id}`);
    },
    exempt: async (control) => [...exempt].flatMap(([key, target]) => (key.startsWith(`${control} `) ? [target] : [])),
    claim: async (name) => {
      if (claims.has(name)) return false;
      claims.add(name);
      return true;
    },
    paused: async () => pause,
    setPause: async (next) => {
      pause = next;
    },
    dump: () =>
      JSON.stringify({
        cases: [...cases],
        done: [...done],
        findings: [...findings],
        windows: [...windows],
        exempt: [...exempt],
        claims: [...claims],
        pause,
      }),
  };
}
