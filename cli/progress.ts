import cliProgress from "cli-progress";
import { toStderr } from "./terminal.ts";

/** Shows how far a run is: a bar on a terminal, else one line when it is done. */
export interface Progress {
  readonly update: (done: number) => void;
  readonly stop: (note: string) => void;
}

export function startProgress(run: string, total: number, quiet: boolean): Progress {
  const begun = Date.now();
  const finish = (note: string): void => {
    if (!quiet) toStderr(`${run}: ${total} tasks in ${((Date.now() - begun) / 1000).toFixed(1)} s${note ? `, ${note}` : ""}`);
  };
  if (quiet || !process.stderr.isTTY) return { update: () => {}, stop: finish };
  const bar = new cliProgress.SingleBar({
    format: `${run} {bar} {value}/{total} tasks, {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  }, cliProgress.Presets.shades_grey);
  bar.start(total, 0);
  return {
    update: (done) => bar.update(done),
    stop: (note) => { bar.stop(); finish(note); },
  };
}
