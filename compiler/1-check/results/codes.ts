/** Codes of the check of runs (Q400–Q499), theories (Q600–Q699), claims, plots and tables (Q700–Q799). */
import type { CodePage } from "../codes/page.ts";
import { claimCodes } from "./codes/claims.ts";
import { plotCodes } from "./codes/plots.ts";
import { runCodes } from "./codes/runs.ts";
import { stepCodes } from "./codes/steps.ts";
import { theoryCodes } from "./codes/theories.ts";

export const resultCodes: Readonly<Record<string, CodePage>> = { ...runCodes, ...stepCodes, ...theoryCodes, ...claimCodes, ...plotCodes };
