/** What theories have answered, as lines of JSON, each with the content address of its question. A line that a crash has cut off is none. */
import { open, readFile, type FileHandle } from "node:fs/promises";
import type { SettledAnswer } from "../environment.ts";
import { appendDurably, replaceDurably } from "./durableFile.ts";
import { numberToText, textToNumber } from "./frame.ts";

/** A question in words, for those who read the file: only the address tells questions apart. */
export interface DescribedQuestion {
  readonly theory: string;
  readonly quantity?: string;
  readonly arguments: readonly number[];
  readonly parameters: Readonly<Record<string, number>>;
}

export interface AnsweredQuestion { readonly address: string; readonly question: DescribedQuestion; readonly answer: SettledAnswer }

export interface PredictionFile {
  /** By address of the question. */
  readonly answers: ReadonlyMap<string, SettledAnswer>;
  /** Appends answers; they are lasting when the promise is fulfilled. */
  readonly append: (answered: readonly AnsweredQuestion[]) => Promise<void>;
  /** Rewrites the file in the order of addresses, so that its bytes don't tell how they came about. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** As it is read back: JSON has one zero. */
export const storedAnswer = (answer: SettledAnswer): SettledAnswer => JSON.parse(JSON.stringify(answer, numberToText), textToNumber) as SettledAnswer;

/** The answers of a file, which need not exist. */
export async function readPredictions(path: string): Promise<{ readonly lines: ReadonlyMap<string, string>; readonly answers: Map<string, SettledAnswer>; readonly clean: boolean }> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? "" : Promise.reject(error)));
  const lines = new Map<string, string>();
  const answers = new Map<string, SettledAnswer>();
  const all = text.split("\n");
  for (const line of all.slice(0, -1)) {
    const found = parse(line);
    if (!found) continue;
    lines.set(found.address, line);
    answers.set(found.address, found.answer);
  }
  return { lines, answers, clean: all.at(-1) === "" && lines.size === all.length - 1 };
}

export async function openPredictionFile(path: string): Promise<PredictionFile> {
  const { lines: found, answers, clean } = await readPredictions(path);
  const lines = new Map(found);
  let file: FileHandle | undefined;
  let settled = clean && isSorted([...lines.keys()]);
  const rewrite = async (addresses: readonly string[]): Promise<void> => {
    await file?.close();
    file = undefined;
    await replaceDurably(path, addresses.map((address) => `${lines.get(address)!}\n`).join(""));
  };
  let whole = clean;
  return {
    answers,
    append: async (answered) => {
      if (answered.length === 0) return;
      if (!whole) await rewrite([...lines.keys()]);
      file ??= await open(path, "a");
      whole = settled = false;
      const added = answered.map((one) => [one.address, JSON.stringify(one, numberToText)] as const);
      await appendDurably(file, path, [Buffer.from(added.map(([, line]) => `${line}\n`).join(""))]);
      for (const [address, line] of added) lines.set(address, line);
      for (const { address, answer } of answered) answers.set(address, storedAnswer(answer));
      whole = true;
    },
    settle: async () => {
      if (settled && whole) return;
      await rewrite([...lines.keys()].sort());
      settled = whole = true;
    },
    close: async () => file?.close(),
  };
}

const isSorted = (names: readonly string[]): boolean => names.every((name, k) => k === 0 || names[k - 1]! < name);

function parse(line: string): AnsweredQuestion | undefined {
  try {
    const { address, answer, question } = JSON.parse(line, textToNumber) as Partial<AnsweredQuestion>;
    const complete = typeof address === "string" && typeof answer === "object" && ("refused" in answer ? typeof answer.refused === "string" : typeof answer.value === "number" && typeof answer.residual === "number" && typeof answer.status === "string" && Array.isArray(answer.assumptions));
    return complete && question ? { address, answer, question } : undefined;
  } catch {
    return undefined;
  }
}
