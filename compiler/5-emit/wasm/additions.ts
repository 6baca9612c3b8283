/** Which statements of a loop that add to one stream may stand together, so that its entries are loaded and stored once. */
import type { KernelStatement } from "../../4-schedule/kernel.ts";
import { visitScalar } from "../../4-schedule/kernel.ts";
import { streamKey } from "./streams.ts";

type Store = Extract<KernelStatement, { kind: "store" }>;

/** The statements that add to the stream `key` of the first of them, if they may stand together: nothing reads the entry, and what they add is known here. */
export function additionsWith(first: Store, key: string, loop: Extract<KernelStatement, { kind: "for" }>, isRead: boolean): readonly Store[] {
  const all = loop.body.flatMap((s) => (s.kind === "store" && s.combine !== undefined && streamKey(s.array, s.offset) === key ? [s] : []));
  const names = (body: readonly KernelStatement[]): ReadonlySet<string> => new Set(body.flatMap((s) => (s.kind === "let" ? [s.name] : [])));
  const [own, before] = [names(loop.body), names(loop.body.slice(0, loop.body.indexOf(first)))];
  let together = !isRead;
  for (const s of all) visitScalar(s.value, (x) => { if (x.kind === "real" && own.has(x.name) && !before.has(x.name)) together = false; });
  return together ? all : [first];
}
