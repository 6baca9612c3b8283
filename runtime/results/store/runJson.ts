/** `run.json`: what is needed to run a study again, and when and where it was run. */
import type { MeasuredConstants } from "../../measuredConstants.ts";
import type { TfjsBackend } from "../../backends/tfjsBackend.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceDurably } from "./durableFile.ts";

export interface RunJson {
  readonly quench: string;
  /** Of the sources that make samples. */
  readonly build: string;
  readonly node: string;
  /** Path of the specification as it was given; its text is in spec.quench. */
  readonly specification: string;
  /** Folder from which relative paths of data files start. */
  readonly directory: string;
  readonly verb: "run" | "verify";
  readonly settings: RunSettings;
  readonly precision: string;
  readonly host: Readonly<Record<string, string | number>>;
  readonly status: "running" | "stopped" | "failed" | "finished";
  readonly runs: readonly RunEntry[];
  /** Each time that somebody has worked on it, the latest last. */
  readonly invocations: readonly { readonly started: string; readonly seconds: number; readonly workers: number; readonly status: RunJson["status"] }[];
}

/** All that, beside the specification, decides what comes out. */
export interface RunSettings {
  readonly set: readonly string[];
  readonly seed?: number;
  readonly only?: string;
  readonly target: "wasm" | "typescript" | "tfjs";
  /** With "relaxed", kernels use fused multiply-adds where the engine has them; "plain" if absent. */
  readonly simd?: "plain" | "relaxed";
  /** With "f32", gradients and local moves are computed in float32; "f64" if absent. */
  readonly precision?: "f64" | "f32";
  /** Of a settings file, those that differ from what is built in; absent for none. */
  readonly constants?: Partial<MeasuredConstants>;
  /** The first backend of tfjs that is tried; "auto" if absent. */
  readonly tfjsBackend?: "auto" | TfjsBackend;
  /** Most bytes of states to keep of a run. */
  readonly keepStates: number;
}

export interface RunEntry {
  readonly run: string;
  readonly model: string;
  readonly seed: number;
  /** Content address of what moves its states. */
  readonly address: string;
  /** Names of the copies that it moves or holds beside copy 1; absent for none. */
  readonly copies?: readonly string[];
  readonly tasks: number;
  readonly finished: number;
  /** Seconds of work on it, all invocations together. */
  readonly seconds: number;
}

const FILE = "run.json";

export const writeRunJson = (directory: string, content: RunJson): Promise<void> => replaceDurably(join(directory, FILE), `${JSON.stringify(content, null, 1)}\n`);

/** Undefined where there is none that is whole. */
export async function readRunJson(directory: string): Promise<RunJson | undefined> {
  const text = await readFile(join(directory, FILE), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const found: unknown = JSON.parse(text);
    return isRunJson(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isRunJson(value: unknown): value is RunJson {
  if (typeof value !== "object" || value === null) return false;
  const { specification, directory, verb, settings, host, runs, invocations } = value as Partial<Record<keyof RunJson, unknown>>;
  return typeof specification === "string" && typeof directory === "string" && (verb === "run" || verb === "verify") && typeof host === "object" && host !== null
    && typeof settings === "object" && settings !== null && "set" in settings && Array.isArray(settings.set) && "target" in settings && typeof settings.target === "string"
    && Array.isArray(runs) && Array.isArray(invocations);
}
