/// How the page looks: on a phone, by day and by night.
package enum PageStyle {
    package static let text = """
        :root{--ink:#1c2430;--soft:#5b6675;--paper:#f5f6f8;--card:#fff;--line:#dfe3e8;--tone:#5b6675}
        @media(prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#97a3b3;--paper:#12161c;--card:#1b2129;--line:#2b333e}}
        body.up{--tone:#1a8f4c}body.ending,body.held{--tone:#b7791f}body.down{--tone:#c8372d}
        @media(prefers-color-scheme:dark){body.up{--tone:#3ecf7f}body.ending,body.held{--tone:#e5b04a}body.down{--tone:#ff6b5e}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem;background:var(--paper);color:var(--ink);\
        font:16px/1.5 system-ui,sans-serif}
        p{margin:0}
        header{margin-bottom:1.5rem}
        .state{font-size:2.2rem;font-weight:650;line-height:1.2;color:var(--tone)}
        .dot{display:inline-block;width:.6em;height:.6em;margin-right:.35em;border-radius:50%;background:var(--tone)}
        .about{margin-top:.4rem;color:var(--soft);overflow-wrap:anywhere}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:1rem}
        .card{padding:1rem;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
        h2{margin:0;font-size:.9rem;font-weight:500;color:var(--soft)}
        .value{font-size:2rem;font-weight:600;font-variant-numeric:tabular-nums}
        svg{display:block;width:100%;height:3rem}
        polyline{fill:none;stroke:var(--tone);stroke-width:2;vector-effect:non-scaling-stroke;stroke-linejoin:round}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.5rem;margin:1.5rem 0;padding:1rem;\
        background:var(--card);border:1px solid var(--line);border-radius:.6rem}
        dt{color:var(--soft)}
        dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
        footer{color:var(--soft);font-size:.9rem;overflow-wrap:anywhere}
        nav{display:flex;flex-wrap:wrap;gap:.4rem 1rem;margin-bottom:.5rem}
        a{color:inherit}
        """
}
