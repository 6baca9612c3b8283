/**
 * What is proved of a dynamics before it is used, on small models: that it goes on as it would have if it is interrupted, and, where it says that
 * exp(-H/T) is stationary, that it is. Decisions by `chance`, `integer` and `sign` are followed exactly; what draws real numbers is held to the exact law
 * by many steps from it, with fixed random numbers.
 */
import { steppedDynamics, type SteppedDynamics } from "../dynamics/steppedDynamics.ts";
import { evaluateModule } from "../loadModule.ts";
import { messageOf } from "../messageOf.ts";
import type { RunnableModel } from "../modelSupport/completeModel.ts";
import { randomSequence } from "../random/sequence.ts";
import { Stream } from "../random/stream.ts";
import { memoryOfOwn, type Own } from "./own.ts";
import { gibbsStates, stationarityDefect, TooManyWays } from "./transitionProbabilities.ts";
import { realCoupling, type SmallModelCode } from "./smallModels.ts";

/** A probability may change by so much by rounding. */
const ROUNDING = 1e-10;
/** Standard errors that a frequency may be off by where a law is sampled: one in 10^9 by chance. */
const ERRORS = 6.2;
const STARTS = 20_000;
const STEPS = 4;

/** What is wrong, or undefined. */
export function dynamicsProblem(name: string, definition: SteppedDynamics, file: string, models: readonly SmallModelCode[]): string | undefined {
  const missing = definition.parameters.find((p) => p.name !== "T" && p.default === undefined && !p.optional && !definition.samples?.every((s) => s[p.name] !== undefined));
  const samples = definition.samples ?? [{}];
  if (missing) return definition.stationary ? `nothing says at which \`${missing.name}\` to prove that exp(-H/T) is stationary: \`samples\` lists arguments, such as \`[{ ${missing.name}: 1 }]\`` : undefined;
  for (const domain of definition.domains.filter((d) => models.some((m) => m.domain === d))) {
    let refused: string | undefined;
    let proved = false;
    for (const { what, javascript } of models.filter((m) => m.domain === domain)) {
      const model = evaluateModule(javascript).createModel({}) as RunnableModel;
      model.draw(1, 0);
      const at = (text: string): string => `on ${what} of ${model.dimension} ${domain} variables ${text}`;
      for (const sample of samples) {
        const given = { ...Object.fromEntries(definition.parameters.flatMap((p) => (p.default === undefined ? [] : [[p.name, p.default]]))), T: 0.8, ...sample };
        try {
          const problem = resumption(name, definition, file, model, given) ?? (definition.stationary && !definition.discretised ? lawProblem(definition, model, domain, given) : undefined);
          if (problem !== undefined) return at(problem);
          proved = true;
        } catch (error) {
          refused ??= at(`it fails: ${messageOf(error)}`);
        }
      }
      if (proved) break;
    }
    if (!proved && definition.stationary) return refused;
  }
  return undefined;
}

type Given = Readonly<Record<string, number>> & { readonly T: number };

/** Interrupted between two steps, with what checkpoints save. */
function resumption(name: string, definition: SteppedDynamics, file: string, model: RunnableModel, given: Given): string | undefined {
  const dynamics = steppedDynamics(name, definition, file);
  const options = { arguments: given, amount: 8, stream: new Stream(["samples", name]) };
  const state = model.randomState(1, 0);
  const mover = dynamics.create(model, state, options);
  for (let k = 0; k < 5; k++) mover.step();
  const other = state.slice();
  const resumed = dynamics.create(model, other, options);
  resumed.memory.restore(mover.memory.save());
  for (let k = 0; k < 3; k++) {
    mover.step();
    const here = state.slice();
    resumed.step();
    if (here.some((x, i) => !Object.is(x, other[i]))) return "it goes on otherwise after an interruption: what it remembers must be numbers, truth values, Float64Arrays and Int32Arrays";
  }
  return undefined;
}

function lawProblem(definition: SteppedDynamics, model: RunnableModel, domain: string, given: Given): string | undefined {
  const changed = `exp(-H/T) is not stationary, as \`stationary\` says: at T = ${given.T}`;
  if (domain === "real") return gaussianProblem(definition, model, given, changed);
  try {
    const defect = stationarityDefect(definition, model, given, 20_000, true);
    return defect <= ROUNDING ? undefined : `${changed} one step changes the probability of a state by ${defect.toPrecision(3)}`;
  } catch (error) {
    if (!(error instanceof TooManyWays)) throw error;
    return frequencyProblem(definition, model, given, changed);
  }
}

