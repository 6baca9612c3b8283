/** Functions of several vectors side by side give what each gives alone, to the last bit, whichever of them takes a branch. */
import { expect, test } from "vitest";
import { optimisedModule, webAssembly } from "../../../runtime/backends/webAssembly.ts";
import { exp } from "../../../runtime/vectorMath/exp.ts";
import { logGaussTail } from "../../../runtime/vectorMath/errorFunction.ts";
import { moduleBytes } from "../../../runtime/webassembly/bytes.ts";
import { FunctionWriter, opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { sideBySide } from "../../../runtime/webassembly/sideBySide.ts";
import { VectorBuilder, type Node, type VectorFunction, type VectorSink } from "../../../runtime/webassembly/vectorFunction.ts";

const vectors = 3;
const place = 64;

/** f of three vectors at `place`, to behind them: side by side, or one after the other. */
function written(name: string, function_: VectorFunction, together: boolean): Parameters<typeof moduleBytes>[0][number] {
  const f = new FunctionWriter([]);
  const sink: VectorSink = { local: () => f.local("v128"), write: (code) => f.write(code) };
  const apply = (argument: Node, own: VectorSink): Node => function_.body(new VectorBuilder(own), argument);
  const given = Array.from({ length: vectors }, (_, k): Node => {
    f.i32(place + 16 * k);
    f.memory(opcode.v128Load);
    const local = f.local("v128");
    f.set(local);
    return [0x20, local];
  });
  const results = together ? sideBySide(apply, given, sink) : given.map((argument) => apply(argument, sink));
  results.forEach((result, k) => {
    f.i32(place + 16 * (vectors + k));
    f.write(result);
    f.memory(opcode.v128Store);
  });
  return { name, parameters: f.parameters, locals: f.locals, code: f.code };
}

test.each([[exp.name, exp], [logGaussTail.name, logGaussTail]])("%s", (_, f) => {
  const memory = new webAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new webAssembly.Instance(optimisedModule(moduleBytes([written("alone", f, false), written("together", f, true)])), { quench: { memory } });
  const [given, results] = [new Float64Array(memory.buffer, place, 2 * vectors), new Float64Array(memory.buffer, place + 16 * vectors, 2 * vectors)];
  // Every choice of lanes below 0, where the tail has its branch.
  for (let signs = 0; signs < 4 ** vectors; signs++) {
    given.forEach((__, k) => { given[k] = (0.3 + 1.7 * k) * ((signs >> k) & 1 ? -1 : 1); });
    (exports["alone"] as () => void)();
    const alone = [...results];
    results.fill(0);
    (exports["together"] as () => void)();
    expect([...results]).toEqual(alone);
  }
});
