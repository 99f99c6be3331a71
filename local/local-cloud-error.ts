/** The local cloud cannot start or go on; the message says what to do. */
export class LocalCloudError extends Error {
  override readonly name = 'LocalCloudError';
}
