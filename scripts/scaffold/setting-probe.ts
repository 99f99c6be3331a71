import type { AnyKind } from '#shared/control/kind.ts';
import type { AwsCommand, Reader } from '#shared/control/types.ts';
import type { SdkClient } from '../sdk.ts';
import { interfaceOf } from './declarations.ts';
import { calledBy } from './probe.ts';
import { sampleOf } from './samples.ts';
import type { SettingFacts } from './setting.ts';
import type { Operation } from './shapes.ts';

const account = '111122223333';

/** Finds by trying which member of which answer gives a setting that is there a value; undefined if no plain one does. */
export async function probeSetting(root: string, kind: AnyKind, clients: readonly SdkClient[]): Promise<SettingFacts | undefined> {
  const calls = new Map<string, { readonly client: SdkClient; readonly operation: Operation }>();
  const stateWith = async (answers: { readonly [operation: string]: object }): Promise<object> => {
    const call = async (command: AwsCommand): Promise<never> => {
      const { client, operation } = await calledBy(root, clients, command);
      calls.set(operation.name, { client, operation });
      // the command's type is known to its sender only
      return (answers[operation.name] ?? {}) as never;
    };
    // a setting is read by calls alone
    const read: Reader = Object.assign(call, { many: async () => new Map() });
    return Object((await kind.items.load([account], read)).get(account)?.state);
  };
  const empty = await stateWith({});
  for (const { client, operation } of [...calls.values()]) {
    for (const member of (await interfaceOf(root, client.package, operation.output.name)) ?? []) {
      const sample = await sampleOf(root, client.package, member);
      const state = sample && (await stateWith({ [operation.name]: { [member.name]: sample.value } }));
      const key = state && Object.keys(state).find((one) => Reflect.get(state, one) && !Reflect.get(empty, one));
      const others = [...calls.values()].filter((one) => one.operation.name !== operation.name);
      if (!sample || !key || others.some((one) => one.client.package !== client.package)) continue;
      return { client, operation, others: others.map((one) => one.operation), key, member, sample, isManaged: false, changed: [] };
    }
  }
  return undefined;
}
