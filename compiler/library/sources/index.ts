/** A source of given data: behind `=` of `data` and of `with`. */
export interface SourceRecord {
  readonly doc: string;
  readonly parameters: readonly { readonly name: string; readonly kind: "text" | "integer" | "real" }[];
  /** What the entries of its arrays are, in the order in which they are bound; integers where it depends on the file. */
  readonly elements: readonly ("integer" | "real")[];
}

/** Every data source that the language knows. */
export const sources = {
  mnist: {
    doc: "Images and labels of the MNIST digits: digit d is class d + 1.",
    parameters: [{ name: "split", kind: "text" }, { name: "take", kind: "integer" }, { name: "resize", kind: "integer" }], elements: ["real", "integer"],
  },
  csv: { doc: "Columns of a comma-separated file.", parameters: [{ name: "data", kind: "text" }, { name: "columns", kind: "text" }, { name: "take", kind: "integer" }], elements: [] },
} as const satisfies Readonly<Record<string, SourceRecord>>;

export type SourceName = keyof typeof sources;
export const isSourceName = (name: string): name is SourceName => Object.hasOwn(sources, name);
