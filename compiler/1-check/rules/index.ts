import { copies } from "./copies.ts";
import { declarations } from "./declarations.ts";
import { energy } from "./energy.ts";
import { initialValues } from "./initialValues.ts";
import { moved } from "./moved.ts";
import type { Rule } from "./rule.ts";
import { starts } from "./starts.ts";
import { states } from "./states.ts";

/** In this order: the first finds out shapes and types, on which the others build. */
export const rules: readonly Rule[] = [declarations, states, energy, copies, initialValues, starts, moved];
