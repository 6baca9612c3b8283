/** Entry file of a thread that answers questions to theories: compiles the specification once, then answers what it is sent. */
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../runtime/messageOf.ts";
import { compile } from "../compile.ts";
import type { AnswerJob, AnswerMessage } from "./predictionPool.ts";
import type { TheoryQuestion } from "./question.ts";
import { answerQuestions } from "./theoryOracle.ts";

const port = parentPort;
if (!port) throw new Error("internal: the entry file of a thread was run outside of one");
const { text, options } = workerData as AnswerJob;
const { theories, models } = compile(text, { ...options, deriveTheories: false });
const answer = answerQuestions(theories, models);
const say = (message: AnswerMessage): void => port.postMessage(message);

say({ kind: "ready" });
port.on("message", (question: TheoryQuestion) => {
  const begun = performance.now();
  try {
    say({ kind: "answer", answer: answer(question), seconds: (performance.now() - begun) / 1000 });
  } catch (error) {
    say({ kind: "failed", message: messageOf(error) });
  }
});
