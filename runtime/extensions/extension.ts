/**
 * Extensions: functions of numbers written in JavaScript that a specification brings in with `use`. Their text travels inside of the code
 * that calls them, so that workers, built modules and theories evaluate the same text, whatever becomes of the file.
 */

export type NumberFunction = (...x: number[]) => number;

/** Functions by the name under which generated code calls them, `EXTENSION.NAME`: what WASM kernels import. */
export const extensionCallables: Record<string, NumberFunction> = {};

/** What the text of a CommonJS module exports. It stands alone: nothing can be imported. */
export function evaluateExtension(javascript: string): Readonly<Record<string, unknown>> {
  const exports: Record<string, unknown> = {};
  const refuse = (name: string): never => {
    throw new Error(`it imports \`${name}\`, and an extension stands alone: only types can be imported`);
  };
  (new Function("exports", "require", javascript) as (exports: Record<string, unknown>, require: (name: string) => never) => void)(exports, refuse);
  return exports;
}

/** @param extension name of the extension, which its content decides: each is evaluated once a process */
export function extensionFunctions<Name extends string>(extension: string, names: readonly Name[], javascript: string): Readonly<Record<Name, NumberFunction>> {
  if (names.some((name) => !(`${extension}.${name}` in extensionCallables))) {
    for (const [name, record] of Object.entries(evaluateExtension(javascript))) {
      const value: unknown = typeof record === "object" && record !== null && "value" in record ? record.value : undefined;
      if (typeof value === "function") extensionCallables[`${extension}.${name}`] = (...x) => Number(Reflect.apply(value, undefined, x));
    }
  }
  return Object.fromEntries(names.map((name) => [name, extensionCallables[`${extension}.${name}`]])) as Record<Name, NumberFunction>;
}
