import { describe, expect, test } from "vitest";
import { planChunks } from "../../../runtime/engine/chunks.ts";
import { sizePlan } from "./plans.ts";

const plan = sizePlan([5, 20, 10], { samples: 2, starts: 7 });
const tasksOf = (chunks: ReturnType<typeof planChunks>): string[] =>
  chunks.flatMap(({ point, sample, starts }) => starts.map((start) => `${point} ${sample} ${start}`)).sort();
const all = [0, 1, 2].flatMap((p) => [0, 1].flatMap((s) => [0, 1, 2, 3, 4, 5, 6].map((l) => `${p} ${s} ${l}`))).sort();

describe("planChunks", () => {
  test.each([1, 2, 3, 7, 100])("at most %i starts a chunk: every task once", (startsPerChunk) => {
    const chunks = planChunks(plan, { workers: 2, startsPerChunk });
    expect(tasksOf(chunks)).toEqual(all);
    expect(Math.max(...chunks.map((c) => c.starts.length))).toBe(Math.min(startsPerChunk, 7));
  });

  test("large points first, by size or by cost", () => {
    const order = (chunks: ReturnType<typeof planChunks>): number[] => [...new Set(chunks.map((c) => c.point))];
    expect(order(planChunks(plan, { workers: 1 }))).toEqual([1, 2, 0]);
    const costed = { ...plan, points: plan.points.map((point, p) => ({ ...point, cost: [3, 1, 2][p] })) };
    expect(order(planChunks(costed, { workers: 1 }))).toEqual([0, 2, 1]);
  });

  test("a run of one sample is divided among many workers", () => {
    const single = sizePlan([5], { samples: 1, starts: 40 });
    expect(planChunks(single, { workers: 1 }).length).toBe(4);
    expect(planChunks(single, { workers: 5 }).length).toBe(20);
    expect(planChunks(sizePlan([5], { samples: 100, starts: 40 }), { workers: 5 }).length).toBe(100);
  });

  test("finished tasks are left out", () => {
    const finished = [{ point: 1, sample: 0, start: 3 }, { point: 2, sample: 1, start: 0 }];
    expect(tasksOf(planChunks(plan, { workers: 1, finished }))).toEqual(all.filter((t) => t !== "1 0 3" && t !== "2 1 0"));
    const everything = all.map((t) => t.split(" ").map(Number)).map(([point, sample, start]) => ({ point, sample, start }));
    expect(planChunks(plan, { workers: 1, finished: everything })).toEqual([]);
  });
});
