/** Where CloudTrail records sign-ins, for the pages of what depends on it. */
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
export const recordedSignIns =
  'CloudTrail records sign-ins of root in `us-east-1`. It records those of IAM users there too, or in `us-east-2`, `eu-north-1`, `ap-southeast-2` or the Region of a regional sign-in page. In GovCloud it is `us-gov-west-1`, in China `cn-north-1`. Redress has to be deployed in those Regions.';

/** Where CloudTrail records calls that any service may get. */
export const recordedAnywhere =
  'CloudTrail records a call in the Region that was called, and calls of IAM and other global services in `us-east-1` (`us-gov-west-1` in GovCloud, `cn-north-1` in China). EventBridge sees calls that only read in no Region.';
