/** One form of personal data: its pattern, the check that a match must pass, and the document it is from. */
export interface PersonalForm {
  readonly detector: string;
  readonly pattern: RegExp;
  readonly confirm?: (match: string) => boolean;
  /** A word that must stand in the text too, where the number alone would say too little. */
  readonly near?: RegExp;
  readonly source: string;
}
