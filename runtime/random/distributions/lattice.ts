import type { Distribution } from "./distribution.ts";

/**
 * The edges of the periodic hypercubic lattice, as two rows: first ends, then second ends. Vertices 1 … L^dimension have the last coordinate
 * fastest; each vertex brings the edge to its neighbour at + 1 in each direction, the last one first. At L = 2 that is one edge a pair.
 */
export const lattice: Distribution = {
  name: "lattice",
  doc: "The edges of the periodic hypercubic lattice of side L; nothing is random.",
  parameters: ["L", "dimension"],
  fill(out, _stream, [side, dimension]) {
    if (!Number.isInteger(side) || side < 1 || !Number.isInteger(dimension) || dimension < 1) throw new RangeError(`lattice(L ${side}, dimension ${dimension}): both are integers from 1`);
    const edges = out.length / 2;
    const vertices = side ** dimension;
    let edge = 0;
    for (let vertex = 0; vertex < vertices; vertex++) {
      for (let axis = 0, stride = 1; axis < dimension; axis++, stride *= side) {
        const coordinate = Math.floor(vertex / stride) % side;
        if (side === 1 || (side === 2 && coordinate === 1)) continue;
        out[edge] = vertex + 1;
        out[edges + edge] = vertex + 1 + (coordinate === side - 1 ? stride * (1 - side) : stride);
        edge++;
      }
    }
    if (edge !== edges) throw new Error(`internal: a lattice with ${edge} edges and room for ${edges}`);
  },
};
