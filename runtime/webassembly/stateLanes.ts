/** Two states one after the other (entry i of state s at dimension · s + i) as lanes (at 2 i + s), and back: (dimension, states, lanes), the arrays in bytes. */
import type { WasmFunction } from "./bytes.ts";
import { FunctionWriter, opcode } from "./functionWriter.ts";
import { lowerHalvesJoined, upperHalvesJoined } from "./simd.ts";

/** States in a vector. */
export const STATES = 2;

/** No kernel has a name with spaces. */
export const intoLanes = "into lanes";
export const outOfLanes = "out of lanes";

export const stateLaneFunctions = (): readonly WasmFunction[] => [written(intoLanes, true), written(outOfLanes, false)];

function written(name: string, into: boolean): WasmFunction {
  const f = new FunctionWriter(["i32", "i32", "i32"]);
  const [left, first, lanes] = [0, 1, 2] as const;
  const second = f.local("i32");
  f.get(left);
  f.i32(3);
  f.write(opcode.i32ShiftLeft);
  f.get(first);
  f.write(opcode.i32Add);
  f.set(second);
  const [a, b] = [f.local("v128"), f.local("v128")];
  const load = (pointer: number, into: number, offset = 0): void => {
    f.get(pointer);
    f.memory(opcode.v128Load, offset);
    f.set(into);
  };
  const store = (pointer: number, shuffle: readonly number[], offset = 0): void => {
    f.get(pointer);
    f.get(a);
    f.get(b);
    f.write(shuffle);
    f.memory(opcode.v128Store, offset);
  };
  const copy = (from: number, at: number, to: number, toOffset: number): void => {
    f.get(to);
    f.get(from);
    f.loadNumber(false, at);
    f.storeNumber(false, toOffset);
  };
  f.whileLeft(left, 2, () => {
    if (into) {
      load(first, a);
      load(second, b);
      store(lanes, lowerHalvesJoined);
      store(lanes, upperHalvesJoined, 16);
    } else {
      load(lanes, a);
      load(lanes, b, 16);
      store(first, lowerHalvesJoined);
      store(second, upperHalvesJoined);
    }
    f.advance(first, 16);
    f.advance(second, 16);
    f.advance(lanes, 32);
  });
  f.whileLeft(left, 1, () => {
    if (into) {
      copy(first, 0, lanes, 0);
      copy(second, 0, lanes, 8);
    } else {
      copy(lanes, 0, first, 0);
      copy(lanes, 8, second, 0);
    }
  });
  return { name, parameters: f.parameters, locals: f.locals, code: f.code };
}
