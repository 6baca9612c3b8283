/** The only place that knows prettier, which is loaded when `quench build` writes a file and never to run one. */
export async function format(typescript: string): Promise<string> {
  const { format: prettier } = await import("prettier");
  return prettier(typescript, { parser: "typescript", printWidth: 120 });
}
