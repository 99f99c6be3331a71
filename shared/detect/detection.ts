/** A detector that hit: its name and what it looks for, never a part of the text. */
export interface Detection {
  readonly detector: string;
  readonly kind: 'secret' | 'personal';
}
