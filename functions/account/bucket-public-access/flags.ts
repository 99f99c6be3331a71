/** The four flags by which S3 blocks public access, of an account or a bucket. */
export type Flags = {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
};

/** All four, as they should be. */
export const blocked: Flags = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

/** The flags that AWS shows; what it leaves out is off. */
export function flagsOf(shown: { readonly [flag in keyof Flags]?: boolean | undefined } = {}): Flags {
  return {
    BlockPublicAcls: shown.BlockPublicAcls === true,
    IgnorePublicAcls: shown.IgnorePublicAcls === true,
    BlockPublicPolicy: shown.BlockPublicPolicy === true,
    RestrictPublicBuckets: shown.RestrictPublicBuckets === true,
  };
}

/** The names of those that are off. */
export function flagsOff(flags: Flags): (keyof Flags)[] {
  return (Object.keys(blocked) as (keyof Flags)[]).filter((flag) => !flags[flag]);
}
