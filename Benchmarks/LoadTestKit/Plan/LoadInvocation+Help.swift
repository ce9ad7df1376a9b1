import Flags

extension LoadInvocation {
    static var helpText: String {
        """
        usage: loadtest URL... [flags]

        Loads an HTTP server as its scrapers would, checks every answer, and says how long they took.

            loadtest http://localhost:8000/metrics --rate=5000
            loadtest http://localhost:8000/metrics --rate=max --duration=5s
            loadtest http://localhost:8000/metrics --scrapers=300 --interval=15s --duration=2m
            loadtest https://localhost:8000/metrics --ca-file=ca.pem --token-file=token.txt
            loadtest http://localhost:9091/metrics/job/load -n 1000 --body-file=push.txt --user-file=user.txt

        Connections are dealt out to several URLs in turn, and each URL gets its equal part of the rate.

        Flags:
        \(LoadFlags.all.map(FlagText.entry).joined())\
          --help                      Show this text.
          --version                   Show which build this is.

        The exit status is 0 when all expectations were met; 1 when one was not, or nothing was answered; 2 when the arguments
        are wrong; 130 or 143 when SIGINT (Ctrl-C) or SIGTERM has ended the run early.

        """
    }
}
