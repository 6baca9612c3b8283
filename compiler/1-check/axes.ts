import type { OpenedBinder } from "./expression/binders.ts";
import type { Axis } from "./types.ts";

/** The axes that slots make, once their ranges are known; `undefined` where one has none. */
export function axesOf(slots: readonly OpenedBinder[]): readonly Axis[] | undefined {
  const axes: Axis[] = [];
  for (const b of slots) {
    const range = b.extent.resolved;
    if (!range || b.extent.failed) return undefined;
    b.indices.forEach((_, k) => {
      const relation = k === 0 ? undefined : b.relations[k - 1];
      axes.push({
        range, periodic: b.periodic || b.extent.periodic,
        ...(b.edges ? { edges: b.edges } : relation === "<" || relation === "<=" ? { order: relation } : {}),
      });
    });
  }
  return axes;
}
