import { randomUUID } from 'node:crypto';
import type { HttpAnswer } from '../../http.ts';
import type { JsonObject } from '../../json.ts';
import { SERVICE_KEY } from '../../trail/callers.ts';
import { putEvent } from '../../trail/event.ts';
import { type Caller, serviceRole } from '../../trail/identity.ts';
import type { AwsCall } from '../aws-call.ts';
import { readError } from '../aws-error.ts';
import { parseAnswer } from '../ec2-xml.ts';
import type { Additions, Around } from '../gaps/addition.ts';
import { type MotoClient, queryRequest } from '../moto-client.ts';

const service = 'imagebuilder.amazonaws.com';
const callerIn = (account: string): Caller => ({
  kind: 'role',
  name: 'Ec2ImageBuilderIntegrationService',
  roleArn: serviceRole(service, 'AWSServiceRoleForImageBuilder', account),
  since: new Date(0),
});

/** The parameters of a call of EC2. */
export interface Parameters {
  readonly [name: string]: string;
}

/** EC2 as a build calls it, with everything that is added to moto. */
export class BuilderEc2 {
  readonly #base: Additions;
  readonly #call: AwsCall;
  readonly #around: Around;

  constructor(base: Additions, call: AwsCall, around: Around) {
    this.#base = base;
    this.#call = call;
    this.#around = around;
  }

  get account(): string {
    return this.#call.account;
  }

  get moto(): MotoClient {
    return this.#around.moto;
  }

  /** Calls EC2 in a Region, unrecorded; throws what EC2 refuses. */
  async ask(action: string, parameters: Parameters, region: string): Promise<JsonObject> {
    const call = this.#callOf(action, parameters, region);
    return parseAnswer(checked(action, await this.#answer(call)).body);
  }

  /** Calls EC2 in a Region under the role of the service; CloudTrail records it. */
  async tell(action: string, parameters: Parameters, region: string): Promise<void> {
    const call = this.#callOf(action, parameters, region);
    const answer = await this.#answer(call);
    await this.#record(call, answer);
    checked(action, answer);
  }

  /** Records a call that was made otherwise than the service makes it. */
  async recorded(action: string, parameters: Parameters, region: string, answer: HttpAnswer): Promise<void> {
    await this.#record(this.#callOf(action, parameters, region), answer);
  }

  /** Puts the notice of a service on the bus of a Region. */
  async notice(source: string, type: string, resource: string, detail: JsonObject, region: string): Promise<void> {
    await putEvent({ source, type, resources: [resource], detail }, this.#around.moto, region);
  }

  async #answer(call: AwsCall): Promise<HttpAnswer> {
    return await (this.#base[`ec2:${call.action}`] ?? ((one, { forward }) => forward(one)))(call, {
      ...this.#around,
      caller: callerIn(this.account),
      requestId: randomUUID(),
    });
  }

  #record(call: AwsCall, answer: HttpAnswer): Promise<void> {
    return this.#around.record(call, callerIn(this.account), answer, randomUUID());
  }

  #callOf(action: string, parameters: Parameters, region: string): AwsCall {
    const all = { Action: action, Version: '2016-11-15', ...parameters };
    const request = queryRequest('ec2', all, region);
    const own = { service: 'ec2', protocol: 'ec2', region, action, request, query: new Map(Object.entries(all)), json: {} } as const;
    return { ...this.#call, ...own, accessKeyId: SERVICE_KEY, userAgent: service };
  }
}

function checked(action: string, answer: HttpAnswer): HttpAnswer {
  const error = readError(answer);
  if (error) throw new Error(`${action}: ${error.message} (${error.code})`);
  return answer;
}
