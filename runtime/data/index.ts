/** The table of data sources, by their names in a specification. */
import { addEntry, type ExtensionKey } from "../extensions/addEntry.ts";
import { csv } from "./csv.ts";
import { json } from "./json.ts";
import { mnist } from "./mnist.ts";
import { npz } from "./npz.ts";
import type { DataSource } from "./source.ts";

export const sources: Readonly<Record<string, DataSource>> = Object.assign(Object.create(null) as Record<string, DataSource>, { mnist, csv, npz, json });

/** Adds one that an extension brings. */
export const addSource = (key: ExtensionKey, source: DataSource): void => addEntry(sources, key, source);
