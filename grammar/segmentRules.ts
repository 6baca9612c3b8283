import type { EntryRule } from "./parser.ts";
import type { ReservedWord } from "./words.ts";

/** The rule that reads the segment of each word. */
export const segmentRules: Partial<Record<ReservedWord, EntryRule>> = {
  import: "importItem", use: "useItem", fn: "fnItem", model: "modelHead", theory: "theoryHead", run: "runHead", plot: "plotItem", table: "tableItem", claim: "claimItem",
  let: "valueDeclaration", energy: "valueDeclaration", observable: "valueDeclaration", ensemble: "ensembleDeclaration", state: "stateDeclaration", data: "dataDeclaration",
  constraint: "constraintDeclaration", order: "orderDeclaration", free_energy: "freeEnergyDeclaration", saddle: "saddleDeclaration",
  sweep: "sweepStep", samples: "settingStep", starts: "settingStep", seed: "settingStep", bias: "settingStep", evolve: "moveStep", measure: "moveStep", record: "recordStep",
  start: "startStep", hold: "holdStep", transient: "transientStep",
};
