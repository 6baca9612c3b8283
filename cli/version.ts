/** Of the package, and of the sources that make samples: between releases two builds of one version need not agree. */
export const version = process.env["QUENCH_VERSION"] ?? "0.0.0";
export const build = process.env["QUENCH_BUILD"] ?? "sources";
