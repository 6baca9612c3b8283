/** Arrays of numbers in JSON files: one object with a list (of lists …) for each array, by its name. */
import { readDataFile } from "./files.ts";
import type { DataArray, DataSource } from "./source.ts";
import { DataError, classesByName, classesParameter, firstOf, shiftedClasses, taken, takeParameter } from "./source.ts";

export const json: DataSource = {
  name: "json",
  doc: "Arrays out of a JSON file: an object that has for each array, under its name, a list of numbers, or a list of such lists.",
  parameters: [{ name: "data", kind: "text", doc: "The file; its path starts at the directory of the specification." }, takeParameter, classesParameter],
  holdsClasses: classesByName,
  read: (given, wanted, directory) => {
    const file = String(given["data"]);
    const content = parsed(readDataFile(file, directory).toString("utf8"), file);
    return wanted.map((array, position) => {
      const whole = arrayIn(content[array.name], `${file}, ${array.name}`);
      if (whole.shape.length !== array.axes) throw new DataError(`${file}: \`${array.name}\` has ${whole.shape.length} axes, and ${array.axes} were expected`);
      const cut = firstOf(whole, taken(given, whole.shape[0]!, `${file}, ${array.name}`, "entries"));
      return classesByName(given, array.name, position) ? shiftedClasses(cut, `${file}, ${array.name}`) : cut;

      function arrayIn(value: unknown, where: string): DataArray {
        if (value === undefined) throw new DataError(`${file} has no array \`${array.name}\``, `it has ${Object.keys(content).join(", ") || "none"}`);
        const shape: number[] = [];
        for (let inner: unknown = value; Array.isArray(inner); inner = inner[0] as unknown) shape.push(inner.length);
        if (shape.length === 0 || shape.includes(0)) throw new DataError(`${where}: a list of numbers was expected`);
        const values = new Float64Array(shape.reduce((n, size) => n * size, 1));
        let next = 0;
        const fill = (part: unknown, axis: number, place: string): void => {
          if (axis === shape.length) {
            if (typeof part !== "number" || !Number.isFinite(part)) throw new DataError(`${where}, row ${place}: a number was expected, and there is ${JSON.stringify(part)}`);
            values[next++] = part;
          } else {
            if (!Array.isArray(part) || part.length !== shape[axis]) throw new DataError(`${where}${place === "" ? "" : `, row ${place}`}: a list of ${shape[axis]} was expected, as in the first row, and there is ${Array.isArray(part) ? `one of ${part.length}` : JSON.stringify(part)}`);
            part.forEach((entry, k) => fill(entry, axis + 1, place === "" ? `${k + 1}` : `${place}, entry ${k + 1}`));
          }
        };
        fill(value, 0, "");
        return { values, shape };
      }
    });
  },
};

function parsed(text: string, file: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new DataError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) throw new DataError(`${file}: an object with a list for each array was expected`);
  return content as Readonly<Record<string, unknown>>;
}
