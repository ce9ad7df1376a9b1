package import AsyncHTTP

/// What every page of these programs has around it: one document that works without script and needs nothing from elsewhere.
package struct PageFrame: Sendable {
    /// Of the window.
    package let title: String
    /// Classes of the body. `good`, `warn`, `bad` and `none` decide the colour.
    package let condition: String
    /// After how many seconds a browser asks again, where there is no script that does; nil is never.
    package let refresh: Int?
    /// What renews the page where scripts run.
    package let script: PageScript?

    package init(title: String, condition: String, refresh: Int? = nil, script: PageScript? = nil) {
        self.title = title
        self.condition = condition
        self.refresh = refresh
        self.script = script
    }

    /// - Parameters: the three parts as HTML, in which every text from elsewhere has been escaped.
    package func html(header: String, main: String, footer: String) -> String {
        var again = refresh.map { "\n<meta http-equiv=\"refresh\" content=\"\($0)\">" } ?? ""
        if script != nil, !again.isEmpty { again = "\n<noscript>\(again.dropFirst())</noscript>" }
        let script = script.map { "\n<script>\($0.text)</script>" } ?? ""
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
            </footer>\(script)
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
    ///
    /// - Parameter script: the one that the page has, if any.
    package static func answer(_ html: String, script: PageScript? = nil) throws -> PreparedResponse {
        var fields = HeaderFields()
        try fields.append("Content-Type", "text/html; charset=utf-8")
        try fields.append("Cache-Control", "no-store")
        try fields.append("Content-Security-Policy", policy(script))
        return try PreparedResponse(Response(fields: fields, body: Array(html.utf8)))
    }

    /// The facts of a page for programs, as an answer.
    package static func twin(_ json: [UInt8]) throws -> PreparedResponse {
        var fields = HeaderFields()
        try fields.append("Content-Type", "application/json")
        try fields.append("Cache-Control", "no-store")
        return try PreparedResponse(Response(fields: fields, body: json + Array("\n".utf8)))
    }

    /// What is not named here no browser does, whatever an agent has smuggled into a page.
    private static func policy(_ script: PageScript?) -> String {
        let scripts = script.map { "; script-src 'sha256-\($0.hash)'; connect-src 'self'" } ?? ""
        return "default-src 'none'; style-src 'sha256-\(PageStyle.hash)'; img-src data:\(scripts)"
            + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }
}
