import TelemetryServer

/// What to do with a hub to which nobody has reported yet.
enum FirstReport {
    static func html(_ subject: HubSubject) -> String {
        """
        <section class="panel"><h2>The first report</h2>
        \(registration(subject))<pre><code>\(HTMLText.escape(command(subject.address())))</code></pre>
        <p>It shows up here within seconds, and in <a href="\(HubPath.export)">\(HubPath.export)</a>. A hub that asks \
        for credentials wants <code>-u NAME</code> or <code>-H 'Authorization: Bearer TOKEN'</code>, too.</p></section>
        """
    }

    static func command(_ address: String) -> String {
        """
        curl \(address)\(HubPath.report) -d '{"component_name":"worker-1","component_type":"worker_pool",\
        "metrics":[{"metric_name":"jobs_done_total","metric_type":"counter","metric_value":1}]}'
        """
    }

    private static func registration(_ subject: HubSubject) -> String {
        guard subject.isStrict else { return "" }
        let path = HubPath.components
        return """
            <p>Only who is registered may report: <code>POST \(path)</code> with the same name and type does that.</p>

            """
    }
}
