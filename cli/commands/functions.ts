import { ops } from "../../compiler/library/ops/index.ts";
import { distributions } from "../../compiler/library/distributions/index.ts";
import { libraryFunctions } from "../../compiler/library/functions/index.ts";
import { reductions } from "../../compiler/library/reductions/index.ts";
import { theories } from "../../compiler/library/theories/index.ts";
import { sources } from "../../compiler/library/sources/index.ts";
import { dynamics } from "../../runtime/dynamics/index.ts";
import { estimators } from "../../runtime/estimators/index.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { paint, toStdout } from "../terminal.ts";

interface Entry { readonly name: string; readonly doc: string; readonly planned?: boolean }

/** `quench functions`: everything that an expression can call, from the tables that the compiler itself uses. */
export function functions(): ExitStatus {
  const section = (title: string, entries: readonly Entry[]): void => {
    const width = Math.max(...entries.map((e) => e.name.length));
    toStdout(paint("bold", title));
    for (const { name, doc, planned } of [...entries].sort((a, b) => a.name.localeCompare(b.name))) toStdout(`  ${name.padEnd(width)}  ${doc}${planned ? " (planned)" : ""}`);
    toStdout("");
  };
  section("Functions of numbers", Object.values(ops).flatMap((o) => (o.syntax.function ? [{ name: o.syntax.function, doc: o.doc }] : [])));
  section("Functions of arrays", Object.entries(libraryFunctions).map(([name, f]) => ({ name, doc: f.doc })));
  section("Reductions", Object.entries(reductions).map(([name, r]) => ({ name, doc: r.doc })));
  section("Distributions", Object.entries(distributions).map(([name, d]) => ({ name, doc: d.doc })));
  section("Data sources", Object.values(sources).flatMap((s) => [{ name: `${s.name}(${s.parameters.map((p) => p.name).join(", ")})`, doc: s.doc }]));
  section("Dynamics", Object.values(dynamics).flatMap((d) => (d ? [{ name: d.name, doc: d.doc, planned: !d.implemented }] : [])));
  section("Estimators", Object.values(estimators).map((e) => ({ name: e.name, doc: e.doc })));
  section("Theories", Object.values(theories).flatMap((t) => (t ? [{ name: t.name, doc: t.doc, planned: !t.implemented }] : [])));
  return exitStatus.ok;
}
