/** Every program of the repository that compiles, and all models in them: what must hold of any program is tested on these. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compile } from "../../compiler/compile.ts";
import { contentText } from "../../compiler/ir/contentText.ts";
import type { Program } from "../../compiler/ir/program.ts";
import { accepted } from "./accepted.ts";

export interface CorpusProgram {
  /** Where it stands, below the root of the repository. */
  readonly name: string;
  readonly directory: string;
  readonly text: string;
}

const root = join(import.meta.dirname, "../..");

const filesIn = (folder: string): readonly CorpusProgram[] => readdirSync(join(root, folder)).filter((file) => file.endsWith(".quench")).sort()
  .map((file) => ({ name: `${folder}/${file}`, directory: join(root, folder), text: readFileSync(join(root, folder, file), "utf8") }));

/** The blocks of a page that show no mistake. */
const blocksOf = (page: string): readonly CorpusProgram[] => [...readFileSync(join(root, page), "utf8").matchAll(/^```quench(?: (?!wrong).*)?\n([^]*?)^```$/gm)]
  .map(([, text], k) => ({ name: `${page}, block ${k + 1}`, directory: dirname(join(root, page)), text: text! }));

export const corpus: readonly CorpusProgram[] = [
  ...accepted.map(({ name, directory, text }) => ({ name, directory, text })),
  ...["examples", "examples/extended", "examples/extensions", "bench", "test/cases/newcomers"].flatMap(filesIn),
  ...blocksOf("grammar/LANGUAGE.md"),
];

export interface CorpusModel {
  /** Of the program, of the model, and of the run where that changes it (a bias, starts, held copies). */
  readonly name: string;
  readonly program: Program;
  readonly directory: string;
}

/** The models of the programs without an error, with what runs make of them; of equal ones the first. */
export function corpusModels(): readonly CorpusModel[] {
  const known = new Set<string>();
  return corpus.flatMap(({ name, text, directory }) => {
    const { models, programs, accepted: sound } = compile(text, { directory, deriveTheories: false });
    if (!sound) return [];
    const all = [...models.flatMap(({ program }) => (program ? [[program.model, program] as const] : [])), ...[...programs].map(([run, program]) => [`${program.model} in ${run}`, program] as const)];
    return all.flatMap(([of, program]) => {
      const content = contentText({ ...program, model: undefined });
      if (known.has(content)) return [];
      known.add(content);
      return [{ name: `${name}: ${of}`, program, directory }];
    });
  });
}
