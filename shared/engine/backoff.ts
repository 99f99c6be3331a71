/** The longest that SQS delays a message, in seconds. */
const MOST = 900;

/** The delay of a message that should come in so many seconds: as long as SQS can, and never none. */
export function delayOf(seconds: number): number {
  return Math.max(1, Math.min(MOST, Math.ceil(seconds)));
}
