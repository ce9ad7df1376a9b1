/// Which events are logged, and how a line is written.
package struct LogConfiguration: Sendable, Hashable {
    package var level = LogLevel.info
    package var format = LogFormat.logfmt

    package init() {}
}
