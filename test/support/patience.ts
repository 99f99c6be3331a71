/** How long to wait for what takes a second or two on a quiet machine: a bound of failure, not a duration. */
export const patience = { timeout: 150_000, interval: 100 };
