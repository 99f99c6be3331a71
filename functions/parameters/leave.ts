import { GetResourcePoliciesCommand } from '@aws-sdk/client-ssm';
import { pagesUpTo } from '#shared/aws/pages.ts';
import type { Made } from '#shared/control/actor.ts';
import type { Loader, Place, Reader } from '#shared/control/control.ts';
import { type Advice, adviceOf, type Iac } from '#shared/control/iac.ts';
import { type Managers, toolBehind } from '#shared/control/manager.ts';
import type { LooseTag } from '#shared/control/tag.ts';
import { parameters } from './kind.ts';
import { namesOf } from './names.ts';
import type { Value } from './parameters.ts';
import { STAGE } from './stage.ts';

/** The most pages of launch template versions, of 200 each, that are looked through. */
const MOST_PAGES = 10;

/** Whoever makes a parameter chooses its name, so a name alone exempts nothing: what stands against a fix, or for a look at it first. */
export function byName(name: string): { readonly problem?: string; readonly doubt?: string } {
  // a SecureString there would be taken for a copy of another parameter
  if (name.startsWith(`${STAGE}/`)) return { problem: 'its path is reserved for copies that Redress makes while it recreates a parameter' };
  // https://github.com/aws/aws-cdk/issues/30129: CDK reads it as plaintext, and CloudFormation resolves it
  const isOfToolkit = name.startsWith('/cdk-bootstrap/');
  return isOfToolkit ? { doubt: 'by its name it is of the CDK toolkit, whose `cdk deploy` would not read a SecureString' } : {};
}

interface Resolved {
  readonly isComplete: boolean;
  readonly names: ReadonlySet<string>;
}

/** The parameters that the latest and default versions of the account's launch templates resolve; one answer for all. */
const resolvedByTemplates: Loader<Resolved> = {
  name: 'parameters in launch templates',
  max: 1,
  load: async (ids, read) => {
    const { DescribeLaunchTemplateVersionsCommand } = await import('@aws-sdk/client-ec2');
    const { items, isComplete } = await pagesUpTo(
      MOST_PAGES,
      read,
      // without ids it answers for every template of the Region; without ResolveAlias the reference stays as written
      (token) => new DescribeLaunchTemplateVersionsCommand({ Versions: ['$Latest', '$Default'], MaxResults: 200, ...token }),
      ({ LaunchTemplateVersions }) => LaunchTemplateVersions,
    );
    const references = items.flatMap(({ LaunchTemplateData }) => /^resolve:ssm:(.+)$/.exec(LaunchTemplateData?.ImageId ?? '')?.[1] ?? []);
    const names = new Set(references.flatMap((reference) => namesOf(reference)));
    return new Map(ids.map((id) => [id, { names, isComplete }]));
  },
};

/** Why a sensitive parameter is left unchanged whatever the mode, in one sentence, and what a person can do. */
export interface Leave {
  readonly says: string;
  readonly advice: readonly string[];
  /** How code fixes it, where the lines of the control do not fit: none makes a SecureString of what only a String can be. */
  readonly iac?: Iac;
}

const apart = 'Keep what is secret in a parameter of its own, of type SecureString and data type text.';

/** An AMI id is public to whoever may use the AMI, and what reads it takes a String only. */
const ofImage = (name: string): Pick<Leave, 'advice' | 'iac'> => ({
  advice: [`An AMI id is no secret: if only the name made it look like one, add \`!${name}\` to \`patterns\`.`, apart],
  iac: {},
});

/** Why a sensitive parameter is left unchanged; undefined if nothing stands against a fix. */
export async function reasonToLeave(
  name: string,
  tier: string | undefined,
  value: Value,
  read: Reader,
  place: Place,
): Promise<Leave | undefined> {
  // AWS lets nobody else make one there: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
  if (name.startsWith('/aws/')) return { says: 'The path /aws/ is AWS’s own.', advice: [], iac: {} };
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html
  if (value.dataType === 'aws:ec2:image')
    return { says: 'Its data type is aws:ec2:image, which only a String can have.', ...ofImage(name) };
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html: that of webhooks is of SecureStrings
  if (value.dataType !== 'text' && value.dataType !== 'aws:ssm:integration')
    return {
      says: `Its data type is ${value.dataType}, and Redress does not know whether a SecureString can have it.`,
      advice: [apart],
      iac: {},
    };
  if (value.isImage) {
    const resolved = (await read.many(resolvedByTemplates, ['all'])).get('all');
    if (resolved?.names.has(name))
      return { says: 'A launch template resolves it to an AMI, which works with a String only.', ...ofImage(name) };
    if (resolved && !resolved.isComplete)
      return { says: 'It holds an AMI id, and there are more launch templates than can be looked through.', ...ofImage(name) };
  }
  // only an advanced parameter can be shared; RAM keeps the share as a resource policy of the parameter
  if (tier !== 'Advanced') return undefined;
  const ResourceArn = parameters.arnOf(name, place);
  const { Policies = [] } = await read(new GetResourcePoliciesCommand({ ResourceArn }));
  return Policies.length > 0
    ? {
        says: 'It is shared with other accounts, which would need the key too: an AWS managed key cannot be shared.',
        advice: ['Share a customer key with those accounts, and write the parameter as a SecureString under that key.'],
      }
    : undefined;
}

/** Where to change it, for each tool: none of them follows a change made beside it. */
export const iac = {
  cloudFormation:
    'a template cannot make a SecureString: move the value to AWS::SecretsManager::Secret, or make the parameter outside of the template and read it with `{{resolve:ssm-secure:NAME}}`.',
  cdk: 'replace `new StringParameter(…)` with `new Secret(…)`, or make the parameter outside and import it with `StringParameter.fromSecureStringParameterAttributes(…)`.',
  terraform: 'set `type = "SecureString"` on the aws_ssm_parameter, and give the value as `value_wo`, so that it is not in the state.',
} as const;

/** The same as advice: of the tool that its tags or its maker name, or of all. */
export function atTheSource(tags: readonly LooseTag[], made: Made | undefined, managers: Managers): readonly Advice[] {
  return toolBehind(tags, made, managers)?.fix(iac) ?? adviceOf(iac);
}
