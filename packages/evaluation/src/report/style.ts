/** The whole style of a report: light or dark as the reader's system is, readable from 320 px, printable. */
export const style = `
:root { color-scheme: light dark; --ground: #fbfbf8; --card: #ffffff; --ink: #1c2326; --quiet: #5a656b; --line: #dfe3e2; --accent: #00639c;
  --warm: #b34700; --gain: #0b6b4f; --tint: #eef4f7; --band: rgba(0, 99, 156, .16); }
@media (prefers-color-scheme: dark) { :root { --ground: #14181b; --card: #1b2125; --ink: #e6eaea; --quiet: #a0acb2; --line: #323b40; --accent: #6db7ea;
  --warm: #f0a259; --gain: #6fd0a8; --tint: #20292e; --band: rgba(109, 183, 234, .2); } }
*, *::before { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: clamp(1.6rem, 4vw, 2.3rem); line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.015em; overflow-wrap: anywhere; text-wrap: balance; }
h2 { font-size: 1.2rem; margin: 3rem 0 .75rem; letter-spacing: -.005em; }
h3 { font-size: 1rem; margin: 0; }
h4 { font-size: .95rem; margin: 0 0 .4rem; }
p { margin: .5rem 0; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre { font: .84em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; margin: 0; padding: .7rem .9rem; background: var(--tint); border-radius: 8px; }
.eyebrow { margin: 0 0 .25rem; color: var(--quiet); font-size: .85rem; }
.quiet { color: var(--quiet); font-size: .88rem; font-weight: 400; }
.label { color: var(--quiet); font-size: .85rem; }
.status, .tag { display: inline-block; border: 1px solid currentColor; border-radius: 99px; padding: 0 .6em; font-size: .8rem; line-height: 1.6; color: var(--quiet); }
.status.finished { color: var(--gain); } .status.failed, .status.interrupted { color: var(--warm); } .status.running { color: var(--accent); }
.tag.gold { color: var(--gain); } .tag.cut { color: var(--warm); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.5rem), 1fr)); gap: .6rem 1.5rem; margin: 1rem 0; }
.facts.hashes { grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); }
dt { color: var(--quiet); font-size: .82rem; } dd { margin: 0; overflow-wrap: anywhere; }
.verdicts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: .9rem 1.25rem; margin: .75rem 0; }
.verdict { margin: 0; padding: .8rem 1.1rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; text-wrap: pretty; overflow-wrap: anywhere; }
.verdict p { margin: .15rem 0; } .figure { display: flex; align-items: center; gap: .75rem; }
.figure span { font-size: 1.55rem; line-height: 1.3; font-weight: 600; letter-spacing: -.01em; font-variant-numeric: tabular-nums; }
.verdict.gain .figure span { color: var(--gain); } .verdict.loss .figure span { color: var(--warm); } .verdict.open .figure span { color: var(--quiet); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.25rem; }
.chart { margin: 0; padding: 1rem 1rem .6rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.chart svg { display: block; width: 100%; height: auto; }
.legend { margin: .1rem 0 .5rem; color: var(--quiet); font-size: .84rem; }
.key { margin-right: 1rem; white-space: nowrap; }
.key::before { content: ""; display: inline-block; width: .8em; height: .8em; margin-right: .4em; vertical-align: -.06em; border-radius: 50%; background: var(--accent); }
.key.heldOut::before { background: var(--card); border: 2.5px solid var(--warm); }
.axis line { stroke: var(--line); stroke-width: 1; }
.axis text { fill: var(--quiet); font: 12.5px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.training .line { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; } .training circle { fill: var(--accent); } .band { fill: var(--band); }
.heldOut .line { fill: none; stroke: var(--warm); stroke-width: 1.5; stroke-dasharray: 5 4; } .heldOut .bar { fill: none; stroke: var(--warm); stroke-width: 1.8; }
.heldOut circle { fill: var(--card); stroke: var(--warm); stroke-width: 2.2; }
.mark { display: block; } .mark .track { stroke: var(--line); stroke-width: 2; } .mark .reference { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 2; }
.mark .range { stroke: var(--accent); stroke-width: 4; stroke-linecap: round; opacity: .45; } .mark circle { fill: var(--accent); }
.table { margin: .75rem 0 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.scroll { overflow-x: auto; }
.caption { margin: 0; padding: .7rem .9rem .2rem; font-weight: 600; font-size: .9rem; }
.prose { min-width: 11rem; white-space: normal; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .45rem .9rem; border-top: 1px solid var(--line); vertical-align: middle; }
thead th { border-top: 0; color: var(--quiet); font-weight: 500; font-size: .82rem; }
tbody th { font-weight: 500; white-space: nowrap; } td { white-space: nowrap; }
tbody tr:hover { background: var(--tint); }
details { margin: .6rem 0; } summary { cursor: pointer; color: var(--accent); }
.trajectory { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .2rem 1.1rem; }
.trajectory > summary { padding: .65rem 0; color: var(--ink); font-weight: 500; overflow-wrap: anywhere; }
.reward { display: inline-block; min-width: 3.2em; margin-right: .5em; padding: 0 .5em; text-align: center; border-radius: 6px; background: var(--tint); font-variant-numeric: tabular-nums; }
.trajectory .facts { grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); }
.turns, .hits { list-style: none; margin: 0; padding: 0; }
.turn { padding: .9rem 0; border-top: 1px solid var(--line); }
.search { margin: .6rem 0 0 .9rem; overflow-wrap: anywhere; }
.hits li { margin: .7rem 0; } .hits p { margin: .1rem 0; } .shown { white-space: pre-wrap; margin: .25rem 0 0; padding-left: .8rem; border-left: 2px solid var(--line); font-size: .92rem; } .hits p.shown { margin-top: .3rem; }
.cut-mark, .failure { color: var(--warm); }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .8rem; }
@media print { body { background: #fff; } .scroll { overflow: visible; } details > :not(summary) { display: block; } }
@media (max-width: 40rem) { main { padding: 1.5rem 1rem 3rem; } th, td { padding: .4rem .6rem; } h2 { margin-top: 2.2rem; } }
`;
