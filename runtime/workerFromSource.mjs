/**
 * Entry file of threads while Quench runs from its TypeScript sources (vitest, tsx): Node 20 strips no types, and `--import tsx`
 * does not reach a thread's own entry file, so the loader is registered here. A built Quench starts its bundles instead.
 */
import { register } from "tsx/esm/api";

register();
await import(process.argv[2]);
