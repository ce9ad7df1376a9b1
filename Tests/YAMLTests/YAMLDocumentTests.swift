import Testing

@testable import YAML

@Suite("YAML: documents")
struct YAMLDocumentTests {
    @Test(
        "a document becomes a tree in which names keep their order",
        arguments: [
            ("", "nothing"), ("# only this\n", "nothing"), ("---\n", ""), ("~", "~"), ("word", "word"),
            ("a: 1\nb: two\n", "{a=1 b=two}"), ("a:\n  - x\n  - y: 'z'\n", "{a=[x {y=\"z\"}]}"),
            ("{b: [1, \"2\"], a: {}}", "{b=[1 \"2\"] a={}}"), ("a: |\n  one\n  two\n", "{a=\"one\ntwo\n\"}"),
            ("a: >-\n  one\n  two\n", "{a=\"one two\"}"), ("~: x\n", "{=x}"), ("'': x\n", "{=x}"), ("a:\n", "{a=}"),
            ("a: !!str 5\nb: !own 5\nc: !!int 5\nd: ! 5\n", "{a=\"5\" b=\"5\" c=5 d=\"5\"}"),
            ("\u{FEFF}a: é\n", "{a=é}"),
        ]
    )
    func trees(_ text: String, _ drawing: String) throws {
        #expect(try drawn(text) == drawing)
    }

    @Test(
        "what is named once can be used again, and merged under what stands beside it",
        arguments: [
            ("a: &x [1]\nb: *x\n", "{a=[1] b=[1]}"), ("&k a: *k\n", "{a=a}"),
            ("a: &x 1\nb: &x 2\nc: *x\n", "{a=1 b=2 c=2}"),
            ("a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3\n", "{a={p=1 q=2} b={q=3 p=1}}"),
            ("<<: [{p: 1}, {p: 2, q: 2}]\n", "{p=1 q=2}"), ("'<<': 1\n", "{<<=1}"),
        ]
    )
    func aliases(_ text: String, _ drawing: String) throws {
        #expect(try drawn(text) == drawing)
    }

    @Test(
        "what is no document is refused, with the place and without a word of it",
        arguments: [
            ("a: 1\na: 2\n", "line 2, column 1: the same name stands before it in this mapping"),
            ("a:\n  b: 1\n  \"b\": 2\n", "line 3, column 3: the same name stands before it in this mapping"),
            ("~: 1\n'': 2\n", "line 2, column 1: the same name stands before it in this mapping"),
            ("a: *x\n", "line 1, column 4: an alias of nothing that stands complete before it"),
            ("a: &x [*x]\n", "line 1, column 8: an alias of nothing that stands complete before it"),
            ("? [a]\n: b\n", "line 1, column 3: a name is a single value"),
            ("<<: 5\n", "line 1, column 5: << takes a mapping, or several in a sequence"),
            ("<<: [[]]\n", "line 1, column 5: << takes a mapping, or several in a sequence"),
            ("a: !!binary aGk=\n", "line 1, column 4: !!binary is not taken"),
            ("a: [secret\n", "line 2, column 1: did not find expected ',' or ']'"),
            ("a: secret: x\n", "line 1, column 10: mapping values are not allowed in this context"),
            ("\tx: 1\n", "line 1, column 1: found character that cannot start any token"),
            ("a: 'secret\n", "line 2, column 1: found unexpected end of stream"),
        ]
    )
    func refusals(_ text: String, _ reason: String) {
        #expect(problem(Array(text.utf8)) == reason)
    }

    @Test("bytes that are no characters are refused where they stand")
    func characters() {
        #expect(problem(Array("a: b\nc: ".utf8) + [0xFF]) == "line 2, column 4: invalid leading UTF-8 octet")
        #expect(problem(Array("a: ".utf8) + [0]) == "line 1, column 4: control characters are not allowed")
    }

    @Test(
        "what stands behind the first document is not read, and where it begins is told",
        arguments: [
            ("a: 1\n---\nb: 2\n", YAMLPlace(line: 2, column: 1)), ("a: 1\n...\n", nil),
            ("---\n---\n", YAMLPlace(line: 2, column: 1)),
            ("--- a\n...\n%!\n", YAMLPlace(line: 3, column: 2)),
        ]
    )
    func others(_ text: String, _ place: YAMLPlace?) throws {
        #expect(try YAMLDocument.read(Array(text.utf8)).rest == place)
    }

    @Test("every value knows where it begins, and an alias where it stands")
    func places() throws {
        let document = try YAMLDocument.read(Array("a:\n  - &x p\n  - *x\n".utf8))
        guard case .mapping(let mapping) = document.root?.content, case .sequence(let nodes) = mapping["a"]?.content
        else {
            Issue.record("there is a sequence")
            return
        }
        #expect(mapping.entries.first?.place == YAMLPlace(line: 1, column: 1))
        #expect(nodes.map(\.place) == [YAMLPlace(line: 2, column: 5), YAMLPlace(line: 3, column: 5)])
        #expect(mapping["b"]?.place == nil)
        #expect(document.root?.isNull == false)
    }
}
