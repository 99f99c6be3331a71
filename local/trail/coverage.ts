import type { AwsCall } from '../emulator/aws-call.ts';
import { isCovered } from '../emulator/gaps/trails.ts';
import type { MotoClient } from '../emulator/moto-client.ts';

/**
 * In which Regions EventBridge gets no calls, since somebody stopped or deleted the last trail there. [U] AWS does not say whether
 * that call itself still arrives: here it does. An account that never had a trail is taken for a member of an organization that has one.
 */
export class Coverage {
  readonly #blind = new Set<string>();

  /** Whether calls in a Region become no events. */
  isBlind({ account, region }: Pick<AwsCall, 'account' | 'region'>): boolean {
    return this.#blind.has(`${account} ${region}`);
  }

  /** Looks at the trails of a Region after a call that starts, stops or deletes one. */
  async after({ account, service, action, region }: AwsCall, moto: MotoClient): Promise<void> {
    if (service !== 'cloudtrail' || !/^(StartLogging|StopLogging|DeleteTrail)$/.test(action)) return;
    const place = `${account} ${region}`;
    if (await isCovered(moto, region)) this.#blind.delete(place);
    else this.#blind.add(place);
  }
}
