/** Reads what a model's data declarations ask for, each request once in a process. */
import { sources } from "./index.ts";
import { DataError } from "./source.ts";
import type { DataArray, SourceArguments, WantedArray } from "./source.ts";

/** One `= source(…)`, as plain data: arguments are values. */
export interface DataRequest {
  readonly source: string;
  readonly arguments: SourceArguments;
  readonly arrays: readonly WantedArray[];
}

const cache = new Map<string, readonly DataArray[]>();

/**
 * The arrays of a request, in its order. What is returned is shared: nobody writes into it.
 * @param directory where relative paths start; the working directory if not given
 * @throws DataError where a file is missing or malformed
 */
export function readData(request: DataRequest, directory: string = process.cwd()): readonly DataArray[] {
  const key = JSON.stringify([request.source, request.arguments, request.arrays, directory]);
  let arrays = cache.get(key);
  if (!arrays) {
    const source = sources[request.source];
    if (!source) throw new Error(`internal: there is no data source ${request.source}`);
    arrays = source.read(request.arguments, request.arrays, directory);
    cache.set(key, arrays);
  }
  return arrays;
}

/** @throws DataError where the entries that were read are not those of an array of this shape */
export function expectShape(name: string, { shape }: DataArray, expected: readonly number[]): void {
  const axis = expected.findIndex((size, k) => size !== shape[k]);
  if (axis >= 0) throw new DataError(`\`${name}\` has ${expected[axis]} values along axis ${axis + 1} in the model, and its data source has ${shape[axis]}`);
}
