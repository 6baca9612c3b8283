import { distributionsCodes } from "./codes/distributions.ts";
import { indicesCodes } from "./codes/indices.ts";
import { modelsCodes } from "./codes/models.ts";
import { namesCodes } from "./codes/names.ts";
import { typesCodes } from "./codes/types.ts";
import type { CodePage } from "./codes/page.ts";

/** Every code of the check of models and functions, and of sizes. */
export const codes: Readonly<Record<string, CodePage>> = { ...namesCodes, ...indicesCodes, ...typesCodes, ...distributionsCodes, ...modelsCodes };
