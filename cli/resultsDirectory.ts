import { basename, join } from "node:path";

/** Where the results of a specification go: `runs/NAME` below the current folder, unless `-o` says otherwise. */
export const resultsDirectory = (path: string, output: string | undefined): string => output ?? join("runs", basename(path, ".quench"));
