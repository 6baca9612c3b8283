/** Where the path of a `use`, or of an import in an extension, leads: a file, or the entry of a package. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, isAbsolute, join, resolve } from "node:path";

export const endings = [".ts", ".mts", ".js", ".mjs", ".cjs"];

/** The path of the file, or what is wrong. @param folder where relative paths start, and packages are looked for from */
export function findFile(path: string, folder: string): { readonly path: string } | { readonly problem: string } {
  const place = resolve(folder, path);
  const isPath = path.startsWith(".") || isAbsolute(path) || endings.includes(extname(path));
  if (!isPath) return findPackage(path, folder);
  const candidates = endings.includes(extname(path)) ? [place] : endings.map((ending) => place + ending);
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined) return { path: found };
  return { problem: existsSync(place) ? `its name ends in none of ${endings.join(", ")}` : `there is no file ${place}` };
}

/** The entry of an installed package, in the first `node_modules` from the folder upwards. */
function findPackage(specifier: string, folder: string): ReturnType<typeof findFile> {
  const match = /^((?:@[\w.~-]+\/)?[\w.~-]+)(\/.+)?$/.exec(specifier);
  if (!match) return { problem: "it is neither a path nor the name of a package" };
  const [, name, inside = ""] = match;
  for (let at = resolve(folder); ; at = dirname(at)) {
    const root = join(at, "node_modules", name!);
    if (existsSync(join(root, "package.json"))) return entryOf(root, inside);
    if (dirname(at) === at) return { problem: `there is no package \`${name}\` in a node_modules of ${resolve(folder)} or above, and as that of a file its name ends in none of ${endings.join(", ")}` };
  }
}

function entryOf(root: string, inside: string): ReturnType<typeof findFile> {
  const description = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Readonly<Record<string, unknown>>;
  const exported = condition(description["exports"], `.${inside}`);
  const candidates = [exported, ...(inside === "" ? [description["module"], description["main"], "index.js", "index.ts"] : [inside, ...endings.map((ending) => inside + ending)])];
  const found = candidates.flatMap((c) => (typeof c === "string" ? [join(root, c)] : [])).find((p) => statSync(p, { throwIfNoEntry: false })?.isFile());
  return found === undefined ? { problem: `the package in ${root} has no entry \`.${inside}\`` } : { path: found };
}

/** What `exports` says of a subpath, for imports. */
function condition(exported: unknown, subpath: string): string | undefined {
  if (typeof exported === "string") return subpath === "." ? exported : undefined;
  if (typeof exported !== "object" || exported === null) return undefined;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(exported);
  const own = entries.find(([key]) => key === subpath);
  if (own) return conditional(own[1]);
  return entries.some(([key]) => key.startsWith(".")) ? undefined : subpath === "." ? conditional(exported) : undefined;
}

function conditional(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return undefined;
  const choice = Object.entries(value).find(([key]) => ["import", "node", "default", "require"].includes(key));
  return choice && conditional(choice[1]);
}
