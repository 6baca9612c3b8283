/** The style sheet of report.html: a page that also prints well. */
export const style = `
:root { --ink: #1c1e21; --dim: #667; --rule: #d9dce1; --paper: #fff; --tint: #f6f7f9; --good: #12754a; --bad: #b3261e; --open: #8a5a00; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 "DejaVu Sans", Verdana, Geneva, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; }
h2 { font-size: 1.15rem; margin: 2.6rem 0 .8rem; padding-bottom: .25rem; border-bottom: 1px solid var(--rule); }
h3 { font-size: 1rem; margin: 1.6rem 0 .5rem; }
p { margin: .4rem 0; }
.dim { color: var(--dim); font-size: .87rem; }
.verdicts { display: flex; gap: .6rem; margin: 1rem 0 0; flex-wrap: wrap; }
.count { border: 1px solid currentColor; border-radius: .3rem; padding: .15rem .6rem; font-size: .9rem; }
.holds { color: var(--good); } .fails { color: var(--bad); } .undecided { color: var(--open); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .87rem; }
table.wide { width: 100%; }
th { text-align: left; font-weight: 600; border-bottom: 1.5px solid var(--ink); padding: .25rem .9rem .25rem 0; white-space: nowrap; vertical-align: bottom; }
td { border-bottom: 1px solid var(--rule); padding: .3rem .9rem .3rem 0; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.verdict { font-weight: 600; white-space: nowrap; }
figure { margin: 1.2rem 0 1.8rem; }
figure svg { max-width: 100%; height: auto; display: block; }
figcaption { font-size: .87rem; color: var(--dim); margin-top: .3rem; }
a { color: #0a58a8; }
pre { background: var(--tint); border: 1px solid var(--rule); border-radius: .3rem; padding: 1rem; overflow-x: auto; font: 13px/1.5 "DejaVu Sans Mono", Menlo, Consolas, monospace; tab-size: 2; }
code { font: .93em "DejaVu Sans Mono", Menlo, Consolas, monospace; }
pre .item { color: #7a1fa2; font-weight: 700; } pre .word { color: #0a58a8; } pre .call { color: #00695c; } pre .number { color: #b04a00; } pre .text { color: #12754a; } pre .comment { color: #7a7f87; font-style: italic; }
ul.reasons { margin: .2rem 0 0; padding-left: 1.1rem; color: var(--dim); font-size: .95em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; font-size: .87rem; margin: .4rem 0; }
dt { color: var(--dim); } dd { margin: 0; }
@media print { main { max-width: none; padding: 0; } h2 { break-after: avoid; } figure, tr { break-inside: avoid; } pre { white-space: pre-wrap; } }
`;
