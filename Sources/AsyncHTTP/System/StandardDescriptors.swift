import Glibc

/// Opens those of the descriptors 0 to 2 that the process was started without, as `/dev/null`.
///
/// For a program to call before it opens anything: the kernel gives the lowest free number, so what it opens next would become
/// its standard error, and every line written there would go into an eventfd or to a peer.
public func openStandardDescriptors() {
    for wanted: Int32 in STDIN_FILENO...STDERR_FILENO where fcntl(wanted, F_GETFD) < 0 {
        var opened = unsafe open("/dev/null", O_RDWR)
        // In an empty root there is no such file. A socket without a peer takes the number as well, and every write fails.
        if opened < 0 { opened = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0) }
        if opened > STDERR_FILENO { close(opened) }
    }
}
