import Testing

@testable import Hub

@Suite("Which components a page shows")
struct ShownComponentsTests {
    private func names(_ known: [KnownComponent], limit: Int = ShownComponents.limit) -> [String] {
        ShownComponents(known, limit: limit).rows.map(\.component.name)
    }

    @Test("who is silent comes first, then who was not understood, then the others, each by name")
    func order() {
        let known: [KnownComponent] = [
            .reporting("d"), .silent("z"), .reporting("b", rejected: 1), .reporting("c"), .silent("y"),
            .reporting("a"), .reporting("e", series: 0, rejected: 3),
        ]
        for known in [known, known.reversed()] { #expect(names(known) == ["e", "y", "z", "b", "a", "c", "d"]) }
    }

    /// Silent ones, others, and how many of each are shown of four.
    private static let shares: [(silent: Int, reporting: Int, shown: (silent: Int, reporting: Int))] = [
        (0, 0, (0, 0)), (1, 1, (1, 1)), (4, 0, (4, 0)), (9, 0, (4, 0)), (0, 9, (0, 4)), (9, 9, (2, 2)), (1, 9, (1, 3)),
        (9, 1, (3, 1)), (2, 2, (2, 2)), (3, 2, (2, 2)),
    ]

    @Test("there are no more than fit, and neither kind pushes out the other", arguments: shares)
    func share(silent: Int, reporting: Int, shown: (silent: Int, reporting: Int)) {
        let known =
            (0..<silent).map { KnownComponent.silent("s\($0)") } + (0..<reporting).map { .reporting("r\($0)") }
        let components = ShownComponents(known, limit: 4)
        #expect(components.rows.count { $0.state == .silent } == shown.silent)
        #expect(components.rows.count { $0.state == .reporting } == shown.reporting)
        #expect(components.hiddenSilent == silent - shown.silent && components.silent == silent)
        #expect(components.hiddenReporting == reporting - shown.reporting && components.reporting == reporting)
        let left = [silent - shown.silent, reporting - shown.reporting]
        let html = ComponentTable.html(components, at: arrival)
        #expect(html.contains("/api/metrics/components") == (left != [0, 0]))
        if left == [7, 7] { #expect(html.contains("and 7 silent and 7 that report: <a")) }
    }

    @Test("a page of ten thousand is not much longer than one of two hundred")
    func size() {
        let many = ShownHub { $0.known = (0..<10_000).map { .reporting("worker-\($0)") } }
        let few = ShownHub { $0.known = (0..<200).map { .reporting("worker-\($0)") } }
        #expect(many.html.utf8.count < few.html.utf8.count + 1_000)
        #expect(many.html.contains("and 9800 that report: "))
        #expect(many.html.utf8.count < 200_000)
    }

    @Test("a list for programs has whoever is registered and whoever reports, once")
    func known() {
        let reporting = Reporting()
        let registration = Registration(isStrict: false, limit: 10)
        let (worker, other) = (Component(type: "t", name: "w"), Component(type: "t", name: "other"))
        reporting.report(gauge(), by: worker)
        registration.add(worker)
        registration.add(other)
        let all = KnownComponent.all(reporting.latest, registration)
        #expect(Set(all.map(\.component)) == [worker, other] && all.count == 2)
        #expect(all.map(\.isRegistered) == [true, true])
        #expect(all.first { $0.component == worker }?.state == .reporting)
        #expect(all.first { $0.component == other }?.age(at: arrival) == nil)
    }

    @Test("no age is below zero, however clocks are set")
    func ages() {
        #expect(KnownComponent.reporting(ShownHub.own, before: -5_000).age(at: arrival) == .zero)
        #expect(KnownComponent.reporting(ShownHub.own, before: 5_000).age(at: arrival) == .seconds(5))
    }
}
