/** What is wrong with the arrays that a source of an extension gave, as the end of a sentence, or undefined: only types said what they are. */
export function arraysProblem(arrays: unknown): string | undefined {
  if (arrays instanceof Promise) {
    // Whatever becomes of it concerns nobody.
    arrays.catch(() => {});
    return "gave a promise: nothing waits for it, `read` must not be `async`";
  }
  if (!Array.isArray(arrays)) return "gave no list of arrays, `[{ values, shape }]`";
  for (const [k, array] of (arrays as readonly unknown[]).entries()) {
    const which = `as array ${k + 1}`;
    if (typeof array !== "object" || array === null || !("values" in array && "shape" in array) || !(array.values instanceof Float64Array) || !isShape(array.shape)) return `gave ${which} no \`{ values, shape }\` of a Float64Array and a list of lengths`;
    const { values, shape } = array;
    const length = shape.reduce((a, b) => a * b, 1);
    if (values.length !== length) return `gave ${which} ${values.length} entries for the shape [${shape.join(", ")}], which has ${length}`;
    const odd = values.findIndex((x) => !Number.isFinite(x));
    if (odd >= 0) return `gave ${which} the entry ${odd + 1} as ${values[odd]}, no finite number`;
  }
  return undefined;
}

const isShape = (shape: unknown): shape is readonly number[] => Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && Number(n) >= 0);
