import type { Need } from "../../../runtime/dynamics/dynamics.ts";
import { domains } from "../../library/domains/index.ts";

const needs: Readonly<Record<Need, true>> = { gradient: true, hessian: true, delta: true, factorGraph: true, finiteStates: true, miniBatches: true, surrogate: true, hinge: true, dense: true, counts: true };

/** What a dynamics may need of a model, and which variables it may move. */
export const extensionNeeds = Object.keys(needs);
export const extensionDomains = Object.keys(domains);
