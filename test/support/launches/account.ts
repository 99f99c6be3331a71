import type { AutoScalingGroup, LaunchConfiguration } from '@aws-sdk/client-auto-scaling';
import type { Image, LaunchTemplate, ResponseLaunchTemplateData, Snapshot } from '@aws-sdk/client-ec2';
import type { Key } from '../kms.ts';
import type { Launching } from '../launchers.ts';

/** One version of a template; the first is number 1. */
export interface Version {
  readonly data: ResponseLaunchTemplateData;
  readonly description?: string;
  readonly createdBy?: string;
}

/** A template with its versions, oldest first. */
export interface Template extends LaunchTemplate {
  readonly versions: Version[];
  /** 1 by default. */
  default?: number;
}

/** What there is in the account, as AWS shows it. */
export interface Account extends Launching {
  readonly templates?: readonly Template[];
  readonly groups?: readonly AutoScalingGroup[];
  readonly configurations?: readonly LaunchConfiguration[];
  readonly images?: readonly Image[];
  readonly snapshots?: readonly Snapshot[];
  /** What parameters hold, for images that are named by one. */
  readonly parameters?: { readonly [name: string]: string };
  readonly isDefaultOn?: boolean;
  readonly defaultKey?: string;
  readonly keys?: { readonly [id: string]: Key };
  /** Instance types that take no encrypted volume. */
  readonly unsupported?: readonly string[];
  /** Errors that a call throws instead of answering, by operation. */
  readonly refuses?: { readonly [operation: string]: Error };
  /** Called once, right before the first call of an operation changes anything. */
  readonly meanwhile?: { readonly [operation: string]: (state: State) => void };
  /** How many versions a page has; all by default. */
  readonly pageSize?: number;
}

/** The account as it stands. */
export interface State {
  readonly templates: Template[];
  readonly groups: AutoScalingGroup[];
  readonly configurations: LaunchConfiguration[];
}
