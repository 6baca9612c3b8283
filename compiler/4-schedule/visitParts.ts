import { visitAtoms } from "./integer.ts";
import type { Integer, IntegerAtom } from "./integer.ts";
import { scalarsOf, visitScalar, visitStatements } from "./kernel.ts";
import type { KernelStatement, Scalar } from "./kernel.ts";

export interface PartVisitor {
  readonly statement?: (s: KernelStatement) => void;
  readonly scalar?: (s: Scalar) => void;
  readonly atom?: (a: IntegerAtom) => void;
}

/** Visits every statement, every scalar and every integer atom of a body, those inside offsets and bounds too. */
export function visitParts(body: readonly KernelStatement[], visitor: PartVisitor): void {
  const integer = (x: Integer): void => visitAtoms(x, (a) => {
    visitor.atom?.(a);
    if (a.kind === "scalar") visitScalar(a.value, scalar);
  });
  const scalar = (s: Scalar): void => {
    visitor.scalar?.(s);
    if (s.kind === "integer") integer(s.value);
    if (s.kind === "load") integer(s.offset);
  };
  visitStatements(body, (s) => {
    visitor.statement?.(s);
    for (const root of scalarsOf(s)) visitScalar(root, scalar);
    switch (s.kind) {
      case "for": integer(s.from); integer(s.to); break;
      case "integer": integer(s.value); break;
      case "advance": integer(s.by); break;
      case "store": integer(s.offset); break;
      case "fill": integer(s.length); break;
      case "call": integer(s.blocks); for (const { shape } of s.arguments) shape.forEach(integer); break;
      default: break;
    }
  });
}
