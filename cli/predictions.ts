/**
 * What theories predict for a study. Claims, figures and tables are evaluated as if all answers were there; what isn't is asked of a pool of threads,
 * and what waits for it is evaluated again. Answers are kept in the run directory.
 */
import type { Compilation } from "../compiler/compile.ts";
import { underivable } from "../compiler/checkTheories.ts";
import { questionAddresses } from "../compiler/questionAddress.ts";
import { predictionPool, type PredictionPool } from "../compiler/theory/predictionPool.ts";
import { derivability, theoryQuestion, type TheoryQuestion } from "../compiler/theory/question.ts";
import { planOf } from "../compiler/theory/theoryOracle.ts";
import type { Diagnostic } from "../grammar/index.ts";
import type { ResultEnvironment, SettledAnswer, TheoryAnswer, TheoryRequest } from "../runtime/results/environment.ts";
import type { RunRecords } from "../runtime/results/records.ts";
import { storedAnswer } from "../runtime/results/store/predictionFile.ts";
import type { StoredPredictions } from "../runtime/results/store/runDirectory.ts";
import { breathe } from "./interruption.ts";
import { startPredictionProgress, type PredictionProgress } from "./predictionProgress.ts";
import type { ProgressOptions } from "./progress.ts";
import { standaloneText } from "./standaloneText.ts";
import { theoryBuild, version } from "./version.ts";

export interface PredictionInputs {
  readonly compilation: Compilation;
  /** With which it was compiled. */
  readonly settings: { readonly set: Readonly<Record<string, number>>; readonly seed?: number; readonly directory: string };
  readonly stored: StoredPredictions;
  /** Most threads. */
  readonly threads: number;
  readonly options: ProgressOptions;
  readonly signal: AbortSignal;
}

export interface Evaluation {
  readonly runs: ReadonlyMap<string, RunRecords>;
  /** Asks for nothing that depends on records which are not there yet. */
  readonly ahead?: boolean;
}

export class Predictions {
  readonly progress: PredictionProgress;
  private readonly pool: PredictionPool;
  private readonly addressOf: (question: TheoryQuestion) => string;
  /** By request. */
  private readonly questions = new Map<string, { readonly address: string; readonly question: TheoryQuestion } | { readonly refused: string }>();
  /** By address: answers of this call, those that were there before, and what is worked on. */
  private readonly answers = new Map<string, SettledAnswer>();
  private readonly asked = new Map<string, Promise<void>>();
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly inputs: PredictionInputs) {
    const { compilation, settings, threads, options, signal } = inputs;
    this.addressOf = questionAddresses(compilation, `${version}+${theoryBuild}`);
    this.pool = predictionPool({ text: standaloneText(compilation), options: settings }, Math.max(1, threads));
    this.progress = startPredictionProgress(options);
    if (signal.aborted) void this.close();
    else signal.addEventListener("abort", () => void this.close(), { once: true });
  }

  /**
   * Evaluates something, again after each round of answers, until it has all that it asks for.
   * @throws Error (internal) what a theory has thrown, or `PoolClosed` after an interruption
   */
  async settle<T>({ runs, ahead = false }: Evaluation, evaluate: (environment: ResultEnvironment) => T): Promise<T> {
    for (;;) {
      const missing = new Map<string, TheoryQuestion>();
      const result = await this.inTurn(() => evaluate({ runs, theory: (request) => this.look(request, missing, ahead) }));
      if (missing.size === 0) return result;
      await this.answer(missing);
    }
  }

  /** Those of these theories that cannot be derived. */
  async underivable(names: ReadonlySet<string>): Promise<readonly Diagnostic[]> {
    const { theories, models } = this.inputs.compilation;
    const found = theories.filter((t) => names.has(t.name)).flatMap((plan) => {
      const question = derivability(plan, models);
      return question ? [{ plan, question, address: this.addressOf(question) }] : [];
    });
    await this.answer(new Map(found.filter(({ address }) => !this.known(address)).map(({ address, question }) => [address, question])));
    return found.flatMap(({ plan, address }) => {
      const answer = this.known(address);
      return answer && "refused" in answer ? [underivable(plan, answer.refused)] : [];
    });
  }

  async close(): Promise<void> {
    this.progress.stop();
    await this.pool.close();
  }

  /** One evaluation after the other, so that signals are heard in between. */
  private inTurn<T>(evaluate: () => T): Promise<T> {
    const result = this.turn.then(breathe).then(evaluate);
    this.turn = result.then(() => undefined, () => undefined);
    return result;
  }

  private known(address: string): SettledAnswer | undefined {
    const found = this.answers.get(address) ?? this.inputs.stored.answers.get(address);
    if (found && !this.answers.has(address)) this.progress.known();
    if (found) this.answers.set(address, found);
    return found;
  }

  private look(request: TheoryRequest, missing: Map<string, TheoryQuestion>, ahead: boolean): TheoryAnswer {
    if (ahead && [...request.arguments, ...Object.values(request.named)].some(Number.isNaN)) return { pending: true };
    const key = JSON.stringify(request, (_, value: unknown) => (typeof value === "number" ? String(value) : value));
    let found = this.questions.get(key);
    if (!found) {
      const { theories, models } = this.inputs.compilation;
      const question = theoryQuestion(planOf(theories, request.theory), models, request);
      found = "refused" in question ? question : { question, address: this.addressOf(question) };
      this.questions.set(key, found);
    }
    if ("refused" in found) return found;
    const answer = this.known(found.address);
    if (!answer) missing.set(found.address, found.question);
    return answer ?? { pending: true };
  }

  private async answer(missing: ReadonlyMap<string, TheoryQuestion>): Promise<void> {
    const fresh = [...missing].filter(([address]) => !this.asked.has(address));
    const places = new Map(fresh.map(([address, question]) => {
      let done = (): void => {}, fail = (_: unknown): void => {};
      this.asked.set(address, new Promise((resolve, reject) => ([done, fail] = [resolve, reject])));
      return [question, { address, done, fail }] as const;
    }));
    this.progress.asked(fresh.length);
    this.pool.ask(fresh.map(([, question]) => question), (answered) => {
      const { question, answer, lost } = answered;
      const { address, done } = places.get(question)!;
      this.answers.set(address, storedAnswer(answer));
      if (!lost) this.inputs.stored.add({ address, question, answer });
      this.progress.answered(answered);
      done();
    }).catch((error: unknown) => places.forEach(({ fail }) => fail(error)));
    await Promise.all([...missing.keys()].map((address) => this.asked.get(address)));
  }
}
