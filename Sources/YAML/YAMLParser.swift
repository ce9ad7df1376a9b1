import CYAML

/// A text as a row of events: libyaml with its memory.
@safe struct YAMLParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// libyaml reads from it, so it must not move.
    private let text: UnsafeMutableBufferPointer<UInt8>

    /// - Throws: that there is no memory.
    init(_ bytes: [UInt8]) throws(YAMLError) {
        unsafe parser = .allocate(capacity: 1)
        unsafe text = .allocate(capacity: max(1, bytes.count))
        _ = unsafe text.initialize(from: bytes)
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            unsafe text.deallocate()
            throw YAMLError("there is no memory to read it", at: YAMLPlace(line: 1, column: 1))
        }
        unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe text.deallocate()
    }

    /// Not to be called behind an error or the end of the stream.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw problem }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe YAMLEvent(event)
    }

    /// The words are libyaml's own and fixed: they hold nothing of the text.
    private var problem: YAMLError {
        let reason = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "it is not understood"
        let mark = unsafe parser.pointee.problem_mark
        if mark.line > 0 || mark.column > 0 { return YAMLError(reason, at: YAMLPlace(mark)) }
        // Of bytes that are no characters, only the offset is known.
        let offset = unsafe min(parser.pointee.problem_offset, text.count)
        var (line, column) = (1, 1)
        for index in 0..<offset {
            let isEnd = unsafe text[index] == UInt8(ascii: "\n")
            (line, column) = isEnd ? (line + 1, 1) : (line, column + 1)
        }
        return YAMLError(reason, at: YAMLPlace(line: line, column: column))
    }
}

extension YAMLPlace {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
    }
}

extension YAMLEvent {
    fileprivate init(_ event: yaml_event_t) {
        unsafe place = YAMLPlace(event.start_mark)
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: (kind, anchor) = (.streamStart, nil)
        case YAML_DOCUMENT_START_EVENT: (kind, anchor) = (.documentStart, nil)
        case YAML_DOCUMENT_END_EVENT: (kind, anchor) = (.documentEnd, nil)
        case YAML_ALIAS_EVENT: unsafe (kind, anchor) = (.alias(Self.text(event.data.alias.anchor) ?? ""), nil)
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let value = unsafe YAMLScalar(
                String(decoding: bytes, as: UTF8.self),
                isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE
            )
            unsafe (kind, anchor) = (.scalar(value, tag: Self.text(scalar.tag)), Self.text(scalar.anchor))
        case YAML_SEQUENCE_START_EVENT:
            unsafe (kind, anchor) = (.sequenceStart, Self.text(event.data.sequence_start.anchor))
        case YAML_SEQUENCE_END_EVENT: (kind, anchor) = (.sequenceEnd, nil)
        case YAML_MAPPING_START_EVENT:
            unsafe (kind, anchor) = (.mappingStart, Self.text(event.data.mapping_start.anchor))
        case YAML_MAPPING_END_EVENT: (kind, anchor) = (.mappingEnd, nil)
        default: (kind, anchor) = (.streamEnd, nil)
        }
    }

    private static func text(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        unsafe bytes.map { unsafe String(cString: $0) }
    }
}
