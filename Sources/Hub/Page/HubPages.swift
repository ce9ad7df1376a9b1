import AsyncHTTP
import Service
import TelemetryServer

/// The page at `/` and `/status.json`, made when somebody asks and a moment has gone since.
struct HubPages: Sendable {
    let endpoints: [Endpoint]

    /// - Parameters:
    ///   - history: the database that is written, too, if there is one.
    ///   - phase: where in its life the program is.
    ///   - moment: another one for each moment.
    ///   - loop: where they are made: long lists take milliseconds.
    init(
        _ subject: HubSubject,
        _ intake: Intake,
        _ activity: ReportActivity,
        history: @escaping @Sendable () -> FollowedHistory?,
        phase: @escaping @Sendable () -> HubStatus.Phase,
        of moment: @escaping @Sendable () -> UInt64,
        on loop: EventLoop
    ) {
        let started = MonotonicInstant.now
        let status = { @Sendable in
            let now = MonotonicInstant.now
            return HubStatus(
                subject,
                KnownComponent.all(intake.latest, intake.registration),
                HubStatus.Stored(intake.store),
                history(),
                activity.recent(at: now),
                phase(),
                uptime: started.duration(to: now),
                at: WallClock.milliseconds
            )
        }
        let page = SharedAnswer(of: moment, on: loop) { try HubStatusPage.response(status()) }
        let twin = SharedAnswer(of: moment, on: loop) { try HubStatusDocument.response(status()) }
        endpoints = [
            Endpoint(HubPath.page) { _ in try await page.answer() },
            Endpoint(HubPath.status) { _ in try await twin.answer() },
        ]
    }
}

extension HubStatus.Stored {
    fileprivate init(_ store: any Store) {
        self.init(kind: store.name, size: store.size, isFull: store.isFull, backlog: store.backlog)
    }
}
