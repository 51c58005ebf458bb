namespace MLNetTransfer.Reporting;

/// <summary>The style sheet of a report.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --page: #f5f6f8; --card: #fff; --text: #1b1f24; --muted: #59636e; --line: #e1e4e8;
          --right: 9 105 218; --wrong: 201 78 0; --accent: rgb(var(--right)); --radius: 12px; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #0e1116; --card: #171b21; --text: #e6eaef; --muted: #9aa5b1; --line: #2c333b; --right: 88 166 255; --wrong: 240 136 62; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
          font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        main { max-width: 960px; margin: 0 auto; padding: 48px 24px 64px; }
        h1 { font-size: 32px; line-height: 1.2; letter-spacing: -.02em; margin: 4px 0 12px; }
        h2 { font-size: 21px; letter-spacing: -.01em; margin: 44px 0 14px; }
        h3 { font-size: 15px; margin: 0 0 12px; }
        .kicker { color: var(--muted); font-size: 13px; font-weight: 600; letter-spacing: .02em; margin: 0; }
        .verdict { font-size: 18px; margin: 0; text-wrap: balance; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 20px 22px; margin: 0 0 16px; break-inside: avoid; }
        .grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 0 16px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 12px; margin: 28px 0 0; padding: 0; list-style: none; }
        .tiles li { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 14px 16px; }
        .tiles b { display: block; font-size: 25px; line-height: 1.25; letter-spacing: -.02em; }
        .tiles span, .tiles small { display: block; color: var(--muted); font-size: 13px; }
        figcaption, .note { color: var(--muted); font-size: 13px; }
        .note { margin: -6px 0 14px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: 8px 12px; vertical-align: top; }
        th { font-weight: 600; }
        .lines th, .lines td { border-top: 1px solid var(--line); }
        .lines thead th, .lines.plain tr:first-child > * { border-top: 0; }
        .lines thead th { color: var(--muted); font-size: 13px; }
        .lines tr > :first-child { padding-left: 0; }
        .lines tr > :last-child { padding-right: 0; }
        .lines th[scope=row] { white-space: nowrap; }
        .number { text-align: right; white-space: nowrap; }
        .number small { display: block; color: var(--muted); }
        .meaning { color: var(--muted); font-size: 13px; }
        .confusion { width: auto; border-collapse: separate; border-spacing: 4px; }
        .confusion th { font-size: 13px; max-width: 15em; }
        .confusion thead th { text-align: center; }
        .confusion .over, .confusion .corner, .confusion .total { color: var(--muted); font-weight: 400; }
        .confusion thead .corner, .confusion tbody th { text-align: right; vertical-align: middle; }
        .confusion tbody td { text-align: center; vertical-align: middle; min-width: 3.6em; padding: 10px 14px; border-radius: 6px; background: var(--page); }
        .confusion.pair tbody td { min-width: 7.5em; padding: 16px 14px; font-size: 17px; }
        .confusion.pair tbody td.total { min-width: 0; font-size: 15px; }
        .confusion tbody td.total { background: none; }
        .confusion small { display: block; font-size: 12px; }
        .confusion tbody .right { background: rgb(var(--right) / calc(.42 * var(--shade))); }
        .confusion tbody .wrong { background: rgb(var(--wrong) / calc(.42 * var(--shade))); }
        .plot { display: block; width: 100%; max-width: 430px; height: auto; margin: 0 auto 10px; font-size: 12px; }
        .plot text { fill: var(--muted); }
        .plot .label { fill: var(--text); }
        .plot .grid, .plot .frame { fill: none; stroke: var(--line); }
        .plot .diagonal { fill: none; stroke: var(--muted); stroke-dasharray: 4 4; }
        .plot .curve { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
        .plot .under { fill: rgb(var(--right) / .1); }
        .plot .bar { fill: rgb(var(--right) / .2); stroke: var(--card); }
        .plot .source { fill: rgb(var(--right) / .35); stroke: rgb(var(--right)); stroke-width: .75; }
        .plot .target { fill: rgb(var(--wrong) / .35); stroke: rgb(var(--wrong)); stroke-width: .75; }
        .reasons { margin: 0; padding-left: 18px; }
        .key { display: inline-block; width: 10px; height: 10px; border-radius: 50%; }
        .key.right { background: rgb(var(--right)); }
        .key.wrong { background: rgb(var(--wrong)); margin-left: 8px; }
        .plot .whisker { stroke: var(--accent); stroke-width: 1.5; opacity: .5; }
        .plot .dot { fill: var(--accent); stroke: var(--card); stroke-width: 1.5; }
        .line-1 { --series: 9 105 218; } .line-2 { --series: 201 78 0; } .line-3 { --series: 31 136 61; } .line-4 { --series: 130 80 223; } .line-5 { --series: 110 119 129; }
        .plot .curve[class*=line-] { stroke: rgb(var(--series)); }
        .plot .band { fill: rgb(var(--series) / .12); }
        .legend { text-align: center; margin: 0; font-size: 13px; }
        .key { margin: 0 10px; white-space: nowrap; }
        .key::before { content: ""; display: inline-block; width: 18px; height: 3px; margin-right: 6px; vertical-align: middle; border-radius: 2px; background: rgb(var(--series)); }
        .plot.wide { max-width: none; }
        .plot .bar { fill: rgb(var(--right) / .55); }
        .grid figure { margin: 0 0 16px; }
        .points { text-align: center; margin: 0; font-size: 13px; }
        .point { display: inline-block; margin: 0 10px; white-space: nowrap; --series: 110 119 129; }
        .point-0 { --series: 9 105 218; } .point-1 { --series: 201 78 0; } .point-2 { --series: 31 136 61; } .point-3 { --series: 130 80 223; } .point-4 { --series: 191 57 137; }
        .point-5 { --series: 154 103 0; } .point-6 { --series: 27 124 131; } .point-7 { --series: 207 34 46; } .point-8 { --series: 87 96 106; } .point-9 { --series: 110 185 40; }
        .point::before { content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 6px; border-radius: 50%; border: 1.5px solid rgb(var(--series)); background: rgb(var(--series)); }
        .point.hollow::before { background: none; }
        .plot circle[class*=point-] { fill: rgb(var(--series) / .75); stroke: rgb(var(--series)); stroke-width: 1; }
        .plot circle.hollow { fill: none; }
        .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: 20px 16px; }
        .gallery figure { margin: 0; break-inside: avoid; }
        .gallery img, .missing { display: block; width: 100%; height: 132px; border-radius: 8px; background: var(--page); object-fit: contain; }
        .missing { display: grid; place-items: center; border: 1px dashed var(--line); color: var(--muted); font-size: 13px; }
        .gallery figcaption { margin-top: 8px; line-height: 1.4; }
        .gallery span { display: block; }
        .gallery b { color: var(--text); font-weight: 600; }
        .gallery.explained { grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); margin-bottom: 24px; }
        .gallery.explained img { height: 200px; }
        .legend { display: flex; align-items: center; gap: 10px; color: var(--muted); font-size: 13px; margin: 0 0 14px; }
        .legend i { width: 140px; height: 12px; border-radius: 6px; background: linear-gradient(90deg, rgb(63 122 197), rgb(235 235 235), rgb(218 67 61)); }
        .file { color: var(--text); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
        @media (max-width: 640px) {
          main { padding: 28px 16px 40px; }
          h1 { font-size: 26px; }
          .card { padding: 16px; }
          .meaning { display: none; }
          .confusion tbody td { padding: 10px 8px; }
          .confusion.pair tbody td { min-width: 5.5em; }
          .confusion th { padding: 8px 4px; }
        }
        @media print {
          :root { --page: #fff; --card: #fff; --text: #000; --muted: #444; --line: #ccc; --right: 9 105 218; --wrong: 201 78 0; color-scheme: light; }
          * { print-color-adjust: exact; }
          main { max-width: none; padding: 0; }
          h2 { break-after: avoid; }
        }
        """;
}
