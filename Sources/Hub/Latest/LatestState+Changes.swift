extension LatestState {
    /// What has become different since the last time: references, so that it takes no longer than it must.
    mutating func changes() -> LatestChanges {
        var changes = LatestChanges()
        swap(&changes.removed, &removed)
        changes.changed.reserveCapacity(noted.count)
        for number in noted {
            guard let family = families[Int(number)], family.isNoted else { continue }
            changes.changed.append(change(of: family, family.changedPages, withHeader: family.isHeaderStale))
            families[Int(number)]?.settle()
        }
        noted.removeAll(keepingCapacity: true)
        return changes
    }

    /// What one question wants, whole, each family with some of its series.
    func selection(where isWanted: (HeldComponent) -> Bool) -> LatestChanges {
        var members: [Int32: [Int32]] = [:]
        for component in components {
            guard let component, isWanted(component) else { continue }
            for number in component.series where series[Int(number)].isExported {
                members[series[Int(number)].family, default: []].append(number)
            }
        }
        var selection = LatestChanges()
        for (number, members) in members {
            guard let family = families[Int(number)] else { continue }
            // In the order in which the whole is printed.
            let lines = members.sorted { series[Int($0)].place < series[Int($1)].place }.map(line)
            selection.changed.append(
                FamilyChange(
                    identifier: family.identifier,
                    name: family.name,
                    kind: family.kind,
                    pageCount: 1,
                    pages: [(0, lines)],
                    header: header(of: family)
                )
            )
        }
        return selection
    }

    private func change(of family: HeldFamily, _ pages: [Int], withHeader: Bool) -> FamilyChange {
        FamilyChange(
            identifier: family.identifier,
            name: family.name,
            kind: family.kind,
            pageCount: family.pageCount,
            pages: pages.map { ($0, family.page($0).map(line)) },
            header: withHeader ? header(of: family) : nil
        )
    }

    private func line(_ number: Int32) -> SeriesLine {
        SeriesLine(beginning: series[Int(number)].line, value: series[Int(number)].value)
    }

    /// That of the first component by name which says anything, so that it does not change with who reports last.
    private func header(of family: HeldFamily) -> FamilyHeader {
        if family.name == Self.lastReportName {
            return FamilyHeader(help: Self.lastReportHelp, unit: "seconds")
        }
        var first: (component: Component, description: FamilyDescription)?
        for number in family.members {
            let held = series[Int(number)]
            guard let description = held.description, let component = components[Int(held.component)]?.component else {
                continue
            }
            if let first, !component.isBefore(first.component) { continue }
            first = (component, description)
        }
        return FamilyHeader(help: first?.description.help, unit: first?.description.unit)
    }
}

extension Component {
    fileprivate func isBefore(_ other: Component) -> Bool {
        (name, type, instance ?? "") < (other.name, other.type, other.instance ?? "")
    }
}
