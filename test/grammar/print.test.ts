/** The canonical layout, by example: what was written, and what `quench fmt` makes of it. */
import { expect, test } from "vitest";
import { format, print } from "../../grammar/print.ts";
import { parse } from "../../grammar/parse.ts";

const formatted = (text: string): string => {
  const { text: result, diagnostics } = format(text);
  expect(diagnostics).toEqual([]);
  expect(format(result!).text).toBe(result);
  return result!;
};

test("keywords in a column, neighbours aligned", () => {
  expect(formatted(`model M ( N=100 , alpha = .5e0 ) { let P=round(alpha*N)
ensemble x [ mu in P,i in N ]~Sign   ensemble y[mu in P] ~ Sign
   state w[i in N]:spin
 constraint sum(i)w[i]==0   energy E=count(mu)(h[mu]<0)
observable train=E/P observable q=overlap(w@1,w@2)}`.replace(".5e0", "0.5"))).toBe(`model M(N = 100, alpha = 0.5) {
  let        P = round(alpha * N)
  ensemble   x[mu in P, i in N] ~ Sign
  ensemble   y[mu in P]         ~ Sign
  state      w[i in N] : spin
  constraint sum(i) w[i] == 0
  energy     E = count(mu) (h[mu] < 0)
  observable train = E / P
  observable q     = overlap(w@1, w@2)
}
`);
});

test("runs and theories", () => {
  expect(formatted("run R of M(N=3) { sweep T in [1,2] transient measure metropolis( T=2->1 ) every 10 for (2*N+1) sweeps until E==0 }\ntheory T { order q in (0,1)=0.5 saddle phi over q free_energy phi=q }")).toBe(`run R of M(N = 3) {
  sweep   T in [1, 2]
  transient
  measure metropolis(T = 2 -> 1) for (2*N + 1) sweeps every 10 until E == 0
}
theory T {
  order       q in (0, 1) = 0.5
  saddle      phi over q
  free_energy phi = q
}
`);
});

test("claims are aligned by their titles; blank lines are kept, but never two", () => {
  expect(formatted('\n\nimport "a"\n\n\n\nclaim "a":1<2\nclaim "longer":1<2\n\nclaim "the next":2<3\n\n')).toBe(
    'import "a"\n\nclaim "a"      : 1 < 2\nclaim "longer" : 1 < 2\n\nclaim "the next" : 2 < 3\n',
  );
});

test("comments stay where they are", () => {
  const text = `# the file

# about M
model M {  # the model
  # first
  let        a = 1   # one
  let        b = 22  # two

  # before c
  let        c = 3
  # last
}  # end of M
# the end
`;
  expect(formatted(text)).toBe(text);
  expect(formatted(text.replaceAll(/ +#/g, " #").replaceAll(/let +/g, "let "))).toBe(text);
});

test("comments inside of a declaration move before it", () => {
  expect(formatted("model M {\n  let a = 1 + # one\n    2 # two\n}\nclaim # c\n  \"t\" : 1 < 2")).toBe('model M {\n  # one\n  let        a = 1 + 2  # two\n}\n# c\nclaim "t" : 1 < 2\n');
});

test.each([
  ["a*b+c*d", "a*b + c*d"],
  ["a*b", "a * b"],
  ["a + b * sum(i) c[i]*d", "a + b * sum(i) c[i] * d"],
  ["1/d", "1/d"],
  ["-1/sqrt(h)", "-1/sqrt(h)"],
  ["E/P", "E / P"],
  ["1+4*(i-1)/(n-1)", "1 + 4*(i - 1)/(n - 1)"],
  ["s[x + 1, y]", "s[x+1,y]"],
  ["s[x + -1]", "s[x + -1]"],
  ["z[mu, :]", "z[mu,:]"],
  ["sum(i in 1 .. N - 1) a", "sum(i in 1..N-1) a"],
  ["sum(i in N-1) a", "sum(i in N - 1) a"],
  ["((a))", "a"],
  ["(a*b)*c", "a * b * c"],
  ["a*(b*c)", "a * (b * c)"],
  ["(a^b)^c", "(a^b)^c"],
  ["-(-x)", "-(-x)"],
  ["- -x", "-(-x)"],
  ["a - (-b)", "a - -b"],
  ["a ± 1", undefined],
  ["f( T = 2.0->0.05 geometric )", "f(T = 2.0 -> 0.05 geometric)"],
  ["2*(mean(R.e) at (N=1))", "2 * (mean(R.e) at (N = 1))"],
  ["(a with x=b)", "a with x = b"],
  ["a with (x=b)", "a with x = b"],
  ["sum(i) (if a then b else c)", "sum(i) if a then b else c"],
  ["(sum(i) if a then b else c)+1", "(sum(i) if a then b else c) + 1"],
  ["if(a)then(b)else(c)", "if a then b else c"],
  ["(sum(i) a[i])*b", "(sum(i) a[i]) * b"],
  ["(sum(i) a[i])+b", "sum(i) a[i] + b"],
  ["(max(a,b))[1]", "(max(a, b))[1]"],
  ["1e-3+2.50", "1e-3 + 2.50"],
])("%s", (written, expected) => {
  if (expected === undefined) expect(format(`fn f() = ${written}`).text).toBeUndefined();
  else expect(formatted(`fn f() = ${written}`)).toBe(`fn f() = ${expected}\n`);
});

test("a text with errors is refused", () => {
  const { text, diagnostics } = format("model M { let a = }");
  expect(text).toBeUndefined();
  expect(diagnostics).toHaveLength(1);
});

test("without its text, a tree is printed with items of different kinds set apart", () => {
  expect(print(parse('import "a" import "b" claim "c" : 1 < 2').file)).toBe('import "a"\nimport "b"\n\nclaim "c" : 1 < 2\n');
});
