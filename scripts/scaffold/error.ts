/** A control that cannot be begun as asked; the message says what to ask instead. */
export class ScaffoldError extends Error {
  override readonly name = 'ScaffoldError';
}
