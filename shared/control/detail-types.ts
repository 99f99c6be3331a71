/**
 * EventBridge's detail types whose detail is a CloudTrail record: how EventBridge spells them, and the record's `eventType`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const recordTypes = {
  'AWS API Call via CloudTrail': { spellings: ['AWS API Call via CloudTrail'], eventType: 'AwsApiCall' },
  // AWS documents both spellings, and does not say which arrives where
  'AWS Console Sign In via CloudTrail': {
    spellings: ['AWS Console Sign In via CloudTrail', 'AWS Console Signin via CloudTrail'],
    eventType: 'AwsConsoleSignIn',
  },
  'AWS Console Action via CloudTrail': { spellings: ['AWS Console Action via CloudTrail'], eventType: 'AwsConsoleAction' },
  'AWS Service Event via CloudTrail': { spellings: ['AWS Service Event via CloudTrail'], eventType: 'AwsServiceEvent' },
} as const;

/** Detail types of events that a service sends by itself: no record, and nobody who called. */
export const noticeTypes = ['EC2 AMI State Change', 'EBS Snapshot Notification', 'EC2 Image Builder Image State Change'] as const;

type RecordType = keyof typeof recordTypes;
type NoticeType = (typeof noticeTypes)[number];

/** What a trigger can ask for: calls, sign-ins, what services do on their own, or their notices. */
export type DetailType = RecordType | NoticeType;

/** The detail type of calls, which a trigger has where it names none. */
export const API_CALL = 'AWS API Call via CloudTrail' satisfies RecordType;

/** An event that a service sent by itself, as a control reads it. */
export interface Notice {
  readonly detailType: NoticeType;
  /** ARNs of what it is about; empty where the service names none. */
  readonly resources: readonly string[];
  readonly detail: { readonly [field: string]: unknown };
}

/** Whether events of a detail type, however EventBridge spells it, carry a CloudTrail record. */
export function carriesRecord(detailType: string): boolean {
  return Object.values(recordTypes).some(({ spellings }) => spellings.some((one) => one === detailType));
}

/** Whether a detail type is that of a notice. */
export function isNotice(detailType: string): detailType is NoticeType {
  return noticeTypes.some((one) => one === detailType);
}
