/**
 * Threads that answer questions to theories, side by side with whatever else the process does. Questions that are asked together are cut into
 * stretches of neighbours, each for one thread, as theories go on from solutions that they know; a question that is asked alone (the next step of
 * a search, which waits for it) comes first. Threads are started when there is something to answer, and not before.
 */
import type { Worker } from "node:worker_threads";
import type { SettledAnswer } from "../../runtime/results/environment.ts";
import { startWorker } from "../../runtime/startWorker.ts";
import type { CompileOptions } from "../compile.ts";
import type { TheoryQuestion } from "./question.ts";

/** What a thread is started with: the specification, without imports. */
export interface AnswerJob { readonly text: string; readonly options: CompileOptions }

export type AnswerMessage =
  | { readonly kind: "ready" }
  | ({ readonly kind: "answer" } & Pick<Answered, "answer" | "seconds">)
  | { readonly kind: "failed"; readonly message: string };

export interface Answered {
  readonly question: TheoryQuestion;
  readonly answer: SettledAnswer;
  /** Of one processor. */
  readonly seconds: number;
  /** Whether there is no answer, as its thread has ended. */
  readonly lost?: true;
}

export interface PredictionPool {
  /**
   * Hands each answer to `receive` as it comes, and is fulfilled after the last.
   * @throws Error (internal) what a theory has thrown, or `PoolClosed`
   */
  readonly ask: (questions: readonly TheoryQuestion[], receive: (answered: Answered) => void) => Promise<void>;
  /** Ends all threads; what they were at is lost. */
  readonly close: () => Promise<void>;
}

export class PoolClosed extends Error {}

/** Questions that were asked together. */
interface Asked { left: number; readonly receive: (answered: Answered) => void; readonly done: () => void; readonly fail: (error: Error) => void }
/** Some of them that follow each other; once a thread is at them, the others leave them to it. */
interface Stretch { readonly asked: Asked; readonly questions: TheoryQuestion[]; thread?: Thread }
interface Thread { readonly worker: Worker; ready: boolean; current?: { readonly asked: Asked; readonly question: TheoryQuestion }; lastTheory?: string }

/** Stretches a thread into which questions are cut. */
const STRETCHES = 2;

export function predictionPool(job: AnswerJob, most: number): PredictionPool {
  const stretches: Stretch[] = [];
  const threads = new Set<Thread>();
  const open = new Set<Asked>();
  let closed = false;

  /** Which thread has solved a theory at some parameters, or is at it: it knows all quantities there. */
  const owners = new Map<string, Thread>();
  const take = (thread: Thread): Stretch | undefined => {
    const free = stretches.filter(({ questions: [first] }) => [undefined, thread].includes(owners.get(solutionOf(first!))));
    const alone = free.filter((s) => s.asked.left === 1);
    const found = alone.find((s) => s.questions[0]!.theory === thread.lastTheory) ?? alone[0] ?? free.find((s) => s.thread === thread) ?? free.find((s) => s.thread === undefined);
    // What is left of the longest stretch of another one is shared.
    return found ?? half(free.reduce((a: Stretch | undefined, b) => (a && a.questions.length >= b.questions.length ? a : b), undefined));
  };
  const half = (of: Stretch | undefined): Stretch | undefined => {
    if (!of || of.questions.length < 2) return of;
    const second: Stretch = { asked: of.asked, questions: of.questions.splice(Math.floor(of.questions.length / 2)) };
    stretches.push(second);
    return second;
  };
  const feed = (thread: Thread): void => {
    const stretch = take(thread);
    if (!stretch) return;
    const question = stretch.questions.shift()!;
    if (stretch.questions.length === 0) stretches.splice(stretches.indexOf(stretch), 1);
    stretch.thread = thread;
    thread.current = { asked: stretch.asked, question };
    thread.lastTheory = question.theory;
    owners.set(solutionOf(question), thread);
    thread.worker.postMessage(question);
  };
  const finish = ({ asked, question }: NonNullable<Thread["current"]>, answer: Omit<Answered, "question">): void => {
    try {
      asked.receive({ question, ...answer });
    } catch (error) {
      fail(asked, error instanceof Error ? error : new Error(String(error)));
    }
    asked.left--;
    if (asked.left > 0) return;
    open.delete(asked);
    asked.done();
  };
  const fail = (asked: Asked, error: Error): void => {
    open.delete(asked);
    asked.fail(error);
    for (let k = stretches.length - 1; k >= 0; k--) if (stretches[k]!.asked === asked) stretches.splice(k, 1);
  };
  const start = (): void => {
    const worker = startWorker("theory", new URL("./answerWorker.ts", import.meta.url), job);
    const thread: Thread = { worker, ready: false };
    threads.add(thread);
    const end = (reason: string): void => {
      if (closed || !threads.delete(thread)) return;
      if (!thread.ready) return [...open].forEach((asked) => fail(asked, new Error(`internal: a thread for theories could not start: ${reason}`)));
      const { current } = thread;
      delete thread.current;
      for (const s of stretches) if (s.thread === thread) delete s.thread;
      for (const [key, owner] of owners) if (owner === thread) owners.delete(key);
      // A question that costs a thread its life (its memory, say) has no answer here; the next ones may.
      if (current) finish(current, { answer: { refused: `the thread that solved it ended: ${reason}` }, seconds: 0, lost: true });
      supply();
    };
    worker.on("message", (message: AnswerMessage) => {
      thread.ready = true;
      const { current } = thread;
      if (closed || !current || message.kind === "ready") return;
      delete thread.current;
      if (message.kind === "answer") finish(current, message);
      else fail(current.asked, new Error(message.message));
      // What depends on the answer is asked before the thread goes on to anything else. Others may wait for what now comes first in its stretch.
      setImmediate(supply);
    });
    worker.on("error", (error) => end(error.message));
    worker.on("exit", (code) => end(`exit code ${code}`));
    feed(thread);
  };
  /** Gives work to the threads that have none, and starts others while there is more. */
  const supply = (): void => {
    if (closed) return;
    for (const thread of threads) if (!thread.current) feed(thread);
    while (threads.size < most && stretches.some((s) => s.questions.length > 0)) start();
  };

  return {
    ask: (questions, receive) => new Promise((resolve, reject) => {
      if (closed) return reject(new PoolClosed());
      if (questions.length === 0) return resolve();
      const asked: Asked = { left: questions.length, receive, done: resolve, fail: reject };
      open.add(asked);
      const together = neighbours(questions);
      const size = Math.ceil(together.length / (STRETCHES * most));
      for (let first = 0; first < together.length; first += size) stretches.push({ asked, questions: together.slice(first, first + size).flat() });
      supply();
    }),
    close: async () => {
      closed = true;
      for (const asked of [...open]) fail(asked, new PoolClosed());
      const ended = [...threads].map(({ worker }) => worker.terminate());
      threads.clear();
      await Promise.all(ended);
    },
  };
}

const solutionOf = ({ theory, parameters }: TheoryQuestion): string => JSON.stringify([theory, Object.entries(parameters).map(([name, value]) => [name, String(value)])]);

/** Questions about one solution stay together. */
function neighbours(questions: readonly TheoryQuestion[]): TheoryQuestion[][] {
  const groups: TheoryQuestion[][] = [];
  for (const question of questions) {
    const last = groups.at(-1);
    if (last && solutionOf(last[0]!) === solutionOf(question)) last.push(question);
    else groups.push([question]);
  }
  return groups;
}
