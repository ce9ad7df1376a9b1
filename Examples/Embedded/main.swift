import Telemetry
import TelemetryServer

let registry = Registry()
let lines = try registry.counter("lines_total", help: "Lines read.")
let metrics = try MetricsServer.start(registry, on: CommandLine.arguments.dropFirst().first ?? ":9100")
print("http://localhost:\(metrics.server.port ?? 0)/metrics")
while readLine() != nil { lines.increment() }
metrics.stop()
