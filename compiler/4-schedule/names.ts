/** Identifiers of generated code: valid in TypeScript, never reserved, never twice in a kernel. */

const reserved = new Set([
  ..."abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default delete do else enum eval export extends false finally for from function get if implements import in instanceof interface is let module namespace never new null number object of package private protected public readonly require return set static string super switch symbol this throw true try type typeof undefined unknown var void while with yield".split(" "),
  // Names that generated code itself uses.
  "Math", "Float64Array", "Infinity", "NaN", "special", "linear", "binomial", "allocate", "completeModel", "drawEnsemble", "applyAdjoint", "applyFunction", "applyTangent", "initializeState", "loadWasm", "spheresOf", "sumsOf", "sums", "repairSums", "listPlaces", "SmoothConstraints", "readData", "expectShape", "flip", "data", "noise",
  "quench", "wasm", "parameters", "model", "createModel", "given", "options", "dimension", "vector", "array", "bind", "target", "memory", "spheres", "run", "hessians", "address", "seed", "sample", "stream",
]);

/** The name as an identifier: other characters become `_` (primes `ʹ`, and the `@` of copies `ᵃᵗ`), reserved words get a suffix. */
export function identifier(name: string): string {
  const letters = name.replaceAll("'", "ʹ").replaceAll("@", "ᵃᵗ").replace(/[^\p{ID_Continue}$]/gu, "_");
  const started = /^[\p{ID_Start}$_]/u.test(letters) ? letters : `_${letters}`;
  return reserved.has(started) ? `${started}_` : started;
}

export class Names {
  private readonly taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set([...taken].map(identifier));
  }

  /** `name` itself, or with a number where it is taken. */
  fresh(name: string): string {
    const base = identifier(name);
    let result = base;
    for (let k = 2; this.taken.has(result); k++) result = /\d$/.test(base) ? `${base}_${k}` : `${base}${k}`;
    this.taken.add(result);
    return result;
  }
}
