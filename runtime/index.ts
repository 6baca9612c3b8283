/** `quench/runtime`: what generated modules run on, and what a program that uses them may want. */
export * from "./geometry/index.ts";
export { evaluateModule } from "./loadModule.ts";
export * from "./modelSupport/index.ts";
export * from "./random/index.ts";
