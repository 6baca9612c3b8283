/** The functions in a loop whose arguments are made of what its turns only read: they may be computed before its statements. */
import type { KernelStatement, Scalar } from "../../4-schedule/kernel.ts";
import { scalarsOf, visitScalar } from "../../4-schedule/kernel.ts";
import { ops } from "../../library/ops/index.ts";

type Apply = Extract<Scalar, { kind: "apply" }>;

/** Those without an instruction of their own, each once, arguments before what is made of them. */
export function functionsOfRead(loop: Extract<KernelStatement, { kind: "for" }>): readonly Apply[] {
  const [stored, own] = [new Set<string>(), new Set<string>()];
  for (const s of loop.body) {
    if (s.kind === "store") stored.add(s.array);
    if (s.kind === "let") own.add(s.name);
  }
  const isOnlyRead = (x: Scalar): boolean => {
    let only = true;
    visitScalar(x, (y) => { if ((y.kind === "real" && own.has(y.name)) || (y.kind === "load" && stored.has(y.array))) only = false; });
    return only;
  };
  const found: Apply[] = [];
  for (const s of loop.body) for (const root of scalarsOf(s)) visitScalar(root, (x) => { if (x.kind === "apply" && ops[x.operator].vectorFunction && isOnlyRead(x)) found.push(x); });
  return [...new Set(found.reverse())];
}
