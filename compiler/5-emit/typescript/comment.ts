/** A documentation comment; nothing for empty text. */
export function comment(text: string, margin = ""): string {
  const lines = text.replaceAll("*/", "* /").split("\n").map((l) => l.trimEnd());
  if (text === "") return "";
  return lines.length === 1 ? `${margin}/** ${lines[0]!} */\n` : `${margin}/**\n${lines.map((l) => `${margin} *${l === "" ? "" : ` ${l}`}\n`).join("")}${margin} */\n`;
}
