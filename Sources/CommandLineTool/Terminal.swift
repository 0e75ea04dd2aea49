import Foundation
import Glibc

/// Standard output for results, standard error for everything else.
enum Terminal {
    /// True when standard error is a terminal that can move its cursor.
    static let isInteractive = isatty(2) == 1

    /// A result line.
    /// - Throws: ``CommandError`` when the reader is gone or the disk is full: a result that is lost must not pass for
    ///   success.
    static func result(_ line: String, terminator: String = "\n") throws {
        try FileHandle.standardOutput.writeAll(Array((line + terminator).utf8))
    }

    /// A line for people, on standard error.
    static func note(_ line: String) {
        write(line + "\n", to: FileHandle.standardError)
    }

    /// `error: …` on standard error, in one line.
    static func error(_ message: String) {
        note("error: " + message.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    /// Text without a line end on standard error, for displays that are drawn over.
    static func draw(_ text: String) {
        write(text, to: FileHandle.standardError)
    }

    /// Columns of the terminal; 80 when it does not say.
    static var columns: Int {
        var size = winsize()
        guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// A reader that has gone away is no reason for a trace: the error is dropped.
    private static func write(_ text: String, to file: FileHandle) {
        try? file.write(contentsOf: Data(text.utf8))
    }
}
