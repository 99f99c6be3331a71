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
  isBlind(region: string): boolean {
    return this.#blind.has(region);
  }

  /** Looks at the trails of a Region after a call that starts, stops or deletes one. */
  async after({ service, action, region }: AwsCall, moto: MotoClient): Promise<void> {
    if (service !== 'cloudtrail' || !/^(StartLogging|StopLogging|DeleteTrail)$/.test(action)) return;
    if (await isCovered(moto, region)) this.#blind.delete(region);
    else this.#blind.add(region);
  }
}
