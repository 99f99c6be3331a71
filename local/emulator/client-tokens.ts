import type { HttpAnswer } from '../http.ts';
import { type AwsCall, iamAction } from './aws-call.ts';
import { errorAnswer } from './aws-error.ts';

interface Sent {
  readonly parameters: string;
  readonly answer: Promise<HttpAnswer>;
}

/** Answers a repeated ClientToken with the answer to its first use, as AWS does and moto does not. */
export class ClientTokens {
  // by the account: a function that starts again has new credentials, and AWS knows its token all the same
  readonly #sent = new Map<string, Sent>();

  /** Sends a call, or answers what the same token was answered; `repeated` says which. */
  async once(call: AwsCall, requestId: string, send: () => Promise<HttpAnswer>): Promise<{ answer: HttpAnswer; repeated: boolean }> {
    const token = tokenOf(call);
    if (token === undefined) return { answer: await send(), repeated: false };
    const key = [call.account, call.region, iamAction(call), token].join(' ');
    const isJson = call.protocol === 'json' || call.protocol === 'rest';
    const parameters = JSON.stringify(isJson ? call.json : [...call.query].sort());
    const earlier = this.#sent.get(key);
    if (earlier !== undefined) {
      if (earlier.parameters === parameters) return { answer: await earlier.answer, repeated: true };
      const message = 'The request token was used before with other parameters.';
      // the newer services end the names of their errors so
      const code = call.protocol === 'rest' ? 'IdempotentParameterMismatchException' : 'IdempotentParameterMismatch';
      return { answer: errorAnswer(call, { code, message }, requestId), repeated: false };
    }
    const answer = send();
    this.#sent.set(key, { parameters, answer });
    const read = await answer.catch((cause: unknown) => {
      this.#sent.delete(key);
      throw cause;
    });
    // A call that failed made nothing, so its token may be used again.
    if (read.status >= 400) this.#sent.delete(key);
    return { answer: read, repeated: false };
  }
}

function tokenOf({ protocol, query, json }: AwsCall): string | undefined {
  if (protocol === 'ec2' || protocol === 'query') return query.get('ClientToken');
  const token = json['ClientToken'] ?? json['clientToken'];
  return typeof token === 'string' ? token : undefined;
}
