/**
 * Adds an entry to a table under a key that no entry of the language can have, `NAME@HASH`: it is found by its key, and is not among the
 * entries that the table lists. The hash is that of the file it comes from, so that a key never means two things.
 */
export function addEntry<Entry>(table: object & { readonly [key: string]: Entry }, key: ExtensionKey, entry: Entry): void {
  Object.defineProperty(table, key, { value: entry, enumerable: false, configurable: true });
}

export type ExtensionKey = `${string}@${string}`;

/** The name by which a specification calls an entry of a table: that of an extension stands before the hash. */
export const nameOfKey = (key: string): string => key.split("@")[0]!;
