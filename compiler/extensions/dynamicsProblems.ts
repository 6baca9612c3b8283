/** Proves the dynamics of an extension on small models of the variables that they move, in a worker with a limit of time. */
import type { ExtensionText } from "../../runtime/extensions/extension.ts";
import { smallModels, type SmallModel, type SmallModelCode } from "../../runtime/extensions/smallModels.ts";
import type { SampleAnswer } from "../../runtime/extensions/sampleWorker.ts";
import type { ExtensionDefinition } from "./definition.ts";
import { sampleInWorker } from "./sampleInWorker.ts";

/** The code of the model of a specification, for every need. */
export type CodeOf = (text: string) => Pick<SmallModelCode, "javascript"> | undefined;

/** What is wrong with which of them. */
export function dynamicsProblems(text: ExtensionText, definitions: ReadonlyMap<string, ExtensionDefinition>, codeOf: CodeOf): readonly (readonly [string, string])[] {
  const all = [...definitions].flatMap(([name, d]) => (d.kind === "dynamics" ? [{ name, domains: d.domains }] : []));
  const domains = new Set(all.flatMap((d) => d.domains));
  const models = smallModels.filter(({ domain }) => domains.has(domain));
  if (models.length === 0) return [];
  const ask = (chosen: readonly SmallModel[]): SampleAnswer => sampleInWorker(text, { dynamics: all.map((d) => d.name), models: codesOf(chosen, codeOf) });
  // The first of each kind of variables, and only where one is refused the others.
  const few = ask(models.filter(({ domain }, k) => models.findIndex((m) => m.domain === domain) === k));
  const answer = "failed" in few || Object.keys(few.problems).length === 0 ? few : ask(models);
  return "failed" in answer ? [[answer.evaluating ?? "", answer.failed]] : Object.entries(answer.problems);
}

const known = new Map<string, SmallModelCode | undefined>();

const codesOf = (models: readonly SmallModel[], codeOf: CodeOf): readonly SmallModelCode[] => models.flatMap(({ text, ...model }) => {
  if (!known.has(text)) {
    const code = codeOf(text);
    known.set(text, code && { ...model, ...code });
  }
  return known.get(text) ?? [];
});
