import type { CodePage } from "../../codes/page.ts";
import { page } from "../../codes/page.ts";

/** Plots and tables. */
export const plotCodes: Readonly<Record<string, CodePage>> = {
  Q720: page("a histogram is no number", "`histogram(…)` is a whole expression of a plot.",
    "plot 2 * histogram(R.e)",
    "plot histogram(R.e)"),
  Q730: page("a clause stands twice", "A plot has at most one `vs`, `by`, `for` and `with`; each may name several things.",
    "plot mean(R.e) vs T by N by P",
    "plot mean(R.e) vs T by N, P"),
  Q731: page("what is on the x axis?", "A curve needs `vs` or a `for` variable.",
    "plot mean(R.e)",
    "plot mean(R.e) vs T"),
  Q732: page("nothing varies with this", "`vs` names a sweep variable of the run, or the place in a slot: `plot mean(R.G[r]) vs r`. Or it is an expression that changes from point to point: `vs 1/T`, `vs mean(e)`.",
    "plot mean(R.e) vs J     # J isn't swept",
    "plot mean(R.e) vs N"),
  Q733: page("nothing to group by", "`by` names sweep variables of what is plotted.",
    "plot histogram(R.e) by J     # J isn't swept",
    "plot histogram(R.e) by N"),
  Q734: page("an empty range", "A `for` variable runs over a list or a range that goes up; beyond the x axis a range is the integers between two integers.",
    "plot Landscape.complexity(u) for u in -1.63..-1.68",
    "plot Landscape.complexity(u) for u in -1.68..-1.63"),
  Q735: page("an impossible log axis", "The axes are `x` and `y`; a logarithmic one shows positive numbers only.",
    "plot mean(R.e) vs T log x     # T is 0, 1, 2",
    "plot mean(R.e) vs T"),
  Q736: page("histograms have their own axis", "A plot shows histograms or curves. Behind `with` of a histogram stand numbers, drawn as vertical lines; `by` gives a histogram for each group.",
    "plot histogram(R.e) vs N",
    "plot histogram(R.e) by N"),
};
