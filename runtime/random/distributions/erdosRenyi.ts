import type { Distribution } from "./distribution.ts";

/**
 * G(N, p) with p = degree/(N − 1): each pair i < j of the vertices 1 … N is an edge, independently. As two rows, first and second ends, in the
 * order of the pairs (1,2), (1,3), (2,3), (1,4), …; entries behind the last edge are 0. The gaps between edges are drawn (Batagelj,
 * Brandes, Phys. Rev. E 71, 036113 (2005)): gap k is made of uniform number k of the stream.
 */
export const erdosRenyi: Distribution = {
  name: "erdosRenyi",
  doc: "The edges of a graph of N vertices in which each pair is one with probability degree/(N − 1).",
  parameters: ["N", "degree"],
  fill(out, stream, [vertices, degree]) {
    const p = degree / (vertices - 1);
    if (!Number.isInteger(vertices) || vertices < 1 || !(p >= 0 && p <= 1 || degree === 0)) throw new RangeError(`erdosRenyi(N ${vertices}, degree ${degree}): the mean degree is between 0 and N − 1`);
    const room = out.length / 2;
    const uniforms = new Float64Array(room + 1);
    stream.uniforms(uniforms, 0);
    out.fill(0);
    if (!(p > 0)) return;
    const logMiss = Math.log1p(-p);
    let larger = 1;
    let smaller = -1;
    for (let edge = 0; edge <= room; edge++) {
      smaller += 1 + (p < 1 ? Math.floor(Math.log(uniforms[edge]!) / logMiss) : 0);
      while (smaller >= larger && larger < vertices) smaller -= larger++;
      if (larger >= vertices) return;
      if (edge === room) throw new RangeError(`erdosRenyi(N ${vertices}, degree ${degree}): more than ${room} edges, twelve standard deviations above the mean`);
      out[edge] = smaller + 1;
      out[room + edge] = larger + 1;
    }
  },
};
