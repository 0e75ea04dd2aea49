import Foundation
import SpeechSignal
import Testing

@Suite("Normalization comes from a graph's metadata or from an am.mvn")
struct CMVNTests {
    private static let network = """
        <Nnet>
        <Splice> 3 3
        [ 0 ]
        <AddShift> 3 3
        <LearnRateCoef> 0 [ -8.311879 -8.600912 1e-3 ]
        <Rescale> 3 3
        <LearnRateCoef> 0 [ 0.155775 0.154484 2 ]
        </Nnet>
        """

    @Test("(x + shift) · scale, row by row")
    func apply() throws {
        let cmvn = try CMVN(negMean: "-1, -2.5,1e1", invStddev: "2,0.5,-1")
        var rows: [Float] = [1, 2.5, -10, 3, 4.5, 0]
        cmvn.apply(to: &rows)
        #expect(rows == [0, 0, 0, 4, 1, -10])
        #expect(cmvn.width == 3)
    }

    @Test("an am.mvn is read", arguments: ["\n", "\r\n", " "])
    func network(newline: String) throws {
        let cmvn = try CMVN(kaldiNnet: Self.network.split(separator: "\n").joined(separator: newline))
        #expect(cmvn.shift == [-8.311879, -8.600912, 0.001])
        #expect(cmvn.scale == [0.155775, 0.154484, 2])
    }

    @Test(
        "a damaged am.mvn is told",
        arguments: [
            ("<AddShift>", "<AddShifts>", "no <AddShift>"),
            ("<Rescale> 3 3\n<LearnRateCoef> 0 [ 0.155775 0.154484 2 ]\n", "", "no <Rescale>"),
            ("1e-3 ]", "1e-3", "no vector"),
            ("[ 0.155775", "0.155775", "no vector"),
            ("8.600912", "8.6oo912", "no number"),
            ("0.154484", "nan", "no number"),
            ("0.154484", "1e99", "no number"),
            ("<Rescale> 3 3", "<Rescale> 3 4", "has 3 numbers"),
            ("<Rescale> 3 3", "<Rescale>", "has 3 numbers"),
            ("0.154484 ", "", "has 2 numbers"),
            ("]\n</Nnet>", "", "no vector"),
        ]
    )
    func damagedNetwork(part: String, replacement: String, words: String) throws {
        let start = try #require(Self.network.range(of: part))
        let text = Self.network.replacingCharacters(in: start, with: replacement)
        let error = try #require(throws: KaldiFrontEndError.self) { try CMVN(kaldiNnet: text) }
        #expect(error.code == .badStatistics)
        #expect(error.message.contains(words), "\(error)")
    }

    @Test("a text of megabytes, an empty one and one of brackets are refused")
    func hostileNetwork() {
        for text in ["", "]", "[", "<AddShift> ] [ <Rescale>", "<AddShift> 0 0 [ ] <Rescale> 0 0 [ ]"]
            + [String(repeating: "[ 1 ", count: 300_000), String(repeating: "<AddShift> ", count: 90_000)]
        {
            #expect(throws: KaldiFrontEndError.self) { try CMVN(kaldiNnet: text) }
        }
    }

    @Test(
        "damaged metadata is told",
        arguments: [
            ("", ""), ("1,2", "1"), ("1,x", "1,2"), ("1,inf", "1,2"), ("1 2", "1,2"), ("1,2", "1,nan"),
        ]
    )
    func damagedMetadata(negMean: String, invStddev: String) {
        #expect(throws: KaldiFrontEndError.self) { try CMVN(negMean: negMean, invStddev: invStddev) }
    }

    @Test("numbers of another width than the features, or none, are refused")
    func width() throws {
        let three = try CMVN(kaldiNnet: Self.network)
        for statistics in [three, nil] {
            let error = try #require(throws: KaldiFrontEndError.self) {
                try KaldiFrontEnd(.offline, statistics: statistics)
            }
            #expect(error.code == .badStatistics)
        }
    }
}
