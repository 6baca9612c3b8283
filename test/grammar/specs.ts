import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../examples");

/** Every specification that comes with the project. */
export const specs: readonly { readonly name: string; readonly text: string }[] = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".quench"))
  .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
