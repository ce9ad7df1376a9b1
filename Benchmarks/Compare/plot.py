"""Two pictures, as SVG: bars of CPU time, and latency over time."""

import math
from xml.sax.saxutils import escape

STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #24292f } .quiet { fill: #57606a } .title { font-weight: 600; font-size: 15px }
.ours { fill: #2da44e } .other { fill: #8c959f } .line-ours { stroke: #2da44e } .line-other { stroke: #bc4c00 }
.fill-other { fill: #bc4c00 } .grid { stroke: #d0d7de } .shade { fill: #d0d7de; opacity: .45 } .back { fill: #fff }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #3d444d }
.shade { fill: #3d444d } .back { fill: #0d1117 } .other { fill: #6e7681 } .line-other { stroke: #f0883e } .fill-other { fill: #f0883e } }
</style>"""


def picture(width, height, title, parts):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
    back = f'<rect class="back" width="{width}" height="{height}"/>'
    return "\n".join([head, STYLE, back, f'<text class="title" x="16" y="26">{escape(title)}</text>', *parts, "</svg>", ""])


def bars(title, rows, ours):
    """`rows` are (name, value), on a logarithmic scale: they differ by two orders of magnitude."""
    rows = sorted(rows, key=lambda row: row[1])
    left, right, top, step = 230, 620, 46, 26
    least = math.log10(min(value for _, value in rows) / 2)
    most = math.log10(max(value for _, value in rows))
    parts = []
    for number, (name, value) in enumerate(rows):
        y = top + number * step
        width = (math.log10(value) - least) / (most - least) * (right - left)
        parts.append(f'<text x="{left - 10}" y="{y + 14}" text-anchor="end">{escape(name)}</text>')
        kind = "ours" if name == ours else "other"
        parts.append(f'<rect class="{kind}" x="{left}" y="{y}" width="{width:.1f}" height="18" rx="3"/>')
        parts.append(f'<text x="{left + width + 8:.1f}" y="{y + 14}">{value:,.1f} µs</text>')
    bottom = top + len(rows) * step
    parts.append(f'<text class="quiet" x="{left}" y="{bottom + 12}">logarithmic scale</text>')
    return picture(720, bottom + 26, title, parts)


def latencies(title, series, seconds, shade):
    """`series` are (name, scrapes, is ours); a failed scrape is drawn at the top. `shade` is when the agent hung."""
    left, right, top, bottom = 64, 700, 66, 300
    lowest, highest = -4, 1.5

    def x(due):
        return left + due / seconds * (right - left)

    def y(latency):
        power = math.log10(max(latency, 1e-4)) if latency is not None else highest
        return bottom - (min(power, highest) - lowest) / (highest - lowest) * (bottom - top)

    begin, end = x(shade[0]), x(shade[1])
    parts = [f'<rect class="shade" x="{begin:.1f}" y="{top}" width="{end - begin:.1f}" height="{bottom - top}"/>']
    parts.append(f'<text class="quiet" x="{(begin + end) / 2:.1f}" y="{top - 6}" text-anchor="middle">the agent hangs</text>')
    parts.append(f'<text class="quiet" x="{left - 8}" y="{y(None) + 4:.1f}" text-anchor="end">failed</text>')
    for power, label in [(-4, "0.1 ms"), (-3, "1 ms"), (-2, "10 ms"), (-1, "100 ms"), (0, "1 s"), (1, "10 s")]:
        parts.append(f'<path class="grid" d="M{left} {y(10**power):.1f}H{right}"/>')
        parts.append(f'<text class="quiet" x="{left - 8}" y="{y(10**power) + 4:.1f}" text-anchor="end">{label}</text>')
    for second in range(0, seconds + 1, 10):
        parts.append(f'<text class="quiet" x="{x(second):.1f}" y="{bottom + 18}" text-anchor="middle">{second} s</text>')
    for number, (name, scrapes, is_ours) in enumerate(series):
        kind = "ours" if is_ours else "other"
        points = " ".join(f"{x(due):.1f},{y(latency):.1f}" for due, latency in sorted(scrapes))
        parts.append(f'<polyline class="line-{kind}" fill="none" stroke-width="1.5" points="{points}"/>')
        fill = "ours" if is_ours else "fill-other"
        parts.append(f'<circle class="{fill}" cx="{left + number * 180 + 6}" cy="{bottom + 38}" r="5"/>')
        parts.append(f'<text x="{left + number * 180 + 18}" y="{bottom + 42}">{escape(name)}</text>')
    return picture(720, bottom + 56, title, parts)
