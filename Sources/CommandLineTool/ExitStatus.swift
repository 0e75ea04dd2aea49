import ArgumentParser
import ModelStore

/// How the program ends, after sysexits(3).
///
/// | status | name            | meaning                                                                        |
/// |-------:|-----------------|--------------------------------------------------------------------------------|
/// |      0 | `success`       | done                                                                           |
/// |     64 | `usage`         | wrong arguments, an id that is in no catalog                                   |
/// |     65 | `badData`       | corrupt, truncated or hostile data, wrong hash, damaged model                  |
/// |     66 | `noInput`       | a file that was named is not there, a model is not installed                   |
/// |     69 | `unavailable`   | no network, a program or library is missing, the index has no such release     |
/// |     70 | `software`      | a fault of this program                                                        |
/// |     73 | `cannotCreate`  | an output file or directory cannot be created                                  |
/// |     74 | `inputOutput`   | reading or writing failed, the disk is full                                    |
/// |     75 | `temporary`     | another process holds the lock: try again later                                |
/// |    130 | `interrupted`   | Ctrl-C or SIGTERM                                                              |
/// |    141 | `readerGone`    | the program that was reading the output went away                              |
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case software = 70
    case cannotCreate = 73
    case inputOutput = 74
    case temporary = 75
    case interrupted = 130
    case readerGone = 141

    init(_ code: StoreError.Code) {
        switch code {
        case .unknownModel, .invalidRequest: self = .usage
        case .badData: self = .badData
        case .notFound: self = .noInput
        case .unavailable: self = .unavailable
        case .cannotCreate: self = .cannotCreate
        case .inputOutput: self = .inputOutput
        case .locked: self = .temporary
        case .cancelled: self = .interrupted
        }
    }

    /// Ends a command with this status after the message has been printed.
    var exitCode: ExitCode { ExitCode(rawValue) }
}
