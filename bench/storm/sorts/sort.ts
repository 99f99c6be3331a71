import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ImagebuilderClient } from '@aws-sdk/client-imagebuilder';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Status } from '#shared/finding/finding.ts';

/** What a client needs to find the local cloud and be known there. */
interface Settings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

/** What the storm makes things with, an image that launches name, and the key that log groups get. */
export class Account {
  readonly ec2: EC2Client;
  readonly scaling: AutoScalingClient;
  readonly ssm: SSMClient;
  readonly trails: CloudTrailClient;
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;
  readonly builder: ImagebuilderClient;
  readonly id: string;
  /** Of the local cloud, which takes events of what no client can do there. */
  readonly endpoint: string;
  readonly settings: Settings;
  image = '';
  key = '';

  constructor(id: string, settings: Settings) {
    this.id = id;
    this.settings = settings;
    this.endpoint = settings.endpoint;
    this.ec2 = new EC2Client(settings);
    this.scaling = new AutoScalingClient(settings);
    this.ssm = new SSMClient(settings);
    this.trails = new CloudTrailClient(settings);
    this.s3 = new S3Client(settings);
    this.logs = new CloudWatchLogsClient(settings);
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
