import type {
  DescribeImagesCommandInput,
  DescribeSnapshotsCommandInput,
  EnableAllowedImagesSettingsCommandInput,
  EnableImageBlockPublicAccessCommandInput,
  EnableSnapshotBlockPublicAccessCommandInput,
  InstanceMetadataDefaultsResponse,
  ModifyInstanceMetadataDefaultsCommandInput,
} from '@aws-sdk/client-ec2';
import { type Answers, answerTo, type Refusals } from '../answers.ts';
import type { World } from '../harness.ts';

/** The settings of an account, and what of its own is public. */
export interface Account {
  readonly snapshots?: string;
  readonly publicSnapshots?: readonly string[];
  readonly images?: string;
  readonly publicImages?: readonly string[];
  readonly imds?: InstanceMetadataDefaultsResponse;
  readonly console?: boolean;
  readonly allowed?: string;
  readonly managedBy?: string;
  /** How long a change of the blocking of images does not show, in seconds. */
  readonly lag?: number;
  /** What a call throws instead of answering, by its action. */
  readonly refuses?: Refusals;
}

/** An EC2 that remembers the settings of the account; an answer has a member only where AWS says something. */
export function accountWorld(account: Account = {}): World {
  const { managedBy: ManagedBy = 'account', lag = 0 } = account;
  let { snapshots = 'unblocked', console: isConsoleOn = true, allowed = 'disabled' } = account;
  let imds: InstanceMetadataDefaultsResponse = { ...account.imds };
  const images = [{ state: account.images ?? 'unblocked', from: 0 }];
  const shownImages = () => images.findLast(({ from }) => from <= now())?.state;
  const setImages = (state: string) => {
    images.push({ state, from: now() + lag * 1000 });
    return { ImageBlockPublicAccessState: state };
  };
  const answers: Answers = {
    'ec2:GetSnapshotBlockPublicAccessState': () => ({ State: snapshots, ManagedBy }),
    'ec2:EnableSnapshotBlockPublicAccess': ({ State }: EnableSnapshotBlockPublicAccessCommandInput) => {
      snapshots = String(State);
    },
    'ec2:DisableSnapshotBlockPublicAccess': () => {
      snapshots = 'unblocked';
    },
    'ec2:DescribeSnapshots': ({ OwnerIds, RestorableByUserIds, NextToken }: DescribeSnapshotsCommandInput) => {
      const isAsked = OwnerIds?.join() === 'self' && RestorableByUserIds?.join() === 'all';
      if (!isAsked) throw new Error('this world knows public snapshots of the account only');
      const ids = account.publicSnapshots ?? [];
      // the first page is empty, as AWS's may be
      return NextToken ? { Snapshots: ids.map((SnapshotId) => ({ SnapshotId })) } : { Snapshots: [], NextToken: 'more' };
    },
    'ec2:GetImageBlockPublicAccessState': () => ({ ImageBlockPublicAccessState: shownImages(), ManagedBy }),
    'ec2:EnableImageBlockPublicAccess': ({ ImageBlockPublicAccessState }: EnableImageBlockPublicAccessCommandInput) =>
      setImages(String(ImageBlockPublicAccessState)),
    'ec2:DisableImageBlockPublicAccess': () => setImages('unblocked'),
    'ec2:DescribeImages': ({ Owners, Filters }: DescribeImagesCommandInput) => {
      const [filter, ...others] = Filters ?? [];
      const isAsked = Owners?.join() === 'self' && filter?.Name === 'is-public' && filter.Values?.join() === 'true' && others.length === 0;
      if (!isAsked) throw new Error('this world knows public images of the account only');
      return { Images: (account.publicImages ?? []).map((ImageId) => ({ ImageId })) };
    },
    'ec2:GetInstanceMetadataDefaults': () => ({ AccountLevel: { ...imds, ManagedBy } }),
    'ec2:ModifyInstanceMetadataDefaults': ({ HttpTokens, HttpPutResponseHopLimit }: ModifyInstanceMetadataDefaultsCommandInput) => {
      const { HttpTokens: tokens, HttpPutResponseHopLimit: hops, ...rest } = imds;
      const tokensNow = HttpTokens ?? tokens;
      const hopsNow = HttpPutResponseHopLimit ?? hops;
      imds = {
        ...rest,
        ...(tokensNow !== undefined && tokensNow !== 'no-preference' && { HttpTokens: tokensNow }),
        ...(hopsNow !== undefined && hopsNow !== -1 && { HttpPutResponseHopLimit: hopsNow }),
      };
      return { Return: true };
    },
    'ec2:GetSerialConsoleAccessStatus': () => ({ SerialConsoleAccessEnabled: isConsoleOn, ManagedBy }),
    'ec2:EnableSerialConsoleAccess': () => {
      isConsoleOn = true;
    },
    'ec2:DisableSerialConsoleAccess': () => {
      isConsoleOn = false;
    },
    'ec2:GetAllowedImagesSettings': () => ({ State: allowed, ManagedBy }),
    'ec2:EnableAllowedImagesSettings': ({ AllowedImagesSettingsState }: EnableAllowedImagesSettingsCommandInput) => {
      allowed = String(AllowedImagesSettingsState);
    },
    'ec2:DisableAllowedImagesSettings': () => {
      allowed = 'disabled';
    },
  };
  const world: World = {
    async send(command) {
      return answerTo(command, answers, account.refuses);
    },
  };
  const now = () => world.clock?.().getTime() ?? 0;
  return world;
}
