import type { CodePage } from "../../codes/page.ts";
import { page } from "../../codes/page.ts";

/** Theories and their quantities. */
export const theoryCodes: Readonly<Record<string, CodePage>> = {
  Q600: page("unknown model of a theory", "A theory is derived from a model of this file.",
    "theory T of SpinGlas = kac_rice()",
    "theory T of SpinGlass = kac_rice()"),
  Q601: page("unknown method", "The methods are replica, kac_rice, bethe, state_evolution and enumerate.",
    "theory T of M = replicas(rs)",
    "theory T of M = replica(rs)"),
  Q602: page("wrong arguments of a method", "A method takes words that stand first, and named numbers.",
    "theory T of M = replica(T = 0)",
    "theory T of M = replica(rs, T = 0)"),
  Q603: page("unknown quantity of a theory", "A theory predicts the quantities of its method, and the model's own observables where it can.",
    "claim \"c\" : Landscape.E_infinity ~= 1.63 +- 0.01",
    "claim \"c\" : Landscape.E_inf ~= 1.63 +- 0.01"),
  Q604: page("the form of a quantity", "Each quantity is written in one form: a value, an entry or a call.",
    "claim \"c\" : Landscape.E(0) ~= 1.65 +- 0.01",
    "claim \"c\" : Landscape.E[0] ~= 1.65 +- 0.01"),
  Q605: page("unknown parameter of a theory", "The named arguments of a quantity are parameters of the model or of the method.",
    "RS.entropy(beta = 0.6)",
    "RS.entropy(alpha = 0.6)"),
  Q606: page("unknown name in a theory", "A theory that declares its own free energy reads its parameters, order parameters and `let`s, and no model names.",
    "saddle psi over q     # the free energy is called phi",
    "saddle phi over q"),
  Q607: page("a theory that determines nothing", "Every order parameter stands behind `saddle`, once, and every name is declared once.",
    "order q in (0, 1)\nfree_energy phi = q^2",
    "order q in (0, 1)\nfree_energy phi = q^2\nsaddle phi over q"),
};
