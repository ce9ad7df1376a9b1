/// How the page looks: on a phone, by day and by night. Texts are readable on what is behind them: a test computes the contrasts.
package enum PageStyle {
    package static let text = """
        :root{--ink:#1c2430;--soft:#515c6b;--paper:#f5f6f8;--card:#fff;--line:#d5dae1;\
        --none:#515c6b;--good:#13713a;--warn:#8a5200;--bad:#b3261e}
        @media(prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#a3aebd;--paper:#12161c;--card:#1b2129;--line:#36404c;\
        --none:#a3aebd;--good:#3ecf7f;--warn:#e5b04a;--bad:#ff7b6f}}
        .none{--tone:var(--none)}.good{--tone:var(--good)}.warn{--tone:var(--warn)}.bad{--tone:var(--bad)}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:60rem;padding:1.2rem 1rem;background:var(--paper);color:var(--ink);\
        font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
        p,ol,ul,dl,h1{margin:0;padding:0}
        header{margin-bottom:1.2rem}
        .where{color:var(--soft)}
        .where strong{margin-right:.6em;color:var(--ink)}
        .state{display:flex;align-items:center;gap:.35em;font-size:2.4rem;font-weight:650;line-height:1.3;color:var(--tone)}
        .shape{flex:none;width:1em;height:1em}
        .shape path{fill:none;stroke:var(--tone);stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}
        .since{font-size:1.15rem;font-weight:600}
        time,.value,dd,.scale{font-variant-numeric:tabular-nums}
        .error{margin:.3rem 0;padding:.3rem .6rem;background:var(--card);border-left:.25rem solid var(--tone);\
        font:.9rem/1.5 ui-monospace,monospace}
        .next,.provenance,.note,.again{color:var(--soft)}
        .provenance{margin-bottom:.5rem}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,16rem),1fr));gap:1rem}
        .facts{grid-template-columns:repeat(auto-fit,minmax(min(100%,9.5rem),1fr))}
        .facts h2{flex-wrap:wrap;overflow-wrap:normal}
        .facts .value{flex-wrap:wrap;font-size:1.6rem}
        .card,.panel,dl{padding:.8rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
        .panel,dl{margin-top:1rem}
        h2{display:flex;justify-content:space-between;gap:.6em;margin:0;font-size:.9rem;font-weight:500;color:var(--soft)}
        .value{display:flex;align-items:baseline;gap:.4em;font-size:2rem;font-weight:600;line-height:1.3}
        .of{font-size:1rem;font-weight:400;color:var(--soft)}
        .past .value{color:var(--soft);font-weight:400}
        .past .card{border-style:dashed}
        .note{font-style:italic;white-space:nowrap}
        .chart{display:grid;grid-template-columns:1fr max-content;gap:0 .4rem;font-size:.8rem;color:var(--soft)}
        .plot{border:solid var(--line);border-width:0 0 1px}
        .plot svg{display:block;width:100%;height:4rem}
        .scale{display:flex;flex-direction:column;justify-content:space-between;line-height:1}
        .axis{display:flex;justify-content:space-between;gap:.5em;font-size:.75rem;white-space:nowrap;color:var(--soft)}
        polyline{fill:none;stroke:var(--tone);stroke-width:2;vector-effect:non-scaling-stroke;stroke-linejoin:round}
        .past polyline{stroke:var(--none)}
        line.limit{stroke:var(--soft);stroke-width:1;stroke-dasharray:5 4;vector-effect:non-scaling-stroke}
        span.limit::before{content:"- - ";white-space:pre}
        .band{display:block;width:100%;height:2.2rem;border-bottom:1px solid var(--line);shape-rendering:crispEdges}
        rect{fill:var(--tone)}
        .totals{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin-top:.4rem;list-style:none;font-size:.9rem}
        .totals .shape,.events .shape{margin:0 .4em 0 0;vertical-align:-.12em}
        .events{margin-top:.3rem;list-style:none}
        .events li{display:flex;align-items:flex-start;gap:.3em}
        .events time{flex:none;color:var(--soft)}
        .events .shape{margin:.25em .3em 0}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem}
        dl.gauges{grid-template-columns:minmax(0,max-content) minmax(6rem,1fr)}
        dt{color:var(--soft)}
        dd{margin:0}
        table{width:100%;margin-top:.4rem;border-collapse:collapse;font-variant-numeric:tabular-nums}
        th,td{padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);text-align:start;vertical-align:top;\
        font-weight:400}
        thead th{font-size:.85rem;color:var(--soft)}
        tbody th{font-weight:600}
        tbody tr:last-child>*{border:0}
        small{display:block;font-size:.85rem;font-weight:400;color:var(--soft)}
        td{overflow-wrap:normal;white-space:nowrap}
        td .shape{margin-right:.4em;vertical-align:-.12em}
        .number{padding-right:0;padding-left:.6rem;text-align:end;white-space:nowrap}
        td.warn{font-weight:600;color:var(--tone)}
        pre{margin:.5rem 0;white-space:pre-wrap}
        code{font:.9rem/1.5 ui-monospace,monospace}
        .rest{margin-top:.4rem}
        footer{margin-top:1rem;color:var(--soft);font-size:.9rem}
        nav{display:flex;flex-wrap:wrap;gap:.4rem 1rem;margin-bottom:.5rem}
        a{color:inherit}
        .lost{margin-bottom:1rem;padding:.5rem .8rem;background:var(--card);border:.2rem double var(--bad);color:var(--bad);\
        font-weight:600}
        .gone header,.gone main{filter:grayscale(1)}
        @media(max-width:30rem){dl,dl.gauges{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}\
        .events li{display:block;margin-bottom:.4rem}.events .shape{margin:0 .4em}\
        tr{display:grid;grid-template-columns:1fr repeat(3,4.4rem);border-bottom:1px solid var(--line)}\
        tbody tr:last-child{border:0}th,td{border:0}tr>:first-child{grid-column:1/-1;padding-bottom:0}}
        """

    /// SHA-256 of the text in Base64, for the Content-Security-Policy: a test says what it has to be.
    package static let hash = "TbGEAWg4DHWGAod6bkAEgkXDuq76TFHlwiDUEmFQw5M="
}
