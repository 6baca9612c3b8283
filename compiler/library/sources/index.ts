/** Every data source that the language knows: the runtime's table, as the compiler reads it. */
import { sources } from "../../../runtime/data/index.ts";

export { sources };
export type SourceName = string;
export const isSourceName = (name: string): name is SourceName => sources[name] !== undefined;
