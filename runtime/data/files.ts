/** Files that hold data: paths relative to the specification, and errors that name the file. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { DataError } from "./source.ts";

/** @throws DataError where the file cannot be read */
export function readDataFile(path: string, directory: string): Buffer {
  const place = resolve(directory, path);
  try {
    return readFileSync(place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new DataError(`there is no file ${path}`, "relative paths start at the directory of the specification");
    if (code === "EISDIR") throw new DataError(`${path} is a directory, and a file was expected`);
    if (code === "EACCES") throw new DataError(`${path} cannot be read: there is no permission`);
    throw new DataError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
