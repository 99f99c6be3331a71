import type { OnCall } from './emulator/proxy.ts';
import type { LocalFinding } from './findings.ts';
import type { SlackPost } from './slack/sink.ts';
import type { LocalOrganization } from './synthesise.ts';

/** How a local cloud is started. */
export interface LocalCloudOptions {
  /** The endpoint's port; a free one by default. */
  readonly port?: number | undefined;
  /** A config in JSON, in place of `redress.config.ts`. */
  readonly configFile?: string | undefined;
  /** Makes the stack the hub of an organization, which takes the place of the config's own. */
  readonly organization?: LocalOrganization | undefined;
  /** A synthesised template to run as it is, with its assets beside it; synthesised afresh by default. */
  readonly template?: string | undefined;
  /** Whether to send the stack the event of its deployment, which makes its sweeps run; a newcomer's account has them run later. */
  readonly deploymentEvent?: boolean | undefined;
  /** The IAM user names of access keys; every other key is `dana`'s. */
  readonly users?: { readonly [accessKeyId: string]: string } | undefined;
  /** Execution environments a function; 1 by default. */
  readonly concurrency?: number | undefined;
  /** No invocation gets more messages, whatever its mapping says: moto answers more slowly than AWS, and the function's time stays the same. */
  readonly mostPerBatch?: number | undefined;
  /** How long the lists of Image Builder do not show what is new, in milliseconds; AWS takes up to two minutes. 0 by default. */
  readonly listLag?: number | undefined;
  /** Called at each announcement of a finding. */
  readonly onFinding?: ((finding: LocalFinding) => void) | undefined;
  /** Called for each Slack message that is posted or updated. */
  readonly onSlack?: ((post: SlackPost) => void) | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Each line that a function wrote. */
  readonly onLog?: ((functionName: string, line: string) => void) | undefined;
  /** What went wrong and was got over, such as a function's crash. */
  readonly onTrouble?: ((text: string) => void) | undefined;
  /** Each line of moto's own log. */
  readonly onMotoLog?: ((line: string) => void) | undefined;
  readonly onCall?: OnCall | undefined;
  /** The ids of messages that come back to their queue, and why. */
  readonly onReturned?: ((ids: readonly string[], why: string) => void) | undefined;
}
