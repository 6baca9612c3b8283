/** Says on stderr how far the predictions are: a line at the end, on a terminal one that is redrawn once nothing else is shown, as JSON a line for each event. */
import type { Answered } from "../compiler/theory/predictionPool.ts";
import { durationText } from "../runtime/results/format.ts";
import { BETWEEN_EVENTS, isShown, type ProgressOptions } from "./progress.ts";
import { progressBar } from "./progressBar.ts";
import { sayEvent, toStderr } from "./terminal.ts";

export interface PredictionProgress {
  readonly asked: (count: number) => void;
  readonly answered: (answered: Answered) => void;
  /** An answer that was there already is read. */
  readonly known: () => void;
  /** Nothing else is going on: a line may be redrawn. */
  readonly show: () => void;
  readonly stop: () => void;
}

export function startPredictionProgress(options: ProgressOptions): PredictionProgress {
  let asked = 0, done = 0, known = 0, seconds = 0, last = 0, stopped = false;
  const tell = (event: object): void => void (options.quiet === true || sayEvent(event));
  const bar = isShown(options) && !options.json ? progressBar("theories {bar} {value}/{total} predictions, {left} of work{question}") : undefined;
  let shown = false;
  const redraw = (question = ""): void => {
    if (!bar || stopped || done >= asked) return;
    if (!shown) bar.start(asked, done, { left: durationText(seconds), question });
    shown = true;
    bar.setTotal(asked);
    bar.update(done, { left: durationText(seconds), question });
  };
  let mayShow = false;
  return {
    asked: (count) => {
      asked += count;
      if (mayShow) redraw();
    },
    known: () => void known++,
    answered: ({ question, answer, seconds: own }) => {
      done++;
      seconds += own;
      const { theory, quantity = "", parameters } = question;
      if (mayShow) redraw(` | ${theory}.${quantity}`);
      if (!options.json || (Date.now() - last < BETWEEN_EVENTS && done < asked)) return;
      last = Date.now();
      tell({ event: "prediction", theory, quantity, at: parameters, ...("refused" in answer ? { refused: answer.refused } : { value: "value" in answer ? answer.value : null }), seconds: own, done, asked });
    },
    show: () => {
      mayShow = true;
      redraw();
    },
    stop: () => {
      if (stopped) return;
      stopped = true;
      if (shown) bar?.stop();
      if (options.json && asked + known > 0) tell({ event: "predictions", done, asked, known, seconds });
      else if (options.quiet !== true && done > 0) toStderr(`theories: ${done} predictions in ${durationText(seconds)} of work${known > 0 ? `, ${known} were there already` : ""}${done < asked ? `, stopped with ${asked - done} to go` : ""}`);
    },
  };
}
