/** What a `theory` item asks for, checked: the input of `classify → potential → solver`. */
export interface TheoryPlan {
  readonly name: string;
  /** The model that it is derived from; absent for a theory that declares its own free energy. */
  readonly model?: string;
  /** A method of `compiler/library/theories`, or "declared". */
  readonly method: string;
  readonly arguments: {
    /** Words that stand first: `rs`. */
    readonly words: readonly string[];
    /** Named values: numbers, or words such as `star`. */
    readonly named: Readonly<Record<string, number | string>>;
  };
  /** Offsets into the specification. */
  readonly span: { readonly start: number; readonly end: number };
  /** Why this version cannot derive it: claims about it are undecided. */
  readonly unsupported?: string;
}
