/// Yields families that something else keeps: an agent's last reading, the process's accounts, what another exporter says.
public protocol Collector: Sendable {
    /// The families that it is known to have. Their names are taken when the collector is registered, so clashes are found then
    /// and not when someone scrapes, and they come out in this order.
    var descriptors: [MetricDescriptor] { get }

    /// What is there now, called for each render. Families beyond `descriptors` come out after them, unless a name of theirs is
    /// somebody else's: then they are left out and counted (`Registry.familiesRefused`). A repeated series is left out, too.
    func collect() -> [MetricFamily]
}
