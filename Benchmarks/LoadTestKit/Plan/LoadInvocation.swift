import AsyncHTTP
import Flags

/// What the arguments ask for. Pure: nothing is opened or printed here.
enum LoadInvocation: Sendable, Hashable {
    case run(LoadPlan)
    case help
    case version

    static func parse(_ arguments: [String]) throws(UsageErrors) -> LoadInvocation {
        let reader = ArgumentReader(arguments, flags: LoadFlags.all, information: ["help", "version"])
        if let information = reader.information { return information == "help" ? .help : .version }
        var errors = reader.errors
        var settings = LoadSettings()
        for flag in LoadFlags.all {
            guard let texts = reader.given[flag.name] else { continue }
            do throws(UsageErrors) {
                try flag.set(&settings, to: texts, from: "--\(flag.name)")
            } catch {
                errors += error.errors
            }
        }
        for name in ["rate", "connections"] where settings.scrapers != nil && reader.given[name] != nil {
            errors.append(UsageError("--\(name) and --scrapers exclude each other: scrapers bring their own"))
        }
        do throws(UsageError) {
            let plan = LoadPlan(try url(reader.operands), settings)
            try check(plan)
            if errors.isEmpty { return .run(plan) }
        } catch {
            errors.append(error)
        }
        throw UsageErrors(errors: errors)
    }

    private static func url(_ operands: [String]) throws(UsageError) -> ClientURL {
        guard let text = operands.first else {
            throw UsageError("there is no URL, as in: loadtest http://localhost:8000/metrics")
        }
        guard operands.count == 1 else {
            throw UsageError("unexpected argument \(operands[1].quotedForMessage); there is one URL")
        }
        do throws(ClientURLError) {
            return try ClientURL(text)
        } catch {
            throw UsageError("URL", text, ValueProblem("\(error)"))
        }
    }

    /// What only shows when everything is put together.
    private static func check(_ plan: LoadPlan) throws(UsageError) {
        guard plan.settings.threads <= plan.connections else {
            let source = plan.mode == .scrapers ? "--scrapers" : "--connections"
            throw UsageError(
                "--threads=\(plan.settings.threads) are more than \(source)=\(plan.connections):"
                    + " a thread without a connection would send nothing of its share"
            )
        }
        do throws(HeadWriteError) {
            _ = try plan.request(keepAlive: true)
        } catch {
            throw UsageError("URL", "\(plan.url)", ValueProblem("it cannot be asked for (\(error))"))
        }
    }

    static var helpText: String {
        """
        usage: loadtest URL [flags]

        Loads an HTTP server as its scrapers would, checks every answer, and says how long they took.

            loadtest http://localhost:8000/metrics --rate=5000
            loadtest http://localhost:8000/metrics --rate=max --duration=5s
            loadtest http://localhost:8000/metrics --scrapers=300 --interval=15s --duration=2m

        Flags:
        \(LoadFlags.all.map(FlagText.entry).joined())\
          --help                      Show this text.
          --version                   Show which build this is.

        The exit status is 0 when all expectations were met; 1 when one was not, or nothing was answered; 2 when the arguments
        are wrong.

        """
    }
}
