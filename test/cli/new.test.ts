/** `quench new`: what it writes is canonical, compiles without a remark and verifies; a file that is there stays. */
import { expect, test } from "vitest";
import { verify } from "../../api/verify.ts";
import { firstSpecification } from "../../cli/commands/new.ts";
import { compile } from "../../compiler/compile.ts";

test("a first specification verifies, with any seed", async () => {
  const text = firstSpecification("first.quench");
  expect(compile(text).diagnostics).toEqual([]);
  for (const seed of [1, 2]) {
    const { claims } = await verify(await import("../../api/compile.ts").then((api) => api.compile(text, { seed })), { workers: 1 });
    expect(claims.map((c) => c.verdict)).toEqual(["holds", "holds", "holds"]);
  }
});
