/** The table of data sources, by their names in a specification. */
import { csv } from "./csv.ts";
import { json } from "./json.ts";
import { mnist } from "./mnist.ts";
import { npz } from "./npz.ts";
import type { DataSource } from "./source.ts";

export const sources: Readonly<Record<string, DataSource>> = Object.assign(Object.create(null) as Record<string, DataSource>, { mnist, csv, npz, json });
