/** How a tool writes the text of one kind of resource. */
export interface Written {
  /** What gives it a tag, and where that stands; goes on after `set `. */
  tag(key: string, value: string): string;
  /** Where its text stands: its tags, and what else the sensitive control reads; goes on after `take it out of `. */
  readonly texts: string;
}

/** How code writes the tags of a kind, and its other text; the CDK's call is the same for all kinds. */
export interface TagCode {
  readonly cloudFormation: Written;
  readonly terraform: Written;
  readonly cdk?: {
    /** What has to be known besides the call; goes on after it. */
    readonly besides?: string;
    /** Where text stands that is no tag. */
    readonly texts?: string;
  };
}
