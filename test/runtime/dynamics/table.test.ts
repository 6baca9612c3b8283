import { describe, expect, test } from "vitest";
import { dynamics, findDynamics } from "../../../runtime/dynamics/index.ts";

/** The list of LANGUAGE.md, section 3. */
const LANGUAGE = [
  "metropolis", "heat_bath", "kawasaki", "anneal", "tempering", "langevin", "mala", "hmc", "underdamped", "descent", "sgd", "adam",
  "newton", "belief_propagation", "focusing_bp", "amp", "replicated_sgd", "binary_net", "sbpi", "enumerate",
];

describe("table of dynamics", () => {
  test("has every name of the language", () => {
    expect(LANGUAGE.filter((name) => !dynamics[name])).toEqual([]);
  });

  test.each(Object.entries(dynamics))("%s is documented", (name, entry) => {
    expect(entry!.name).toBe(name);
    expect(entry!.doc).toMatch(/^\S.{10,}\.$/);
    expect(entry!.domains.length).toBeGreaterThan(0);
    expect(entry!.needs.length).toBeGreaterThan(0);
    const names = entry!.parameters.map((parameter) => parameter.name);
    expect(new Set(names).size).toBe(names.length);
    for (const parameter of entry!.parameters) expect(parameter.doc).toMatch(/^\S.+\.$/);
  });

  test("what is not there cannot be run", () => {
    expect(findDynamics("descent").name).toBe("descent");
    expect(() => findDynamics("constructor")).toThrow(/internal: there is no dynamics/);
  });
});
