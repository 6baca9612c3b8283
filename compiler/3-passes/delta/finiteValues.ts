/** Which values an expression can have, where its parts say that they are few. */
import type { Expression } from "../../ir/expression.ts";
import type { Program } from "../../ir/program.ts";
import { distributions } from "../../library/distributions/index.ts";
import type { DistributionRecord } from "../../library/distributions/index.ts";
import { domains, isDomainName } from "../../library/domains/index.ts";
import type { DomainRecord } from "../../library/domains/index.ts";
import { ops } from "../../library/ops/index.ts";

const MOST_VALUES = 4;

/** In ascending order; undefined where they are many, or unknown. Not all of them need occur. */
export function finiteValues(program: Program, e: Expression): readonly number[] | undefined {
  switch (e.kind) {
    case "constant": return [e.value];
    case "parameter": case "index": return undefined;
    case "read": return valuesOfArray(program, e.array);
    case "reduce": return e.combine === "max" || e.combine === "min" ? finiteValues(program, e.body) : undefined;
    case "apply": break;
  }
  const lists = e.arguments.map((a) => finiteValues(program, a));
  if (e.operator === "select") return lists[1] && lists[2] && few([...lists[1], ...lists[2]]);
  if (lists.every((l) => l !== undefined)) {
    const combinations = lists.reduce<readonly (readonly number[])[]>((all, list) => all.flatMap((c) => list!.map((v) => [...c, v])), [[]]);
    return few(combinations.map((c) => (ops[e.operator].value as (...x: number[]) => number)(...c)));
  }
  return ops[e.operator].type(e.arguments.map(() => "real")) === "truth" ? [0, 1] : undefined;
}

export const isTruth = (program: Program, e: Expression): boolean => finiteValues(program, e)?.every((v) => v === 0 || v === 1) === true;

function valuesOfArray(program: Program, name: string): readonly number[] | undefined {
  const origin = program.arrays.find((a) => a.name === name)?.origin;
  switch (origin?.kind) {
    case "definition": return finiteValues(program, origin.body);
    case "state": return (domains[origin.domain.name] as DomainRecord).pair;
    case "ensemble": {
      const record: DistributionRecord | undefined = Object.entries(distributions).find(([known]) => known === origin.distribution)?.[1];
      return record?.domains.flatMap((d) => (isDomainName(d) ? [(domains[d] as DomainRecord).pair] : [])).find((pair) => pair !== undefined);
    }
    default: return undefined;
  }
}

function few(values: readonly number[]): readonly number[] | undefined {
  const distinct = [...new Set(values.map((v) => v + 0))].sort((a, b) => a - b);
  return distinct.length <= MOST_VALUES && distinct.every(Number.isFinite) ? distinct : undefined;
}
