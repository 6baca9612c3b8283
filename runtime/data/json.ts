/** Arrays of numbers in JSON files: one object with a list (of lists …) for each array, by its name. */
import { readDataFile } from "./files.ts";
import type { DataArray, DataSource } from "./source.ts";
import { DataError, classesByName, classesParameter, expectAxes, firstOf, shiftedClasses, taken, takeParameter } from "./source.ts";

export const json: DataSource = {
  name: "json",
  doc: "Arrays out of a JSON file: an object that has for each array, under its name, a list of numbers, or a list of such lists.",
  parameters: [{ name: "data", kind: "text", doc: "The file; its path starts at the directory of the specification." }, takeParameter, classesParameter],
  holdsClasses: classesByName,
  read: (given, wanted, directory) => {
    const file = String(given["data"]);
    const content = parsed(readDataFile(file, directory).toString("utf8").replace(/^\uFEFF/, ""), file);
    return wanted.map((array, position) => {
      const whole = arrayIn(content[array.name], `${file}, ${array.name}`);
      expectAxes(file, array.name, whole, array.axes);
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
  } catch {
    const { row, found } = firstMistake(text);
    throw new DataError(`${file} is no JSON: row ${row}: ${found}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) throw new DataError(`${file}: an object with a list for each array was expected`, 'in the form `{"x": [[1, 2], [3, 4]], "y": [1, 0]}`');
  return content as Readonly<Record<string, unknown>>;
}

/** The row of a text at which it stops being JSON (RFC 8259), and what is there. */
function firstMistake(text: string): { readonly row: number; readonly found: string } {
  const tokens = [...text.matchAll(/\s+|"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b|[[\]{},:]|[^\s[\]{},:]+/g)].filter(([t]) => t.trim() !== "");
  // What each opening bracket waits for: a value, a key, a colon, or a comma.
  const open: string[] = [];
  let expected = "value";
  const at = (index: number, found: string): { row: number; found: string } => ({ row: text.slice(0, index).split("\n").length, found });
  for (const { 0: token, index } of tokens) {
    const isValue = /^("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)$/.test(token);
    const closes = (token === "]" && open.at(-1) === "[" && expected !== "value") || (token === "}" && open.at(-1) === "{" && expected !== "key" && expected !== "value" && expected !== "colon");
    if (closes) { open.pop(); expected = "comma"; }
    else if ((expected === "value" || expected === "first value") && (token === "[" || token === "{")) { open.push(token); expected = token === "[" ? "first value" : "first key"; }
    else if ((expected === "value" || expected === "first value") && isValue) expected = "comma";
    else if ((expected === "key" || expected === "first key") && token.startsWith('"') && isValue) expected = "colon";
    else if (expected === "colon" && token === ":") expected = "value";
    else if (expected === "comma" && token === "," && open.length > 0) expected = open.at(-1) === "[" ? "value" : "key";
    else {
      const wanted = { "value": "a value", "first value": "a value", "key": "a name in double quotes", "first key": "a name in double quotes", "colon": "`:`", "comma": open.length > 0 ? "`,` or the end of the list" : "the end" }[expected];
      return at(index, /^-?(NaN|Infinity)$/.test(token) ? `${token} is no number of JSON` : `${wanted} was expected, and there is ${token.slice(0, 30)}`);
    }
  }
  return at(text.length, text.trim() === "" ? "the file is empty" : open.length > 0 || expected !== "comma" ? "it ends too early" : "a text in it has characters that must be escaped");
}
