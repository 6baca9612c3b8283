/** The top-level names of a file that results speak of: models, theories and runs share one name space, over the whole file. */
import type { DerivedTheoryItem, FunctionItem, ObservableDeclaration, RunItem, SourceFile, TheoryItem } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/span.ts";
import type { Continuation, RunPlan, RunPoint } from "../../../runtime/engine/plan.ts";
import type { TheoryRecord } from "../../library/theories/theory.ts";
import { noExtensions, type ExtensionNames } from "../../library/extensionNames.ts";
import type { CheckedModel, CheckOptions } from "../checkModels.ts";
import { viewModel } from "./modelView.ts";
import type { ModelView, ObservableView } from "./modelView.ts";

export interface ModelSymbol { readonly kind: "model"; readonly name: string; readonly span: Span; readonly view: ModelView | undefined }

/** A sweep variable; `values` is undefined where they could not be found out. */
export interface SweepVariable {
  readonly name: string;
  readonly span: Span;
  /** As written. */
  readonly written: readonly number[] | undefined;
  /** Those that are run: `--set` leaves one. */
  readonly values: readonly number[] | undefined;
  /** Given by `--set`. */
  readonly set: boolean;
}

/** A run; everything below `item` is filled in when it is checked, before any result is. */
export interface RunSymbol {
  readonly kind: "run";
  readonly name: string;
  readonly span: Span;
  readonly item: RunItem;
  /** Undefined where the model is unknown: nothing that depends on it is reported. */
  model: ModelView | undefined;
  sweep: readonly SweepVariable[];
  points: readonly RunPoint[];
  /** The temperatures of `tempering`, which become the last sweep variable. */
  ladder: { readonly name: string; readonly span: Span; readonly values: readonly number[]; readonly rungs?: number } | undefined;
  samples: number;
  starts: number;
  seed: number;
  /** Names of what is recorded; undefined for everything. */
  recorded: Set<string> | undefined;
  /** What its dynamics add to the observables of the model: a Bethe free energy. */
  quantities: ReadonlySet<string>;
  /** Observables that results add to its model: `R.e with …`; and what they are in it, by their names. */
  replaced: readonly ObservableDeclaration[];
  added: ReadonlyMap<string, ObservableView>;
  /** Its model as it changes it: starts, bias, held copies, arrays and observables of its own. */
  changed: CheckedModel | undefined;
  /** Names of the copies that do not move. */
  held: ReadonlySet<string>;
  /** Where its states go on from other runs. */
  continues: Continuation | undefined;
  plan: RunPlan | undefined;
  /** False where something was reported about it. */
  sound: boolean;
}

export interface TheorySymbol {
  readonly kind: "theory";
  readonly name: string;
  readonly span: Span;
  readonly item: DerivedTheoryItem | TheoryItem;
  model: ModelView | undefined;
  /** The method of a derived theory. */
  method: TheoryRecord | undefined;
  /** Quantities and parameters of a theory that the file declares itself. */
  declared: { readonly quantities: readonly string[]; readonly parameters: readonly string[] } | undefined;
}

export interface Names {
  readonly models: ReadonlyMap<string, ModelSymbol>;
  readonly runs: ReadonlyMap<string, RunSymbol>;
  readonly theories: ReadonlyMap<string, TheorySymbol>;
  readonly functions: ReadonlyMap<string, FunctionItem>;
  /** What `use` brings in. */
  readonly extensions: ExtensionNames;
  /** Whether an unknown name may have been declared where nothing could be read: in an imported file, in a broken declaration. */
  readonly open: (name: string) => boolean;
  /** Whether everything that the file declares could be read: only then something is known to be absent. */
  readonly complete: boolean;
}

/** Of several declarations of one name the first counts; that there are several is the finding of `checkModels`. */
export function collectNames(file: SourceFile, models: readonly CheckedModel[], unreadable: ReadonlySet<string>, extensions: CheckOptions["extensions"]): Names {
  const modelSymbols = new Map<string, ModelSymbol>(), runs = new Map<string, RunSymbol>(), theories = new Map<string, TheorySymbol>();
  const functions = new Map<string, FunctionItem>();
  for (const item of file.items) {
    switch (item.kind) {
      case "model":
        if (!modelSymbols.has(item.name.name)) {
          const checked = models.find((m) => m.name === item.name.name);
          modelSymbols.set(item.name.name, { kind: "model", name: item.name.name, span: item.name.span, view: checked && viewModel(checked) });
        }
        break;
      case "run":
        if (!runs.has(item.name.name)) {
          runs.set(item.name.name, {
            kind: "run", name: item.name.name, span: item.name.span, item, model: undefined, sweep: [], points: [], ladder: undefined, samples: 1, starts: 1, seed: 1,
            recorded: undefined, quantities: new Set(), replaced: [], added: new Map(), changed: undefined, held: new Set(), continues: undefined, plan: undefined, sound: true,
          });
        }
        break;
      case "theory": case "derivedTheory":
        if (!theories.has(item.name.name)) {
          theories.set(item.name.name, {
            kind: "theory", name: item.name.name, span: item.name.span, item, model: undefined, method: undefined, declared: undefined,
          });
        }
        break;
      case "fn": if (!functions.has(item.name.name)) functions.set(item.name.name, item); break;
      default: break;
    }
  }
  const foreign = file.items.some((i) => i.kind === "use") && extensions?.complete !== true;
  return { models: modelSymbols, runs, theories, functions, extensions: extensions?.names ?? noExtensions, open: (name) => foreign || unreadable.has(name), complete: unreadable.size === 0 };
}
