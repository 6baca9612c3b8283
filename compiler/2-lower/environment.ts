/** What names of bound indices and of a `fn`'s parameters stand for while an expression is lowered. */
import type { BoundIndex } from "../1-check/indices.ts";
import type { ArraySymbol, ModelSymbol, SizeSymbol } from "../1-check/symbols.ts";
import type { Expression } from "../ir/expression.ts";
import type { ArrayValue } from "./arrayValue.ts";

/** Arrays and sizes that `with` replaces; `key` is equal for equal replacements, which share what is made for them. */
export interface Replaced {
  readonly key: string;
  readonly arrays: ReadonlyMap<ArraySymbol, ArrayValue>;
  readonly sizes: ReadonlyMap<ModelSymbol, Expression>;
  /** Where states are among what is replaced, all the rest: a derivative is that under the rest by the states, which then take other values. */
  readonly others?: { readonly replaced?: Replaced };
  /** Ends the names of what is declared once more. */
  readonly suffix?: string;
}

export interface LoweringEnvironment {
  readonly indices: ReadonlyMap<BoundIndex, Expression>;
  /** The edges of graphs that binders make known, by the index that does. */
  readonly edges: ReadonlyMap<BoundIndex, Expression>;
  /** Parameters of the `fn` that is being inlined: scalars are array values without slots. */
  readonly arguments: ReadonlyMap<ArraySymbol, ArrayValue>;
  readonly sizes: ReadonlyMap<SizeSymbol, Expression>;
  /** What `with` replaces around the expression. */
  readonly replaced?: Replaced;
  /** Pairs [smaller, larger] of indices whose order is known: a sum over i != j is lowered as two ordered ones where that matters. */
  readonly ordered: readonly (readonly [BoundIndex, BoundIndex])[];
}

export const emptyEnvironment: LoweringEnvironment = { indices: new Map(), edges: new Map(), arguments: new Map(), sizes: new Map(), ordered: [] };

export const withIndices = (env: LoweringEnvironment, added: Iterable<readonly [BoundIndex, Expression]>, ordered: LoweringEnvironment["ordered"] = [], edges: Iterable<readonly [BoundIndex, Expression]> = []): LoweringEnvironment =>
  ({ ...env, indices: new Map([...env.indices, ...added]), edges: new Map([...env.edges, ...edges]), ordered: [...env.ordered, ...ordered] });

/** The environment without what replaces states. */
export const atOwnStates = (env: LoweringEnvironment): LoweringEnvironment => (env.replaced?.others ? withReplaced(env, env.replaced.others.replaced) : env);

function withReplaced({ replaced: _, ...env }: LoweringEnvironment, replaced: Replaced | undefined): LoweringEnvironment {
  return replaced ? { ...env, replaced } : env;
}
