/** Everything that an expression can call, from the tables that the compiler itself uses: `quench functions`, and the tables of grammar/LANGUAGE.md. */
import { dynamics } from "../runtime/dynamics/index.ts";
import { estimators } from "../runtime/estimators/index.ts";
import { distributions } from "./library/distributions/index.ts";
import { domains } from "./library/domains/index.ts";
import { libraryFunctions } from "./library/functions/index.ts";
import { ops } from "./library/ops/index.ts";
import { reductions } from "./library/reductions/index.ts";
import { sources } from "./library/sources/index.ts";
import { theories } from "./library/theories/index.ts";

export interface CatalogueEntry {
  readonly name: string;
  /** How it is written: `metropolis(T, width)`. */
  readonly form: string;
  readonly doc: string;
}

export interface CatalogueSection { readonly title: string; readonly entries: readonly CatalogueEntry[] }

type Named = Readonly<{ name: string }>;

const form = (name: string, parameters: readonly Named[]): string => (parameters.length === 0 ? name : `${name}(${parameters.map((p) => p.name).join(", ")})`);
const letters = ["x", "y", "z"];

export function catalogue(): readonly CatalogueSection[] {
  const section = (title: string, entries: readonly CatalogueEntry[]): CatalogueSection => ({ title, entries: [...entries].sort((a, b) => a.name.localeCompare(b.name)) });
  return [
    section("Functions of numbers", Object.values(ops).flatMap((o) => (o.syntax.function ? [{ name: o.syntax.function, form: `${o.syntax.function}(${letters.slice(0, o.arity).join(", ")})`, doc: o.doc }] : []))),
    section("Functions of arrays", Object.entries(libraryFunctions).map(([name, f]) => ({ name, form: name, doc: f.doc }))),
    section("Reductions", Object.entries(reductions).map(([name, r]) => ({ name, form: name, doc: r.doc }))),
    section("Domains", Object.entries(domains).map(([name, d]) => ({ name, form: form(name, d.parameters), doc: d.doc }))),
    section("Distributions", Object.entries(distributions).map(([name, d]) => ({ name, form: form(name, d.parameters), doc: d.doc }))),
    section("Data sources", Object.values(sources).map((s) => ({ name: s.name, form: form(s.name, s.parameters), doc: s.doc }))),
    section("Dynamics", Object.values(dynamics).flatMap((d) => (d ? [{ name: d.name, form: form(d.name, d.parameters), doc: d.doc }] : []))),
    section("Estimators", Object.values(estimators).map((e) => ({ name: e.name, form: `${e.name}(${[...e.arguments, ...e.options].map((p) => p.name).join(", ")})`, doc: e.doc }))),
    section("Theories", Object.values(theories).flatMap((t) => (t ? [{ name: t.name, form: form(t.name, t.parameters), doc: t.doc }] : []))),
  ];
}
