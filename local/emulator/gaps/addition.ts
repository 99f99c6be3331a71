import type { HttpAnswer } from '../../http.ts';
import type { Caller } from '../../trail/identity.ts';
import type { Trail } from '../../trail/trail.ts';
import type { AwsCall } from '../aws-call.ts';
import type { MotoClient } from '../moto-client.ts';

/** What an addition has at hand while it answers one call. */
export interface Around {
  readonly caller: Caller;
  readonly requestId: string;
  readonly moto: MotoClient;
  readonly trail: Trail;
  /** Sends a call on to moto. */
  forward(call: AwsCall): Promise<HttpAnswer>;
  /** Records a call that a service makes because of this one. */
  record(call: AwsCall, caller: Caller, answer: HttpAnswer, requestId: string): Promise<void>;
}

/** Answers a call in moto's place, or sends it on changed. */
export type Addition = (call: AwsCall, around: Around) => Promise<HttpAnswer>;

/** What moto lacks or does otherwise, by API such as `ec2:CopyVolumes`. */
export type Additions = { readonly [api: string]: Addition };
