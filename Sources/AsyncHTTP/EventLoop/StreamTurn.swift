/// Lets a stream go on when others have had their turn.
final class StreamTurn: Deadline {
    var stream: LayeredStream?

    override func reached() {
        // It may ask for the next turn while it has this one.
        stream.take()?.goOn()
    }
}
