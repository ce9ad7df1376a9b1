extension RenderedMetrics {
    /// Renders what a registry has at this moment.
    public convenience init(_ registry: Registry) {
        self.init(registry.gather())
    }
}
