/**
 * Entry file of workers while Quench runs from its TypeScript sources (vitest, tsx): Node 20 strips no types, and `--import tsx`
 * does not reach a worker's own entry file, so the loader is registered here. A built Quench starts worker.js instead.
 */
import { register } from "tsx/esm/api";

register();
await import("./worker.ts");
