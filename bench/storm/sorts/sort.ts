import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { ImagebuilderClient } from '@aws-sdk/client-imagebuilder';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Status } from '#shared/finding/finding.ts';

/** What the storm makes things with, and an image that launches name. */
export class Account {
  readonly ec2: EC2Client;
  readonly scaling: AutoScalingClient;
  readonly ssm: SSMClient;
  readonly builder: ImagebuilderClient;
  readonly id: string;
  /** Of the local cloud, which takes events of what no client can do there. */
  readonly endpoint: string;
  image = '';

  constructor(id: string, settings: EC2ClientConfig & { readonly endpoint: string }) {
    this.id = id;
    this.endpoint = settings.endpoint;
    this.ec2 = new EC2Client(settings);
    this.scaling = new AutoScalingClient(settings);
    this.ssm = new SSMClient(settings);
    this.builder = new ImagebuilderClient(settings);
  }
}

/** How a resource stands in the end: whether it is as it should be, and how much more often than once Redress did it. */
export interface End {
  readonly isRight: boolean;
  readonly twice: number;
}

/** One sort of creation. */
export interface Sort {
  /** The noun of its kind. */
  readonly kind: string;
  readonly control: string;
  /** Where its finding ends. */
  readonly status: Status;
  /** How many of a hundred creations are of this sort. */
  readonly weight: number;
  /** Makes one as a user would; answers its id. */
  make(account: Account, name: string): Promise<string>;
  /** How all of them stand; absent where a finding is all that is to come. */
  ends?(account: Account, ids: readonly string[]): Promise<ReadonlyMap<string, End>>;
}

/** How each of these resources stands. */
export function judged(ids: readonly string[], end: (id: string) => End): ReadonlyMap<string, End> {
  return new Map(ids.map((id) => [id, end(id)]));
}

/** Everything on all pages. */
export async function gathered<Page, One>(pages: AsyncIterable<Page>, of: (page: Page) => One[] | undefined): Promise<One[]> {
  const all: One[] = [];
  for await (const page of pages) all.push(...(of(page) ?? []));
  return all;
}
