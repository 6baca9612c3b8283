import { describe, expect, test } from "vitest";
import { plainFieldKernels } from "../../../runtime/messagePassing/fieldKernels.ts";
import type { FieldKernels } from "../../../runtime/messagePassing/fieldKernels.ts";
import { vectorFieldKernels } from "../../../runtime/messagePassing/vectorFieldKernels.ts";
import { Stream } from "../../../runtime/random/stream.ts";

const filled = ["messages", "coefficients", "means", "variances", "slopes", "curvatures", "totals", "added"] as const;
const changed = ["messages", "cavity", "means", "variances", "added"] as const;

/** The same numbers in the arrays of both; an odd last column has coefficient 0. */
function fill(kernels: FieldKernels, variables: number, scale: number): void {
  for (const name of filled) new Stream([name]).normals(kernels[name], 0);
  for (let e = 0; e < kernels.messages.length; e++) {
    kernels.messages[e]! *= scale;
    if (e % kernels.stride >= variables) kernels.coefficients[e] = kernels.messages[e] = 0;
  }
}

describe("loops over messages in SIMD code", () => {
  for (const [rows, variables, scale] of [[1, 1, 1], [7, 12, 1], [5, 33, 40], [64, 101, 1e-9], [0, 4, 1], [3, 0, 1]] as const)
    test(`${rows} factors, ${variables} variables, messages of size ${scale}: as the plain form, to 1e-13`, () => {
      const [plain, vector] = [plainFieldKernels(rows, variables), vectorFieldKernels(rows, variables)!];
      for (const kernels of [plain, vector]) fill(kernels, variables, scale);
      const largest = [plain, vector].map((kernels) => {
        kernels.contribute();
        kernels.gather();
        return [kernels.send(0.7), kernels.send(1)];
      });
      for (const name of changed) for (let k = 0; k < plain[name].length; k++) expect(Math.abs(vector[name][k]! - plain[name][k]!), `${name}[${k}]`).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(plain[name][k]!)));
      for (const k of [0, 1]) expect(Math.abs(largest[1]![k]! - largest[0]![k]!)).toBeLessThanOrEqual(1e-13 * Math.max(1, largest[0]![k]!));
    });

  test("messages end at ±30, and what is not a number is the largest change", () => {
    const kernels = vectorFieldKernels(2, 3)!;
    kernels.coefficients.fill(1);
    kernels.slopes.set([1000, -1000]);
    expect(kernels.send(1)).toBe(30);
    expect([...kernels.messages]).toEqual([30, 30, 30, 30, -30, -30, -30, -30]);
    kernels.slopes[1] = NaN;
    expect(kernels.send(1)).toBeNaN();
  });
});
