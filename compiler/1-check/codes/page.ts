/** What `quench explain Q204` prints. */
export interface CodePage {
  readonly title: string;
  /** A short explanation, a wrong and a right example. */
  readonly page: string;
}

const indented = (code: string): string => code.split("\n").map((line) => `    ${line}`).join("\n");

/** An explanation with a wrong and a right example, in the form of the pages of syntax errors. */
export const page = (title: string, text: string, wrong: string, right: string): CodePage =>
  ({ title, page: `${text}\n\nWrong:\n\n${indented(wrong)}\n\nRight:\n\n${indented(right)}\n` });
