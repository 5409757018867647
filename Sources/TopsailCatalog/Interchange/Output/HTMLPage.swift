import TopsailCore

/// The parts of an exported page that are the same for every neuron.
enum HTMLPage {
    static func head(title: String) -> String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(escaped(title))</title>
        <style>\(style)</style></head><body>
        <h1>\(escaped(title))</h1>

        """
    }

    static let foot = "</body></html>\n"

    private static let style = """
        :root{color-scheme:light dark;--ink:#1c1b19;--dim:#6b6862;--line:#dcd8d0;--paper:#fbfaf7;--hot:224 122 32;--cold:46 118 196}
        @media (prefers-color-scheme:dark){:root{--ink:#e9e6df;--dim:#9a968d;--line:#3a3833;--paper:#191816;--hot:240 140 50;--cold:90 160 235}}
        body{margin:2rem auto;max-width:56rem;padding:0 1rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
        article{border-top:1px solid var(--line);padding:.5rem 0 1.5rem}
        h2{font-family:ui-monospace,monospace;margin:.5rem 0}
        .says{font-size:1.1rem}.none,dt,.logits{color:var(--dim)}
        dl{display:flex;flex-wrap:wrap;gap:.2rem .6rem}dd{margin:0 1rem 0 0}
        .tag,.chip{border:1px solid var(--line);border-radius:.4rem;padding:0 .4rem;color:var(--ink)}
        .chip,.context{font-family:ui-monospace,monospace;font-size:.9rem;white-space:pre-wrap;overflow-wrap:anywhere}
        .a{background:rgb(var(--hot)/calc(var(--a)*.75));border-radius:.15rem}.n{background:rgb(var(--cold)/calc(var(--a)*.75))}
        blockquote{border-left:.25rem solid var(--line);margin:.5rem 0;padding-left:.8rem;white-space:pre-wrap}
        td{border-top:1px solid var(--line);padding:.2rem .6rem .2rem 0;vertical-align:top}
        svg{display:block;height:3rem;width:100%;max-width:24rem;fill:rgb(var(--hot))}
        """

    /// Text in which nothing is markup and nothing reorders or hides what stands around it.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in PrintableText.printable(text, keepingNewlines: true).unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "'": result.append(contentsOf: "&#39;".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Bars on a square-root scale, so that rare strong activations can be seen beside common weak ones.
    static func histogram(_ histogram: ActivationHistogram) -> String {
        guard let last = histogram.counts.lastIndex(where: { $0 > 0 }),
            let first = histogram.counts.firstIndex(where: { $0 > 0 }), let tallest = histogram.counts.max()
        else { return "" }
        let edges = histogram.edges
        let bars = (first...last).map { bin -> String in
            let height = (Double(histogram.counts[bin]) / Double(tallest)).squareRoot() * 100
            let title = "\(histogram.counts[bin]) tokens from \(Float(edges[bin])) to \(Float(edges[bin + 1]))"
            return
                "<rect x=\"\(bin - first)\" y=\"\(100 - height)\" width=\"0.9\" height=\"\(height)\"><title>\(title)</title></rect>"
        }
        let width = last - first + 1
        return "<svg viewBox=\"0 0 \(width) 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"activations\">"
            + bars.joined() + "</svg>"
    }
}
