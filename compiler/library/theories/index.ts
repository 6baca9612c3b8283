/** The table of theories: every method of `theory NAME of MODEL = METHOD(…)`. Adding one: a file like `bethe.ts` and a line here. */
import { addEntry, type ExtensionKey } from "../../../runtime/extensions/addEntry.ts";
import { bethe } from "./bethe.ts";
import { enumerate } from "./enumerate.ts";
import { kacRice } from "./kacRice.ts";
import { replica } from "./replica.ts";
import { stateEvolution } from "./stateEvolution.ts";
import type { TheoryRecord } from "./theory.ts";

export type { TheoryQuantity, TheoryRecord } from "./theory.ts";

const records: readonly TheoryRecord[] = [replica, kacRice, bethe, stateEvolution, enumerate];

/** By their name in a specification; without a prototype, so that looking up `constructor` finds nothing. */
export const theories: Readonly<Record<string, TheoryRecord | undefined>> = Object.assign(
  Object.create(null) as Record<string, TheoryRecord>,
  Object.fromEntries(records.map((r) => [r.name, r])),
);

/** Adds one that an extension brings. */
export const addTheory = (key: ExtensionKey, record: TheoryRecord): void => addEntry(theories, key, record);
