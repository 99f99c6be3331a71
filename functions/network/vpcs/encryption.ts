import {
  DescribeVpcEncryptionControlsCommand,
  GetVpcResourcesBlockingEncryptionEnforcementCommand,
  type VpcEncryptionControl,
  type VpcEncryptionNonCompliantResource,
} from '@aws-sdk/client-ec2';
import { classify, errorText } from '#shared/aws/errors.ts';
import { fromList } from '#shared/aws/loaders.ts';
import { pages, pagesUpTo } from '#shared/aws/pages.ts';
import type { Loader, Reader } from '#shared/control/types.ts';

/** What keeps a VPC from enforcing encryption, as far as AWS shows it. */
export type Blocking =
  | { readonly is: 'known'; readonly resources: readonly VpcEncryptionNonCompliantResource[]; readonly isComplete: boolean }
  | { readonly is: 'unknown'; readonly why: string };

/** So many resources are named at most. */
const MOST = 10;

/** The encryption controls of VPCs, by VPC; a VPC without one is absent. */
export const controlsByVpc: Loader<VpcEncryptionControl> = fromList(
  'encryption controls by VPC',
  async (read) => {
    // [U] by `VpcIds`, one VPC without a control may fail the whole call, so that all are read: each is paid for, and there are few
    const all = await pages(
      read,
      (token) => new DescribeVpcEncryptionControlsCommand(token),
      ({ VpcEncryptionControls }) => VpcEncryptionControls,
    );
    return all.filter(({ State }) => State !== 'deleted');
  },
  ({ VpcId }) => VpcId,
);

/** Reads what would block enforcement; [U] whether AWS answers before the VPC is monitored, so that a refusal is no failure. */
export async function blockingOf(VpcId: string, read: Reader): Promise<Blocking> {
  try {
    const command = (token: object) => new GetVpcResourcesBlockingEncryptionEnforcementCommand({ VpcId, ...token });
    const { items, isComplete } = await pagesUpTo(3, read, command, ({ NonCompliantResources }) => NonCompliantResources);
    return { is: 'known', resources: items, isComplete };
  } catch (error) {
    const what = classify(error);
    if (what !== 'denied' && what !== 'refused' && what !== 'missing') throw error;
    return { is: 'unknown', why: errorText(error) };
  }
}

/** What blocks enforcement, in a sentence; each with what an exclusion could do. */
export function sayBlocking(blocking: Blocking): string {
  if (blocking.is === 'unknown') return `AWS does not show what would keep it from being enforced: ${blocking.why}.`;
  const { resources, isComplete } = blocking;
  if (resources.length === 0) return 'AWS names no resource that would keep it from being enforced.';
  const named = resources.slice(0, MOST).map(({ Id = 'one without an id', Type, IsExcludable }) => {
    const about = [Type, IsExcludable ? 'can be excluded' : undefined].filter((one) => one !== undefined);
    return about.length > 0 ? `${Id} (${about.join(', ')})` : Id;
  });
  const more = resources.length - named.length;
  const count = isComplete ? String(resources.length) : `at least ${resources.length}`;
  return `These keep it from being enforced (${count}): ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
