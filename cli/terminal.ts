/** The only file that knows about colours: results go to stdout, everything else to stderr. */
import pc from "picocolors";
import { machineReadable } from "./machineReadable.ts";
import type { DiagnosticStyle } from "../grammar/index.ts";

export type Style = DiagnosticStyle | "dim" | "bold" | "good" | "bad";

const styles: Record<Style, (text: string) => string> = {
  error: (t) => pc.bold(pc.red(t)),
  warning: (t) => pc.bold(pc.yellow(t)),
  message: pc.bold,
  location: pc.dim,
  gutter: pc.dim,
  caret: pc.red,
  help: pc.cyan,
  dim: pc.dim,
  bold: pc.bold,
  good: pc.green,
  bad: pc.red,
};

/** picocolors looks at stdout, NO_COLOR and FORCE_COLOR; a redirected stream gets no colours either. */
export const paint = (style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string =>
  stream.isTTY || process.env["FORCE_COLOR"] ? styles[style](text) : text;

export const toStdout = (text: string): void => void process.stdout.write(`${text}\n`);
export const toStderr = (text: string): void => void process.stderr.write(`${text}\n`);
/** A line of JSON on stderr. */
export const sayEvent = (event: object): void => toStderr(JSON.stringify(event));
/** A sentence on stderr; with `--json` it is an event. */
export const say = (text: string): void => (machineReadable ? sayEvent({ event: "message", message: text }) : toStderr(text));
