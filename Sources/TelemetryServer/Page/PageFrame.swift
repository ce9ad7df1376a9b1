package import AsyncHTTP

/// What every page of these programs has around it: one document that needs no script and nothing from elsewhere.
package struct PageFrame: Sendable {
    /// Of the window.
    package let title: String
    /// Decides the colour: `up`, `ending`, `held`, `down` or something else.
    package let condition: String
    /// After how many seconds a browser asks again; nil is never.
    package let refresh: Int?

    package init(title: String, condition: String, refresh: Int? = nil) {
        self.title = title
        self.condition = condition
        self.refresh = refresh
    }

    /// - Parameters: the three parts as HTML, in which every text from elsewhere has been escaped.
    package func html(header: String, main: String, footer: String) -> String {
        let again = refresh.map { "\n<meta http-equiv=\"refresh\" content=\"\($0)\">" } ?? ""
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">\(again)
            <link rel="icon" href="data:,">
            <title>\(HTMLText.escape(title))</title>
            <style>\(PageStyle.text)</style>
            </head>
            <body class="\(HTMLText.escape(condition))">
            <header>
            \(header)
            </header>
            <main>
            \(main)
            </main>
            <footer>
            \(footer)
            </footer>
            </body>
            </html>

            """
    }

    /// Links to other paths, as they are.
    package static func links(_ paths: [String]) -> String {
        let items = paths.map { "<a href=\"\(HTMLText.escape($0))\">\(HTMLText.escape($0))</a>" }
        return "<nav>\(items.joined(separator: " "))</nav>"
    }

    /// A page as an answer.
    package static func answer(_ html: String) throws -> PreparedResponse {
        try PreparedResponse(Response(fields: fields, body: Array(html.utf8)))
    }

    private static let fields: HeaderFields = {
        var fields = HeaderFields()
        try? fields.append("Content-Type", "text/html; charset=utf-8")
        try? fields.append("Cache-Control", "no-store")
        try? fields.append("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        return fields
    }()
}
