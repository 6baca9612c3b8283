/**
 * Weighted graphs as text: the number of vertices and of edges in the first line, then an edge a line, `i j weight`, with vertices from 1 (the
 * format of the Max-Cut instances of G. Rinaldi's `rudy`, known as the G-set).
 */
import { defineSource, readDataFile } from "quench/extend";

export const edge_list = defineSource({
  doc: "A weighted graph: the first and the second end of each edge, and its weight.",
  parameters: [{ name: "data", kind: "text", doc: "The file; its path starts at the directory of the specification." }],
  arrays: 3,
  // Vertices can stand in a slot: `s[a[e]]`.
  holdsClasses: (_given, _array, position) => position < 2,
  read: (given, _wanted, directory) => {
    const file = String(given["data"]);
    const [head, ...lines] = readDataFile(file, directory).toString("utf8").trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number));
    const [vertices, edges] = head!;
    if (lines.length !== edges) throw new Error(`${file} announces ${edges} edges, and has ${lines.length}`);
    const columns = [0, 1, 2].map(() => new Float64Array(edges));
    lines.forEach(([i, j, weight = 1], e) => {
      const isVertex = (x: number | undefined): x is number => Number.isInteger(x) && x! >= 1 && x! <= vertices!;
      if (!isVertex(i) || !isVertex(j) || !Number.isFinite(weight)) throw new Error(`${file}, line ${e + 2}: two vertices from 1 to ${vertices} and a weight were expected`);
      columns[0]![e] = i;
      columns[1]![e] = j;
      columns[2]![e] = weight;
    });
    return columns.map((values) => ({ values, shape: [edges] }));
  },
});
