/// Lets a stream go on when others have had their turn.
final class StreamTurn: Deadline {
    var stream: LayeredStream?

    override func reached() {
        stream?.goOn()
        stream = nil
    }
}
