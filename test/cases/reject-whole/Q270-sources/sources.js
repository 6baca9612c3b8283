import { defineSource } from "quench/extend";

const three = { doc: "Three numbers.", parameters: [], arrays: 1, read: () => [{ values: Float64Array.of(1, 2, 3), shape: [3] }] };
export const square = defineSource({ ...three, read: () => [{ values: Float64Array.of(1, 2, 3), shape: [2, 2] }] });
export const gap = defineSource({ ...three, read: () => [{ values: Float64Array.of(1, NaN, 3), shape: [3] }] });
export const list = defineSource({ ...three, read: () => [[1, 2, 3]] });
export const nothing = defineSource({ ...three, read: () => {} });
export const waits = defineSource({ ...three, read: async () => three.read() });
export const throws = defineSource({ ...three, read: () => { throw new Error("row 3 ends early"); } });
