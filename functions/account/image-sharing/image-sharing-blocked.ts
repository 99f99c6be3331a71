import { DescribeImagesCommand, EnableImageBlockPublicAccessCommand } from '@aws-sdk/client-ec2';
import { onePage, partOf } from '#shared/aws/pages.ts';
import { type CaseContext, defineControl, type Plan, type Reader, type Verdict } from '#shared/control/control.ts';
import { ACCOUNT } from '#shared/control/setting.ts';
import { areOrIs, named, notAsked, PAGE, type Public, publicOf } from '../public.ts';
import { type ImageSharing, imageSharing } from './kind.ts';

/** The last call that changed it, and when, ISO 8601. */
type Hint = { readonly call: string; readonly at: string };

type Facts = ImageSharing & {
  readonly open: Public;
  /** When the last call was, ISO 8601, if it asked for the other state. */
  readonly contrary?: string;
};

const BLOCKED = 'block-new-sharing';
/** How long a state that contradicts the last call is not believed, in milliseconds; AWS takes up to 10 minutes. */
const STALE_MS = 15 * 60_000;
const guide = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-block-public-access-for-amis.html';

export default defineControl(imageSharing, {
  id: 'image-sharing-blocked',
  title: 'Public sharing of AMIs is blocked',
  why: 'One call makes an AMI public, with the code and the secrets that were left in it. The block makes that call impossible; what is public stays so.',
  remediation:
    'Blocks new public sharing of AMIs in the Region, which takes up to 10 minutes. Asks first where an AMI is public, for a pipeline may publish the next one.',
  severity: 'high',
  defaultMode: 'fix',
  triggers: [...imageSharing.created],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [{ action: 'ec2:DescribeImages' }],
    writes: [{ action: 'ec2:EnableImageBlockPublicAccess' }, { action: 'ec2:DisableImageBlockPublicAccess' }],
  },
  references: [guide, 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageBlockPublicAccess.html'],
  iac: {
    cloudFormation: 'has no type for it: a custom resource can call `EnableImageBlockPublicAccess`.',
    terraform: 'have an aws_ec2_image_block_public_access with `state = "block-new-sharing"` in each Region.',
  },
  prevention: {
    declarative: { image_block_public_access: { state: { '@@assign': 'block_new_sharing' } } },
    breaks: 'Pipelines that publish AMIs fail.',
    references: [guide, 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html'],
  },

  targets: ({ eventName: call, eventTime: at }, { account }) => [{ type: ACCOUNT, id: account, hint: { call, at } satisfies Hint }],

  // a copy of an earlier call may come later
  joinHints: (one, other) => (Date.parse(other.at) < Date.parse(one.at) ? one : other),

  async inspectOne({ state: { state } }, read, _context, { hint }): Promise<Facts> {
    const other = state === BLOCKED ? 'DisableImageBlockPublicAccess' : 'EnableImageBlockPublicAccess';
    return {
      state,
      open: state === BLOCKED ? notAsked : await publicImages(read),
      ...(hint?.call === other && { contrary: hint.at }),
    };
  },

  judge(facts, context): Verdict {
    const { state, open } = facts;
    if (isStale(facts, context))
      return { is: 'violation', says: `Somebody changed block public access for AMIs, and AWS still shows ${state}.` };
    if (state === BLOCKED) return { is: 'compliant', says: 'New public sharing of AMIs is blocked.' };
    const what = 'Block public access for AMIs is off: everybody who may share an AMI can make it public';
    if (open.ids.length === 0) return { is: 'violation', says: `${what}. No AMI is public.`, risk: what };
    return {
      is: 'violation',
      says: `${what}. Public now: ${named(open)}.`,
      // each public image is reported for itself
      risk: what,
      advice: [
        'If a pipeline publishes AMIs from this account, exempt this setting; if none does, approve the fix: what is public stays so.',
      ],
    };
  },

  plan(facts, context): Plan {
    const { open } = facts;
    if (isStale(facts, context)) return { changes: [], again: { afterSeconds: 60, why: 'AWS takes up to 10 minutes to change it' } };
    const command = new EnableImageBlockPublicAccessCommand({ ImageBlockPublicAccessState: BLOCKED });
    const changes = [{ command, says: 'Block new public sharing of AMIs in this Region.' }];
    if (open.ids.length === 0) return { changes };
    return {
      changes,
      needsApproval: `A person should look first: ${named(open)} ${areOrIs(open)} public, and whatever publishes AMIs would fail.`,
    };
  },

  before: ({ state }): ImageSharing => ({ state }),
});

/** Whether AWS still shows the state of before a call; a fix begins only once it has shown that call, so what it shows then is the fix's doing. */
function isStale({ state, contrary }: Facts, { now, fixingSince }: CaseContext): boolean {
  const called = Date.parse(contrary ?? '');
  // of a call at no time nothing is known
  if (!(now.getTime() - called < STALE_MS)) return false;
  return state !== BLOCKED || fixingSince === undefined || called > Date.parse(fixingSince);
}

async function publicImages(read: Reader): Promise<Public> {
  const Filters = [{ Name: 'is-public', Values: ['true'] }];
  const command = (token: { readonly NextToken?: string }) =>
    new DescribeImagesCommand({ Owners: ['self'], Filters, MaxResults: PAGE, ...token });
  return await publicOf(async (from) => partOf(await onePage(read, command, ({ Images }) => Images, from), ({ ImageId }) => ImageId ?? []));
}
