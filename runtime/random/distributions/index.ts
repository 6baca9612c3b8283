import { bernoulli } from "./bernoulli.ts";
import { categorical } from "./categorical.ts";
import { distinct } from "./distinct.ts";
import type { Distribution } from "./distribution.ts";
import { normal } from "./normal.ts";
import { sign } from "./sign.ts";
import { sphere } from "./sphere.ts";
import { uniform } from "./uniform.ts";

export type { Distribution } from "./distribution.ts";

/** Every distribution that generated code can sample, by its name. To add one: a file beside this one and a line here. */
export const distributions = {
  normal,
  sign,
  bernoulli,
  uniform,
  categorical,
  sphere,
  distinct,
} as const satisfies Readonly<Record<string, Distribution>>;
