import type { Stream } from "../stream.ts";
import type { Distribution } from "./distribution.ts";

/** Attempts before a pairing is given up for lost; each one succeeds with a probability of order 1. */
const MOST_ATTEMPTS = 1000;

/**
 * A graph of N vertices of one degree, without loops and double edges, by the algorithm of Steger and Wormald (Combinatorics, Probability and
 * Computing 8, 377 (1999)): ends of edges are paired at random among the pairs that make a simple graph, and begun anew where none is left.
 * For degrees far below N^(1/3) its law is uniform up to terms that vanish with N. As two rows, first ends and second ends.
 */
export const randomRegular: Distribution = {
  name: "randomRegular",
  doc: "The edges of a random graph of N vertices with `degree` neighbours each.",
  parameters: ["N", "degree"],
  fill(out, stream, [vertices, degree]) {
    if (!Number.isInteger(vertices) || !Number.isInteger(degree) || degree < 0 || degree >= vertices || (vertices * degree) % 2 !== 0) {
      throw new RangeError(`randomRegular(N ${vertices}, degree ${degree}): the degree is an integer from 0 to N − 1, and N · degree is even`);
    }
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) if (pair(out, stream, vertices, degree, attempt)) return;
    throw new RangeError(`randomRegular(N ${vertices}, degree ${degree}): no simple graph in ${MOST_ATTEMPTS} attempts`);
  },
};

/** One attempt: uniform numbers (attempt, 0 …) of the stream choose the ends. False where it came to a dead end. */
function pair(out: Float64Array, stream: Stream, vertices: number, degree: number, attempt: number): boolean {
  const edges = (vertices * degree) / 2;
  const ends = Int32Array.from({ length: 2 * edges }, (_, k) => Math.floor(k / Math.max(1, degree)));
  const neighbours = Array.from({ length: vertices }, () => new Set<number>());
  const uniforms = new Float64Array(256);
  let drawn = 0;
  const below = (n: number): number => {
    if (drawn % uniforms.length === 0) stream.uniforms(uniforms, drawn, attempt);
    return Math.floor(uniforms[drawn++ % uniforms.length]! * n);
  };
  const remove = (place: number, left: number): void => { ends[place] = ends[left - 1]!; };
  let left = ends.length;
  for (let edge = 0; edge < edges; edge++) {
    let misses = 0;
    for (;;) {
      const [a, b] = [below(left), below(left)];
      const [u, v] = [ends[a]!, ends[b]!];
      if (a !== b && u !== v && !neighbours[u]!.has(v)) {
        neighbours[u]!.add(v);
        neighbours[v]!.add(u);
        out[edge] = u + 1;
        out[edges + edge] = v + 1;
        remove(Math.max(a, b), left--);
        remove(Math.min(a, b), left--);
        break;
      }
      // Rarely a pair is left: look before going on.
      if (++misses % (10 + 10 * left) === 0 && !anyLeft(ends.subarray(0, left), neighbours)) return false;
    }
  }
  return true;
}

/** Whether two of the free ends could still be joined. */
function anyLeft(ends: Int32Array, neighbours: readonly Set<number>[]): boolean {
  const free = [...new Set(ends)];
  return free.some((u, k) => free.slice(k + 1).some((v) => !neighbours[u]!.has(v)));
}
