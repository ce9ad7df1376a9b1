import JSON
import Testing

@Suite("A document that is written as it goes")
struct JSONWriterTests {
    @Test("commas stand between elements and members, and nowhere else")
    func structure() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("a")
            writer.array { writer in
                writer.integer(Int64.max)
                writer.object { _ in }
                writer.array { _ in }
                writer.null()
            }
            writer.name(text: "b\"")
            writer.string("é\n")
            writer.name("c")
            writer.boolean(false)
            writer.name("d")
            writer.value(["x": 1, "y": [true]])
            writer.name("e")
            writer.number(.infinity)
            writer.name("f")
            writer.string(nil)
            writer.name("g")
            writer.number(0.5)
        }
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(
            text
                == #"{"a":[9223372036854775807,{},[],null],"b\"":"é\n","c":false,"d":{"x":1,"y":[true]},"e":null,"f":null,"g":0.5}"#
        )
        #expect(throws: Never.self) { try JSONReader().read(writer.bytes) }
    }
}
