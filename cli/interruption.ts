/**
 * Stopping by Ctrl-C or SIGTERM. Imported before everything else, so that a signal in the first moments ends the process as one later does:
 * with exit status 75, and nothing half-written.
 */
import { exitStatus } from "./exitStatus.ts";
import { machineReadable } from "./machineReadable.ts";

const controller = new AbortController();
/** Aborts at the first signal. */
export const interruption: AbortSignal = controller.signal;

/** Whether somebody has promised to stop soon after `interruption`. */
let attended = false;

/** While `work` goes on, a signal only aborts `interruption`, and `work` ends the process in its own way; a second signal ends it at once. */
export async function attend<T>(work: () => Promise<T>): Promise<T> {
  attended = true;
  try {
    return await work();
  } finally {
    attended = false;
  }
}

/** Lets signals that have come in be heard: between two pieces of work that can't be interrupted. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function stop(): void {
  const again = interruption.aborted;
  controller.abort();
  if (attended && !again) return;
  const message = again ? "stopped at once" : "stopped before anything was run";
  process.stderr.write(`${machineReadable ? JSON.stringify({ event: "stopped", message }) : message}\n`);
  process.exit(exitStatus.stopped);
}

process.on("SIGINT", stop);
process.on("SIGTERM", stop);
