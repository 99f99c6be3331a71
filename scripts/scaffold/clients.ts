import { type SdkClient, sdkClients } from '../sdk.ts';
import { signingNameOf } from './declarations.ts';
import { ScaffoldError } from './error.ts';
import { addFirst, type Installer } from './install.ts';

/** The one service that IAM names otherwise than its calls are signed. */
const CLOUDWATCH = 'monitoring';

/** The client of a service, which is added if it is missing; throws `ScaffoldError`. */
export async function clientFor(
  root: string,
  packages: readonly string[],
  clients: readonly SdkClient[],
  installer: Installer,
): Promise<SdkClient> {
  const there = clients.find((client) => packages.includes(client.package));
  if (there) return there;
  const added = await addFirst(root, packages, installer);
  const found = (await sdkClients(root)).find((client) => client.package === added);
  if (!found) {
    throw new ScaffoldError(
      `${added} was added, and package.json does not name it. Add it to the dependencies, and run this command again.`,
    );
  }
  await checkPrefix(root, found);
  return found;
}

/** The event source of a service in CloudTrail: the name that its calls are signed with. */
export async function eventSourceOf(root: string, client: SdkClient): Promise<string> {
  return `${(await signingNameOf(root, client.package)) ?? client.prefix}.amazonaws.com`;
}

/** Refuses a service whose IAM actions would get a wrong prefix: its permissions would grant nothing. */
async function checkPrefix(root: string, client: SdkClient): Promise<void> {
  const signed = await signingNameOf(root, client.package);
  if (signed === undefined || signed === client.prefix || signed === CLOUDWATCH) return;
  throw new ScaffoldError(
    `${client.package}: IAM's actions begin with ${signed}, and Redress would write ${client.prefix}. Add ${client.service}: '${signed}' to \`prefixes\` in shared/aws/actions.ts, and run this command again. Nothing was written.`,
  );
}
