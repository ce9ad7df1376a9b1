/// Yields families that something else keeps: an agent's last reading, the process's accounts.
public protocol Collector: Sendable {
    /// Every family that may come out. Clashes are found when the collector is registered, not when someone scrapes.
    var descriptors: [MetricDescriptor] { get }

    /// What is there now, called for each render. A family that was not announced is left out, a repeated series too.
    func collect() -> [MetricFamily]
}
