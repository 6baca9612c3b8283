/**
 * The distributive law over a loop nest, from the innermost loop outwards. For `target += Π factors` in the loop over k:
 *
 * - if the target does not depend on k, Σ_k Π (factors that depend on k) becomes an accumulator, shared by all statements with that
 *   product, and the other factors multiply it after the loop, one level further out, where the same happens again;
 * - if it does, the entry is updated in the loop (and the factors that don't depend on k become one scalar before it).
 *
 * For the packed p-spin energy with its gradient this leaves one dot product and one axpy in each row of the couplings.
 */
import type { Combine, Expression } from "../ir/expression.ts";
import { identity, read } from "../ir/expression.ts";
import type { Statement } from "../ir/procedure.ts";
import type { Factor } from "./factors.ts";
import { factorsOf, isTotal, productOf, sumOf, withoutPowers } from "./factors.ts";

/** What happens in the body of one loop, besides the loop inside it. */
export interface LevelWork {
  /** Updated at each turn, declared before the loop. */
  readonly accumulators: Accumulator[];
  /** After the loop inside. */
  readonly stores: StoreWork[];
}
export interface Accumulator { readonly name: string; readonly combine: Combine; readonly value: Expression }
export interface StoreWork { readonly statement: Statement; value: Expression }

export interface DistributionContext {
  /** Number of loops. */
  readonly levels: number;
  /** Level of the innermost loop on which an expression depends; −1 for none. Knows accumulators once they are declared. */
  readonly depth: (e: Expression) => number;
  /** Whether the loop of a level may run zero times. */
  readonly mayBeEmpty: (level: number) => boolean;
  /** Whether the body of a level runs only for some values of a parameter, such as the site of a move. */
  readonly asksFor: (level: number, parameter: string) => boolean;
  /** Registers an accumulator over the loop of this level and returns its name. */
  readonly declare: (level: number, combine: Combine) => string;
}

/** The work of each level: entry l + 1 is that of the body of loop l, entry 0 that before and after all loops. */
export function distribute(statements: readonly Statement[], context: DistributionContext): readonly LevelWork[] {
  const work = Array.from({ length: context.levels + 1 }, (): LevelWork => ({ accumulators: [], stores: [] }));
  let pending = statements.map((statement) => ({ statement, factors: statement.combine === "sum" ? factorsOf(withoutPowers(statement.value)) : [whole(statement)] }));
  for (let level = context.levels - 1; level >= -1; level--) {
    const here = work[level + 1]!;
    const shared = new Map<string, string>();
    const outward: typeof pending = [];
    for (const { statement, factors } of pending) {
      const targetDepth = Math.max(-1, ...statement.subscripts.map(context.depth));
      if (targetDepth === level) {
        addStore(here, statement, productOf(factors, context.depth));
        continue;
      }
      // Only sums distribute: a maximum is taken of whole values.
      const stays = (f: Factor): boolean => statement.combine !== "sum" || context.depth(f.expression) === level || (context.mayBeEmpty(level) && !isTotal(f, (parameter) => context.asksFor(level, parameter)));
      const inner = productOf(factors.filter(stays), context.depth);
      const key = `${statement.combine} ${identity(inner)}`;
      let name = shared.get(key);
      if (name === undefined) {
        name = context.declare(level, statement.combine);
        shared.set(key, name);
        here.accumulators.push({ name, combine: statement.combine, value: inner });
      }
      outward.push({ statement, factors: [...factors.filter((f) => !stays(f)), { expression: read(name), reciprocal: false }] });
    }
    pending = outward;
  }
  return work;
}

const whole = (statement: Statement): Factor => ({ expression: statement.value, reciprocal: false });

/** Adds to a store of the same entry if there is one. */
function addStore(work: LevelWork, statement: Statement, value: Expression): void {
  const same = work.stores.find((s) => statement.combine === "sum" && s.statement.target === statement.target && s.statement.combine === "sum" && s.statement.subscripts.every((e, k) => e === statement.subscripts[k]));
  if (same) same.value = sumOf(same.value, value);
  else work.stores.push({ statement, value });
}
