import type { LocalCloud } from '../../local/cloud.ts';
import { parseAnswer } from '../../local/emulator/ec2-xml.ts';
import { MotoClient } from '../../local/emulator/moto-client.ts';
import type { ObservedCall } from '../../local/emulator/proxy.ts';
import { at, type Json, listAt, parseJson, stringAt } from '../../local/json.ts';
import { refusalOf, sayRefusal } from './iam.ts';
import { askedFor } from './iam-calls.ts';

/** Judges the calls of a local cloud's functions as IAM would, by the roles that CloudFormation has made for them. */
export class RoleWatch {
  #calls: ObservedCall[] = [];
  readonly #statements = new Map<string, readonly Json[]>();
  #account = '';

  /** Keeps a call to be judged; what users call is not. */
  note(call: ObservedCall): void {
    if (call.function !== undefined) this.#calls.push(call);
  }

  /** Reads the policies of every function's role; those of the stack are all inline. */
  async learn({ motoEndpoint, region, account, stack }: LocalCloud): Promise<void> {
    this.#account = account;
    const moto = new MotoClient();
    moto.endpoint = motoEndpoint;
    const iam = async (action: string, parameters: { readonly [name: string]: string }): Promise<Json | undefined> => {
      const { body } = await moto.query('iam', action, { Version: '2010-05-08', ...parameters }, region);
      return at(parseAnswer(body), `${action}Result`);
    };
    for (const { name, roleArn } of stack.functions) {
      const RoleName = roleArn.split('/').at(-1) ?? '';
      const names = listAt(await iam('ListRolePolicies', { RoleName }), 'PolicyNames', 'member').map(String);
      const policies = await Promise.all(names.map((PolicyName) => iam('GetRolePolicy', { RoleName, PolicyName })));
      const documents = policies.map((policy) => parseJson(decodeURIComponent(stringAt(policy, 'PolicyDocument') ?? '')));
      this.#statements.set(
        name,
        documents.flatMap((document) => listAt(document, 'Statement')),
      );
    }
  }

  /** The calls since it was last asked that AWS would refuse; of those that are alike in function, action and reason, the first. */
  refused(): string[] {
    // in another account a function has another role, and the session's own policy
    const calls = this.#calls.filter(({ call }) => call.account === this.#account);
    this.#calls = [];
    const refusals = calls.flatMap(({ function: name = '', call }) =>
      askedFor(call, this.#account).flatMap((asked) => {
        const refusal = refusalOf(asked, this.#statements.get(name) ?? []);
        return refusal ? [{ like: JSON.stringify([name, asked.action, refusal]), says: `${name}: ${sayRefusal(asked, refusal)}` }] : [];
      }),
    );
    const groups = Map.groupBy(refusals, ({ like }) => like);
    return [...groups.values()].map(([first, ...others]) => `${first?.says}${others.length > 0 ? ` (and ${others.length} more)` : ''}`);
  }
}
