/** The lines of `createModel` that read given data: sizes that they bind come before the arrays, the entries after. */
import { boundSizes } from "../../ir/program.ts";
import { layoutOf } from "../../4-schedule/layout.ts";
import { identifier } from "../../4-schedule/names.ts";
import type { ScheduledModel } from "../../4-schedule/schedule.ts";
import { printParameterExpression } from "./parameterExpression.ts";
import { printOffset } from "./scalar.ts";

export function dataLines({ program, sizes }: ScheduledModel, types: boolean): { readonly read: readonly string[]; readonly store: readonly string[] } {
  const place = (array: string): string => `data.${identifier(array)}`;
  const read = (program.data ?? []).map(({ source, arguments: given, arrays }) => {
    const values = Object.entries(given).map(([name, value]) => `${JSON.stringify(name)}: ${typeof value === "string" ? JSON.stringify(value) : printParameterExpression(value, sizes)}`);
    const wanted = arrays.map(({ array, name }) => `{ name: ${JSON.stringify(name)}, axes: ${program.arrays.find((a) => a.name === array)!.slots.length} }`);
    return `[${arrays.map(({ array }) => place(array)).join(", ")}] = readData({ source: ${JSON.stringify(source)}, arguments: { ${values.join(", ")} }, arrays: [${wanted.join(", ")}] }, options.directory);`;
  });
  const stored = (program.data ?? []).flatMap((d) => d.arrays);
  return {
    read: read.length === 0 ? [] : [
      `const data${types ? ": Record<string, DataArray>" : ""} = {};`, ...read,
      ...boundSizes(program).map(({ size, array, axis }) => `const ${identifier(size)} = ${place(array)}.shape[${axis}];`),
    ],
    store: stored.flatMap(({ array, name }) => {
      const shape = layoutOf(program.arrays.find((a) => a.name === array)!.slots, sizes).groups.map((g) => printOffset(g.length)).join(", ");
      return [`expectShape(${JSON.stringify(name)}, ${place(array)}, [${shape}]);`, `array.${identifier(array)}.set(${place(array)}.values);`];
    }),
  };
}
