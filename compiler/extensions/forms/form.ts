/** The form of a record whose fields are known from its types only to those who were type-checked. */
export interface Field {
  /** What it must be, as it goes on after "is no". */
  readonly what: string;
  readonly is: (value: unknown) => boolean;
  readonly optional?: true;
}

export const callable: Field = { what: "function", is: (value) => typeof value === "function" };
export const sentence: Field = { what: "sentence", is: (value) => typeof value === "string" && value !== "" };
export const truth: Field = { what: "truth value", is: (value) => typeof value === "boolean" };
export const list: Field = { what: "list", is: Array.isArray };
export const optional = (field: Field): Field => ({ ...field, optional: true });
export const oneOf = (values: readonly unknown[]): Field => ({ what: `one of ${values.map((v) => JSON.stringify(v)).join(", ")}`, is: (value) => values.includes(value) });
export const listOf = (values: readonly string[]): Field => ({ what: `list of ${values.join(", ")}`, is: (value) => Array.isArray(value) && value.every((v) => values.includes(v)) });
export const numbers = (count: number): Field => ({ what: `list of ${count} numbers`, is: (value) => isNumbers(value) && value.length === count });

export const isNumbers = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every((x) => typeof x === "number");
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Parameters as dynamics, distributions, sources and theories have them: each with a name, and the fields of its kind. */
export const parameters = (fields: Readonly<Record<string, Field>>): Field => ({
  what: `list of parameters, objects with ${["name", ...Object.keys(fields)].filter((f) => fields[f]?.optional !== true).map((f) => `\`${f}\``).join(", ")}`,
  is: (value) => Array.isArray(value) && value.every((p) => isObject(p) && typeof p["name"] === "string" && /^\p{ID_Start}\p{ID_Continue}*$/u.test(p["name"]) && Object.entries(fields).every(([name, field]) => field.is(p[name]) || (field.optional === true && p[name] === undefined))),
});

/** What is wrong with the fields of a record, or undefined. */
export function formProblem({ kind: _, ...record }: object & { readonly kind: string }, fields: Readonly<Record<string, Field>>): string | undefined {
  const values: Readonly<Record<string, unknown>> = record;
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) return `it has no field \`${unknown}\``;
  for (const [name, { what, is, optional: absent }] of Object.entries(fields)) {
    const value = values[name];
    if (value === undefined ? absent !== true : !is(value)) return value === undefined ? `it lacks the field \`${name}\`` : `\`${name}\` is ${what.startsWith("one of") ? `not ${what}` : `no ${what}`}`;
  }
  return undefined;
}
