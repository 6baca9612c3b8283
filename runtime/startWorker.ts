import { Worker } from "node:worker_threads";

/**
 * Starts a thread: the bundle `name` beside this one, or, while Quench runs from its sources, `entry` by way of a file that can load TypeScript.
 *
 * @param url another entry file
 */
export function startWorker(name: string, entry: URL, workerData: unknown, url?: URL): Worker {
  const here = import.meta.url;
  const first = url ?? new URL(here.endsWith(".ts") ? "./workerFromSource.mjs" : `./${name}.js`, here);
  // The main thread's flags (loaders, test runners) are no concern of a worker.
  return new Worker(first, { workerData, argv: [entry.href], execArgv: [] });
}
