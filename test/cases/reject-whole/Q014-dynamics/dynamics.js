import { defineDynamics, spinPairs } from "quench/extend";

const fieldAt = ({ start, neighbour, coupling, field }, state, i) => {
  let h = field[i];
  for (let k = start[i]; k < start[i + 1]; k++) h += coupling[k] * state[neighbour[k]];
  return h;
};
const heatBath = {
  doc: "One spin from its conditional distribution.", parameters: [{ name: "T", doc: "Temperature." }], needs: ["factorGraph"], domains: ["spin"], units: ["steps"], stationary: true,
  init: ({ model }) => ({ pairs: spinPairs(model) }),
  step: ({ state, random, argument }, { pairs }) => {
    const i = random.integer(state.length);
    state[i] = random.chance(1 / (1 + Math.exp((-2 * fieldAt(pairs, state, i)) / argument("T")))) ? 1 : -1;
  },
};
/** All spins at once keep another law. */
export const parallel = defineDynamics({ ...heatBath, step: ({ state, random, argument }, { pairs }) => {
  const before = state.slice();
  for (let i = 0; i < state.length; i++) state[i] = random.chance(1 / (1 + Math.exp((-2 * fieldAt(pairs, before, i)) / argument("T")))) ? 1 : -1;
} });
/** A step of Langevin's equation keeps it only as the step goes to 0. */
export const euler = defineDynamics({
  ...heatBath, parameters: [...heatBath.parameters, { name: "dt", doc: "Step.", default: 0.3 }], needs: ["gradient"], domains: ["real"], init: () => ({}),
  step: ({ model, state, random, argument }) => {
    const slope = new Float64Array(state.length);
    model.energyAndGradient(state.slice(), slope);
    for (let i = 0; i < state.length; i++) state[i] += -argument("dt") * slope[i] + Math.sqrt(2 * argument("T") * argument("dt")) * random.normal();
  },
});
export const remembers = defineDynamics({ ...heatBath, stationary: false, init: () => ({ turn: [] }), step: ({ state }, { turn }) => {
  turn.push(0);
  const i = turn.length % state.length;
  state[i] = -state[i];
} });
export const unknownStep = defineDynamics({ ...heatBath, parameters: [...heatBath.parameters, { name: "width", doc: "Of a proposal." }] });
export const refuses = defineDynamics({ ...heatBath, init: () => { throw new Error("only planar graphs"); } });
export const lucky = defineDynamics({ ...heatBath, needs: ["luck"] });
export const still = defineDynamics({ ...heatBath, step: undefined });
