import Foundation
import NIOCore

/// Why a server cannot start.
package enum TransportError: Error, Hashable, CustomStringConvertible {
    /// Another program listens there.
    case addressInUse(host: String, port: Int)
    /// The system does not let this user listen there.
    case notPermitted(host: String, port: Int)
    /// This machine does not have the address, or the name has none.
    case noSuchAddress(host: String, port: Int)
    /// Any other reason not to listen.
    case cannotListen(host: String, port: Int, reason: String)
    /// A certificate or key cannot be used: the file, and what is wrong.
    case unusableTLS(path: String, reason: String)

    package var description: String {
        switch self {
        case .addressInUse(let host, let port): "port \(port) of \(host) is in use by another program"
        case .notPermitted(let host, let port): "no permission to listen on port \(port) of \(host)"
        case .noSuchAddress(let host, let port): "cannot listen on \(host) (port \(port)): no such address here"
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host) port \(port): \(reason)"
        case .unusableTLS(let path, let reason): "\(path): \(reason)"
        }
    }

    init(listening error: any Error, host: String, port: Int) {
        switch error {
        case let error as IOError where error.errnoCode == EADDRINUSE: self = .addressInUse(host: host, port: port)
        case let error as IOError where error.errnoCode == EACCES: self = .notPermitted(host: host, port: port)
        case let error as IOError where error.errnoCode == EADDRNOTAVAIL: self = .noSuchAddress(host: host, port: port)
        case is SocketAddressError, is SocketAddressError.UnknownHost: self = .noSuchAddress(host: host, port: port)
        default: self = .cannotListen(host: host, port: port, reason: "\(error)")
        }
    }
}
