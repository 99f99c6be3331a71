/** The longest that SQS delays a message, in seconds. */
const MOST = 900;

/** The delay of a message that should come in so many seconds: as long as SQS can, and never none. */
export function delayOf(seconds: number): number {
  return Math.max(1, Math.min(MOST, Math.ceil(seconds)));
}

/**
 * Seconds to wait before try `n` (from 0): 5, 10, 20 … or twice another first one each time, at most what SQS can delay. A first one
 * that is longer than that is a time to pass, such as a day, and is waited for as it is.
 */
export function growing(n: number, first = 5): number {
  return first > MOST ? first : Math.min(MOST, first * 2 ** Math.min(n, 10));
}
