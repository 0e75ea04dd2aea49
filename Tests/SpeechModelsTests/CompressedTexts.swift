/// Texts and how many bytes Python's zlib makes of them; printed by ModelPrep/whisper/golden_sizes.py.
struct CompressedText: Sendable {
    var text: String
    var size: Int

    static let all = [
        CompressedText(
            text: "",
            size: 8
        ),
        CompressedText(
            text: "a",
            size: 9
        ),
        CompressedText(
            text: "la la la la la la la la la la la la",
            size: 13
        ),
        CompressedText(
            text: "Thank you. Thank you. Thank you. Thank you. Thank you. Thank you. Thank you. Tha"
                + "nk you. Thank you. Thank you. Thank you. Thank you. Thank you. Thank you. Thank "
                + "you. Thank you. Thank you. Thank you. Thank you. Thank you. Thank you. Thank you"
                + ". Thank you. Thank you. Thank you. Thank you. Thank you. Thank you. Thank you. T"
                + "hank you. ",
            size: 24
        ),
        CompressedText(
            text: "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better.",
            size: 59
        ),
        CompressedText(
            text: "It was the best of times, it was the worst of times, it was the age of wisdom, i"
                + "t was the age of foolishness, it was the epoch of belief, it was the epoch of in"
                + "credulity, it was the season of Light, it was the season of Darkness.",
            size: 107
        ),
        CompressedText(
            text: "你好世界。今天天气很好，我们去公园散步吧。",
            size: 74
        ),
        CompressedText(
            text: "oito, oito, oito, oito, oito, oito, oito, oito, oito, oito, oito, oito, oito, oi"
                + "to, oito, oito, oito, oito, oito, oito, oito, oito, oito, oito, oito, oito, oito"
                + ", oito, oito, oito, oito, oito, oito, oito, oito, oito, ",
            size: 17
        ),
        CompressedText(
            text: "The quick brown fox jumps over the lazy dog. The quick brown fox jumps over the "
                + "lazy dog. The quick brown fox sleeps.",
            size: 62
        ),
        CompressedText(
            text: "!5W-k]]k-W5!u#9]5uik!?kK95?W#W?59Kk?!kiu5]9#u!5W-k]]k-W5!u#9]5uik!?kK95?W#W?59Kk"
                + "?!kiu5]9#u!5W-k]]k-W5!u#9]5uik!?kK95?W#W?59Kk?!kiu5]9#u!5W-k]]k-W5!u#9]5uik!?kK9"
                + "5?W#W?59Kk?!kiu5]9#u!5W-k]]k-W5!u#9]5uik!?kK95?W#W?59Kk?!kiu5]9#u!5W-k]]k-W5!u#9"
                + "]5uik!?kK95?W#W?59Kk?!kiu5]9#u!5W-k]]k-W5!u#9]5uik!?kK95?W#W?59Kk?!kiu5]9#u!5W-k"
                + "]]k-W5!u#9]5uik!?kK95?W#W?59Kk?!kiu5]9#u!5W-k]]k-W5!u#9]5uik!?kK95?W#W?59Kk?!kiu"
                + "5]9#u!5W-k]]k-W5!u#9]5uik!?kK95?W#W?59Kk?!kiu5]9#u!5W-k]]k-W5!u#9]5uik!?kK95?W#W"
                + "?59Kk?!kiu5]9#u!5W-k]]k-W5!u#9]5uik!?kK95?W#W?59Kk?!kiu5]9#u!5W-k]]k-W5!u#9]5uik"
                + "!?kK95?W#W?59Kk?!kiu5]9#u!5W-k]]k-W5!u#9]5uik!?kK95?W#W?59Kk?!kiu5]9#u!5W-k]]k-W"
                + "5!u#9]5uik!?kK95?W#W?59Kk?!kiu5]9#u!5W-k]]k-W5!u#9]5uik!?kK9",
            size: 61
        ),
        CompressedText(
            text: "hahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahaha"
                + "hahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahaha"
                + "hahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahaha"
                + "hahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahaha"
                + "hahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahaha"
                + "hahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahaha"
                + "hahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahaha"
                + "hahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahaha"
                + "hahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahaha"
                + "hahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahahaha",
            size: 17
        ),
    ]
}
