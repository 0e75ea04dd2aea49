import Foundation

/// The environment of this process. The only place that reads it.
package enum ProcessEnvironment {
    /// Every variable.
    package static var variables: [String: String] { ProcessInfo.processInfo.environment }
}
