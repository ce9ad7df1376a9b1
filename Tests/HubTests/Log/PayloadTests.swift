import Testing

@testable import Hub

@Suite("The samples of a row")
struct PayloadTests {
    private static func text(_ samples: [SamplePayload.Sample], time: Int64 = 100) -> String {
        var payload = SamplePayload(time: time, count: samples.count)
        for sample in samples { payload.append(sample) }
        payload.end()
        return String(decoding: payload.bytes, as: UTF8.self)
    }

    @Test(
        "are short JSON",
        arguments: [
            ([], "[]"),
            ([(1, 45.2, 100)], "[[1,45.2]]"),
            ([(12, 3, 100), (13, -0.0, 99), (14, 1e300, 101)], "[[12,3],[13,-0.0,-1],[14,1e+300,1]]"),
            ([(1, .nan, 100), (2, .infinity, 100), (3, -.infinity, 100)], #"[[1,"NaN"],[2,"Inf"],[3,"-Inf"]]"#),
            ([(.max, 9_007_199_254_740_992, 100)], "[[9223372036854775807,9007199254740992.0]]"),
        ] as [([(Int64, Double, Int64)], String)]
    )
    func written(samples: [(Int64, Double, Int64)], text: String) {
        let samples = samples.map { SamplePayload.Sample(series: $0.0, value: $0.1, time: $0.2) }
        #expect(Self.text(samples) == text)
        let read = SamplePayload.decode(Array(text.utf8), time: 100)
        #expect(read?.map(\.value.bitPattern) == samples.map(\.value.bitPattern))
        #expect(read?.map(\.series) == samples.map(\.series))
        #expect(read?.map(\.time) == samples.map(\.time))
    }

    @Test("are exact, whatever the number")
    func exact() {
        var generator = SeededNumbers(seed: 7)
        for _ in 0..<20_000 {
            let bits = UInt64.random(in: 0 ... .max, using: &generator)
            let value = [
                Double(bitPattern: bits), Double(bits % 100_000_000) / 1000,
                Double(Int64(truncatingIfNeeded: bits) >> 20),
            ]
            for value in value where !value.isNaN {
                let sample = SamplePayload.Sample(series: 1, value: value, time: Int64(truncatingIfNeeded: bits))
                let read = SamplePayload.decode(Array(Self.text([sample]).utf8), time: 100)
                #expect(read?.first?.value.bitPattern == value.bitPattern)
                #expect(read?.first?.time == sample.time)
            }
        }
    }

    @Test(
        "that are anything else are not read",
        arguments: [
            "", "[", "]", "[[", "[[]]", "[[1]]", "[[1,]]", "[[1,2]", "[[1,2]]]", "[[1,2],]", "[[1,2,3,4]]", "[[1,2,]]",
            "[[,2]]",
            "[[1,x]]", "[[1,1.2.3]]", "[[1,\"No\"]]", "[[1,\"NaN]]", "[[99999999999999999999,1]]", "[[1,2,-]]", "{}",
            "null", "[[1,-]]",
            "[[1,2]] ", "[ [1,2]]",
        ]
    )
    func damaged(text: String) {
        #expect(SamplePayload.decode(Array(text.utf8), time: 0) == nil)
    }
}

/// The same numbers every time (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