/**
 * Where many starts from the exact law have come after a few steps.
 *
 * @param again whether starts recur, so that what `init` makes of one is kept
 */
function* ends(definition: SteppedDynamics, model: RunnableModel, given: Given, again: boolean, start: (k: number) => Float64Array): Generator<Float64Array> {
  const begun = new Map<string, { readonly own: Own; readonly restore: () => void }>();
  const stream = new Stream(["samples", "steps"]);
  for (let k = 0; k < STARTS; k++) {
    let step = -1;
    const random = randomSequence(stream, () => k * (STEPS + 1) + step + 1);
    const task = { model, state: start(k), random, argument: (name: string) => given[name] ?? NaN, get step() { return Math.max(0, step); } };
    const key = again ? task.state.join() : "";
    const before = begun.get(key);
    before?.restore();
    const own = before?.own ?? definition.init(task);
    if (again && !before) {
      const memory = memoryOfOwn(own);
      const saved = memory.save();
      begun.set(key, { own, restore: () => { memory.restore(saved); } });
    }
    for (step = 0; step < STEPS; step++) {
      random.restart();
      definition.step(task, own);
    }
    yield task.state;
  }
}

function frequencyProblem(definition: SteppedDynamics, model: RunnableModel, given: Given, changed: string): string | undefined {
  const { states, weights } = gibbsStates(model, given.T);
  const uniforms = new Stream(["samples", "starts"]);
  const start = (k: number): Float64Array => {
    let left = uniforms.uniform(k, 0);
    const at = weights.findIndex((w) => (left -= w) < 0);
    return states[at < 0 ? states.length - 1 : at]!.slice();
  };
  const energies = states.map((state) => model.energy(state));
  const mean = energies.reduce((sum, e, k) => sum + weights[k]! * e, 0);
  const spread = energies.reduce((sum, e, k) => sum + weights[k]! * (e - mean) ** 2, 0);
  const found = new Map<string, number>();
  let energy = 0;
  for (const state of ends(definition, model, given, true, start)) {
    found.set(state.join(), (found.get(state.join()) ?? 0) + 1);
    energy += model.energy(state) / STARTS;
  }
  if (Math.abs(energy - mean) > ERRORS * Math.sqrt(spread / STARTS)) return `${changed} the mean energy is ${energy.toPrecision(4)} after ${STEPS} steps from it, and not ${mean.toPrecision(4)}`;
  for (const [k, state] of states.entries()) {
    const [count, expected] = [found.get(state.join()) ?? 0, STARTS * weights[k]!];
    if (Math.abs(count - expected) > ERRORS * Math.sqrt(expected * (1 - weights[k]!)) + 10) return `${changed} the state (${state.join(", ")}) has the frequency ${count / STARTS} after ${STEPS} steps from it, and not ${weights[k]!.toPrecision(4)}`;
  }
  return undefined;
}

/** The covariance of the two oscillators. */
function gaussianProblem(definition: SteppedDynamics, model: RunnableModel, given: Given, changed: string): string | undefined {
  const a = realCoupling;
  const variance = given.T / (1 - a * a);
  const normals = new Stream(["samples", "starts"]);
  const start = (k: number): Float64Array => {
    const x = Math.sqrt(variance) * normals.normal(k, 0);
    return Float64Array.of(x, -a * x + Math.sqrt(given.T) * normals.normal(k, 1));
  };
  const sums = [0, 0, 0];
  for (const [x, y] of ends(definition, model, given, false, start)) [x, x! * x!, x! * y!].forEach((v, k) => { sums[k] = sums[k]! + v! / STARTS; });
  const [mean, square, product] = sums as [number, number, number];
  const tests = [["mean", mean, 0, variance], ["variance", square, variance, 2 * variance ** 2], ["covariance", product, -a * variance, (1 + a * a) * variance ** 2]] as const;
  const wrong = tests.find(([, found, exact, spread]) => !(Math.abs(found - exact) <= ERRORS * Math.sqrt(spread / STARTS)));
  return wrong && `${changed} the ${wrong[0]} of a variable is ${wrong[1].toPrecision(4)} after ${STEPS} steps from it, and not ${wrong[2].toPrecision(4)}`;
}
