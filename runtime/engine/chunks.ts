import type { TaskAddress } from "../results/records.ts";
import type { TaskCheckpoint } from "./checkpoint.ts";
import { findSources, type FinalStates, type StartSources } from "./continuation.ts";
import type { KeptTask } from "./observeKept.ts";
import { canRunTogether } from "./runTogether.ts";
import { pointsOfTask } from "./ladder.ts";
import type { RunPlan, RunPoint } from "./plan.ts";

/** Some starts of one disorder sample at one sweep point, the first of a ladder: what a worker is given at a time, so that the sample is drawn once for all of them. */
export interface Chunk {
  readonly point: number;
  readonly sample: number;
  readonly starts: readonly number[];
  /** Checkpoints of some of these tasks, from which they go on. */
  readonly checkpoints?: readonly TaskCheckpoint[];
  /** What was kept of some of them, of which only observables are missing. */
  readonly kept?: readonly KeptTask[];
  /** What they go on from, where the run continues from others. */
  readonly sources?: readonly StartSources[];
}

export interface ChunkOptions {
  readonly workers: number;
  /** Largest number of starts in a chunk; by default all, or fewer where the workers would otherwise have too few chunks each. */
  readonly startsPerChunk?: number | undefined;
  /** Tasks that need not be run again. */
  readonly finished?: readonly TaskAddress[];
  /** How far other tasks are. */
  readonly checkpoints?: readonly TaskCheckpoint[];
  readonly kept?: readonly KeptTask[];
  /** Final states of the runs that this one continues from. */
  readonly others?: FinalStates;
}

/** For an even load at the end of a run. */
const CHUNKS_PER_WORKER = 4;

/** All tasks of a run that are not finished, in chunks, in the order in which they are to be begun: points that take long first. */
export function planChunks(plan: RunPlan, options: ChunkOptions): Chunk[] {
  const key = (point: number, sample: number, start: number): number => (point * plan.samples + sample) * plan.starts + start;
  const finished = new Set((options.finished ?? []).map((task) => key(task.point, task.sample, task.start)));
  const size = Math.max(1, options.startsPerChunk ?? defaultSize(plan, options.workers));
  const chunks: Chunk[] = [];
  const sourcesOf = plan.continues && findSources(plan, options.others ?? new Map());
  for (const point of pointOrder(plan.points)) {
    const points = pointsOfTask(plan, point);
    if (points[0] !== point) continue;
    for (let sample = 0; sample < plan.samples; sample++) {
      const starts = Array.from({ length: plan.starts }, (_, start) => start).filter((start) => !points.every((p) => finished.has(key(p, sample, start))));
      const checkpoints = (options.checkpoints ?? []).filter((c) => c.point === point && c.sample === sample);
      const kept = (options.kept ?? []).filter(({ record }) => points.includes(record.point) && record.sample === sample);
      for (let first = 0; first < starts.length; first += size) {
        const own = starts.slice(first, first + size);
        const begun = checkpoints.filter((c) => own.includes(c.start));
        const observed = kept.filter(({ record }) => own.includes(record.start));
        chunks.push({ point, sample, starts: own, ...(begun.length > 0 ? { checkpoints: begun } : {}), ...(observed.length > 0 ? { kept: observed } : {}), ...(sourcesOf ? { sources: own.map((start) => sourcesOf({ point, sample, start })) } : {}) });
      }
    }
  }
  return chunks;
}

function defaultSize(plan: RunPlan, workers: number): number {
  const samples = plan.points.length * plan.samples;
  const chunksPerSample = Math.ceil((CHUNKS_PER_WORKER * workers) / samples);
  const size = Math.ceil(plan.starts / chunksPerSample);
  // Two starts that are evaluated together take less time than apart, where that leaves no worker without one.
  return size % 2 === 1 && canRunTogether(plan) && samples * plan.starts >= 2 * workers ? size + 1 : size;
}

/**
 * Numbers of the points, the most costly first. Without costs the product of the integer parameters above 1 stands for them: it
 * grows with every size. The order changes how long a run takes, never what it finds.
 */
function pointOrder(points: readonly RunPoint[]): number[] {
  const cost = (point: RunPoint): number =>
    point.cost ?? Object.values(point.parameters).reduce((product, value) => (Number.isInteger(value) && value > 1 ? product * value : product), 1);
  return points.map((point, number) => ({ number, cost: cost(point) })).sort((a, b) => b.cost - a.cost || a.number - b.number).map((p) => p.number);
}
