/** All estimators of the language, by name. Adding one: a file like `mean.ts` and a line here. */
import { autocorrelation } from "./autocorrelation.ts";
import { correlation } from "./correlation.ts";
import type { Estimator } from "./estimator.ts";
import { histogram } from "./histogram.ts";
import { max } from "./max.ts";
import { mean } from "./mean.ts";
import { median } from "./median.ts";
import { min } from "./min.ts";
import { prob } from "./prob.ts";
import { quantile } from "./quantile.ts";
import { sd } from "./sd.ts";
import { variance } from "./variance.ts";

export type { Estimator, EstimatorArgument, EstimatorDescriptor, EstimatorOption } from "./estimator.ts";

export const estimators: Readonly<Record<string, Estimator>> = {
  mean, sd, variance, median, min, max, quantile, prob, correlation, histogram, autocorrelation,
};
