// Owns how reports look, in light and dark, on wide screens and on narrow ones.

export const STYLE = `
:root { color-scheme: light dark;
  --page: #fbfbfa; --card: #fff; --ink: #1d2329; --soft: #5b6670; --line: #dfe3e6; --good: #1b7f4b; --bad: #c0362c; --other: #b7791f;
  --good-fill: #d9efe2; --bad-fill: #f8d7d3; --other-fill: #f7e6c4; --fault: #c0362c14; --dns: #2563b8; --kept: #c2570c; --library: #0f8a6d; }
@media (prefers-color-scheme: dark) { :root {
  --page: #14181c; --card: #1b2026; --ink: #e6e9ec; --soft: #9aa5af; --line: #333b43; --good: #57c28a; --bad: #f0857b; --other: #e0b05a;
  --good-fill: #1f3a2c; --bad-fill: #4a2522; --other-fill: #46381c; --fault: #f0857b1c; --dns: #6ea8f2; --kept: #f0965a; --library: #43c9a6; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1100px; padding: 24px 16px 64px; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 0; } h3 { font-size: 14px; margin: 20px 0 6px; }
p { margin: 6px 0; } .soft { color: var(--soft); } a { color: inherit; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px; margin-top: 20px; }
header { display: flex; gap: 12px; align-items: baseline; flex-wrap: wrap; }
.verdict { font-weight: 600; } .kept { color: var(--good); } .broken { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 10px 0; } dt { color: var(--soft); } dd { margin: 0; }
@media (max-width: 600px) { body { padding: 16px 10px 40px; } section { padding: 14px; } dl { grid-template-columns: 1fr; gap: 0; } dt { margin-top: 8px; } }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 12px 5px 0; border-top: 1px solid var(--line); vertical-align: top; } th { font-weight: 500; color: var(--soft); }
td.number, th.number { text-align: right; white-space: nowrap; }
.legend { display: flex; gap: 18px; flex-wrap: wrap; font-size: 13px; margin: 14px 0 4px; } .legend i { display: inline-block; width: 18px; border-top: 3px solid; vertical-align: middle; margin-right: 6px; }
.legend .dns { border-color: var(--dns); } .legend .dns-kept { border-color: var(--kept); } .legend .library { border-color: var(--library); }
.legend .swatch { height: 12px; border: 0; background: var(--bad-fill); }
svg { display: block; min-width: 760px; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
svg text { fill: var(--soft); } svg .title { fill: var(--ink); font-weight: 600; } svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
svg .grid { stroke: var(--line); } svg .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; } svg .dashed { stroke-dasharray: 4 3; stroke-width: 1.2; }
svg .line.dns { stroke: var(--dns); } svg .line.dns-kept { stroke: var(--kept); } svg .line.library { stroke: var(--library); }
svg .fault { fill: var(--fault); stroke: var(--bad); stroke-width: .6; } svg .fault-name { fill: var(--bad); font-weight: 600; } svg .mark { stroke: var(--soft); stroke-dasharray: 2 3; }
svg .good { fill: var(--good-fill); } svg .bad { fill: var(--bad-fill); } svg .other { fill: var(--other-fill); } svg .state { fill: var(--ink); }
`;
