import AsyncHTTP
import Flags
import Service
import TLS

/// The executable, as a library so that it can be tested.
package enum LoadTestProgram {
    package static func main() -> Never {
        let arguments = Environment.arguments
        Environment.hide(LoadFlags.all.secretWords(in: arguments))
        Environment.end(run(arguments))
    }

    /// - Returns: the exit status: 2 when it was started wrongly, 1 when the server did not do what was expected of it.
    static func run(_ arguments: [String]) -> Int32 {
        let invocation: LoadInvocation
        do throws(UsageErrors) {
            invocation = try LoadInvocation.parse(arguments)
        } catch {
            for error in error.errors { complain(error) }
            return 2
        }
        switch invocation {
        case .help: return StandardOutput.write(LoadInvocation.helpText) ? 0 : 1
        case .version: return StandardOutput.write("loadtest \(BuildInfo.summary)\n") ? 0 : 1
        case .run(let plan):
            do {
                return try load(plan)
            } catch let error as UsageErrors {
                for error in error.errors { complain(error) }
                return 2
            } catch {
                complain("\(error)")
                return 1
            }
        }
    }

    private static func load(_ plan: LoadPlan) throws -> Int32 {
        let allowed = DescriptorLimit.raise()
        // Otherwise this machine's lack of them would be counted among the server's errors.
        guard plan.descriptors <= allowed else {
            complain(
                "\(plan.connections + plan.settings.slowReaders) connections need \(plan.descriptors) open files, and"
                    + " this process may have \(allowed); see ulimit -Hn"
            )
            return 2
        }
        if plan.settings.tls.skipsVerification {
            complain("warning: certificates are not verified (--insecure): whoever answers may be anybody")
        }
        let run: LoadRun
        do {
            run = try LoadRun(plan, LoadInputs(plan.settings))
        } catch let error as TLSError {
            complain("\(error)")
            return 2
        }
        let show: @Sendable (String) -> Void = { _ = StandardError.write(Array($0.utf8)) }
        let progress = StandardError.isTerminal ? show : nil
        let report = try withEventLoops(count: plan.settings.threads, signals: [.interrupt, .terminate]) { group in
            let signals = SignalSource([.interrupt, .terminate], on: group.first)
            let report = try await run.run(on: group.loops, signals: signals, progress: progress)
            await signals.close()
            return report
        }
        let text = plan.settings.json ? JSONReport.text(report) : TextReport.text(report)
        return StandardOutput.write(text) ? report.exitStatus : 1
    }

    private static func complain(_ problem: some CustomStringConvertible) {
        _ = StandardError.write(Array("loadtest: \(problem)\n".utf8))
    }
}
