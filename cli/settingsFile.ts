/** The settings file of a run (`--settings FILE`): constants that were measured on a machine, as JSON. `quench doctor --write FILE` makes one. */
import { readFileSync } from "node:fs";
import type { Diagnostic } from "../grammar/index.ts";
import { reportDiagnostics } from "./reportDiagnostics.ts";
import { toStdout } from "./terminal.ts";
import { builtInConstants, measuredConstants, type MeasuredConstants } from "../runtime/measuredConstants.ts";

type Given = Partial<MeasuredConstants>;
export type SettingsFile = { readonly ok: true; readonly constants: Given } | { readonly ok: false; readonly diagnostic: Diagnostic };

const isName = (name: string): name is keyof MeasuredConstants => Object.hasOwn(measuredConstants, name);

/** The constants that differ from what is built in; Q018 with everything that is wrong. */
export function readSettingsFile(path: string): SettingsFile {
  const refuse = (problems: readonly string[]): SettingsFile => ({
    ok: false,
    diagnostic: { severity: "error", code: "Q018", message: `${path} is no settings file: ${problems.join("; ")}`, labels: [], help: `\`quench doctor --write ${path}\` makes one; its constants are ${Object.keys(measuredConstants).join(", ")}`, arguments: { path } },
  });
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    return refuse([code === "ENOENT" ? "there is no such file" : code ?? `it is not JSON (${error instanceof Error ? error.message : String(error)})`]);
  }
  const given = typeof content === "object" && content !== null && "constants" in content ? content.constants : undefined;
  if (typeof given !== "object" || given === null || Array.isArray(given)) return refuse(['it has no object "constants"']);
  const entries: readonly (readonly [string, unknown])[] = Object.entries(given);
  const problems = entries.flatMap(([name, value]) => {
    if (!isName(name)) return [`there is no constant ${name}`];
    return typeof value === "number" && measuredConstants[name].accepts(value) ? [] : [`${name} is ${JSON.stringify(value)}, and must be ${measuredConstants[name].values}`];
  });
  const constants: Given = Object.fromEntries(entries.flatMap(([name, value]) => (isName(name) && typeof value === "number" && value !== builtInConstants[name] ? [[name, value] as const] : [])).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { rejection_free_below: below, rejection_free_above: above } = { ...builtInConstants, ...constants };
  if (problems.length === 0 && below > above) problems.push(`rejection_free_below (${below}) is larger than rejection_free_above (${above})`);
  return problems.length > 0 ? refuse(problems) : { ok: true, constants };
}

interface Options { readonly settings?: string; readonly json?: boolean; readonly target: string; readonly precision?: string }

/** The options with the constants of their settings file; undefined, with a diagnostic, where that is none, or where two options exclude each other. */
export function withSettings<O extends Options>(options: O): (O & { readonly constants?: Given }) | undefined {
  const refuse = (diagnostic: Diagnostic): undefined => {
    if (options.json) toStdout(JSON.stringify({ accepted: false, diagnostics: [diagnostic] }, undefined, 2));
    reportDiagnostics([diagnostic]);
  };
  if (options.target === "tfjs" && options.precision === "f32") {
    return refuse({ severity: "error", code: "Q019", message: "--precision f32 and --target tfjs exclude each other: tfjs moves states in float32, and leaves the last digits to float64 kernels", labels: [], help: "give one of the two", arguments: {} });
  }
  if (options.settings === undefined) return options;
  const read = readSettingsFile(options.settings);
  return read.ok ? { ...options, constants: read.constants } : refuse(read.diagnostic);
}

/** The content of a file that says so. */
export const settingsFileText = (machine: string, constants: MeasuredConstants): string => `${JSON.stringify({ machine, constants }, undefined, 2)}\n`;
