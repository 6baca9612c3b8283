import type { RunPlan } from "../runtime/engine/plan.ts";
import type { RunEvent } from "../runtime/engine/index.ts";
import { durationText, formatWithError } from "../runtime/results/format.ts";
import { RunningEstimates } from "../runtime/results/runningEstimate.ts";
import type { TaskRecord } from "../runtime/results/records.ts";
import { progressBar } from "./progressBar.ts";
import { sayEvent, toStderr } from "./terminal.ts";

/**
 * Says on stderr how far a run is: on a terminal one line that is redrawn, with the rate, the time left and estimates at the sweep point at work;
 * elsewhere nothing until it is over; as JSON a line for each event.
 */
export interface Progress {
  readonly event: (event: RunEvent) => void;
  readonly note: (text: string) => void;
  readonly stop: (interrupted: boolean) => void;
}

export interface ProgressOptions { readonly quiet?: boolean; readonly json?: boolean }

/** Whether there is something to show while it goes on. */
export const isShown = (options: ProgressOptions): boolean => options.quiet !== true && (options.json === true || process.stderr.isTTY);

/** Observables of which a running estimate is shown. */
const SHOWN = 3;
/** Milliseconds between two `progress` events of one run. */
export const BETWEEN_EVENTS = 200;

/** @param finished tasks that were there already */
export function startProgress(plan: RunPlan, finished: readonly TaskRecord[], options: ProgressOptions): Progress {
  const total = plan.points.length * plan.samples * plan.starts;
  const estimates = new RunningEstimates();
  const begun = Date.now();
  const seconds = (): number => (Date.now() - begun) / 1000;
  const running = isShown(options);
  if (running) finished.forEach((task) => estimates.add(task));
  let done = finished.length;
  const summary = (interrupted: boolean): string =>
    `${plan.run}: ${done - finished.length} tasks in ${seconds().toFixed(1)} s${finished.length > 0 ? `, ${finished.length} were there already` : ""}${interrupted ? `, stopped with ${total - done} to go` : ""}`;

  if (options.json) {
    let last = 0;
    const say = (event: object): void => void (options.quiet === true || sayEvent(event));
    return {
      note: (text) => say({ event: "note", run: plan.run, note: text }),
      event: (event) => {
        if (event.kind === "note" || event.kind === "checkpoint") return;
        done = event.done;
        const { tasksPerSecond } = event;
        const left = tasksPerSecond > 0 ? (total - done) / tasksPerSecond : null;
        if (event.kind === "start") return say({ event: "start", run: plan.run, done, total, workers: event.workers });
        if (event.kind === "failure") return say({ event: "failure", run: plan.run, ...event.failure.address, message: event.failure.message, done, total });
        estimates.add(event.record);
        if (Date.now() - last < BETWEEN_EVENTS && done < total) return;
        last = Date.now();
        say({ event: "progress", run: plan.run, done, total, tasksPerSecond, secondsLeft: left, at: plan.points[event.record.point]!.sweep, estimates: estimates.at(event.record.point) });
      },
      stop: (interrupted) => say({ event: "end", run: plan.run, done, total, seconds: seconds(), interrupted }),
    };
  }

  const finish = (interrupted: boolean): void => {
    if (options.quiet !== true) toStderr(summary(interrupted));
  };
  if (!running) return { event: (event) => void (done = event.done), note: toStderr, stop: finish };
  const bar = progressBar(`${plan.run} {bar} {value}/{total} tasks, {rate}{left} left{estimates}`);
  bar.start(total, done, { rate: "", left: "?", estimates: "" });
  return {
    note: (text) => {
      bar.stop();
      toStderr(text);
      bar.start(total, done, { rate: "", left: "?", estimates: "" });
    },
    event: (event) => {
      if (event.kind === "note" || event.kind === "checkpoint") return;
      done = event.done;
      if (event.kind === "task") estimates.add(event.record);
      const { tasksPerSecond } = event;
      bar.update(done, {
        rate: tasksPerSecond > 0 ? `${tasksPerSecond >= 10 ? tasksPerSecond.toFixed(0) : tasksPerSecond.toPrecision(2)}/s, ` : "",
        left: tasksPerSecond > 0 ? durationText((total - done) / tasksPerSecond) : "?",
        ...(event.kind === "task" ? { estimates: estimateText(plan, estimates, event.record.point) } : {}),
      });
    },
    stop: (interrupted) => {
      bar.stop();
      finish(interrupted);
    },
  };
}

function estimateText(plan: RunPlan, estimates: RunningEstimates, point: number): string {
  const at = Object.entries(plan.points[point]!.sweep).map(([name, value]) => `${name} = ${value}`);
  const shown = estimates.at(point).slice(0, SHOWN).map(({ observable, mean, error }) => `${observable} ${formatWithError(mean, error)}`);
  return shown.length === 0 ? "" : ` | ${[...at, ...shown].join(", ")}`;
}
