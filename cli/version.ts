/** Of the package, and of the sources that make samples: between releases two builds of one version need not agree. */
export const version = process.env["QUENCH_VERSION"] ?? "0.0.0";
export const build = process.env["QUENCH_BUILD"] ?? "sources";
/** Of the sources that answer for theories. */
export const theoryBuild = process.env["QUENCH_THEORY_BUILD"] ?? "sources";
