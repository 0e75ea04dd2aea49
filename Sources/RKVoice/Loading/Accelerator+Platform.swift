import Inference
package import VoiceConfiguration

extension Accelerator {
    /// What a person should know of a profile on this machine.
    /// - Parameter configuration: with the platform that the profile names.
    /// - Returns: a sentence; nil when the profile is made for this machine.
    package func notice(on configuration: Configuration) -> String? {
        guard let platform = configuration.platform, board.id != platform.chip, !platform.isCoprocessor else {
            return nil
        }
        let chip = platform.chip
        guard board.hasNPU else {
            let simulates = SimulatedBoard(rawValue: chip) != nil ? "; --simulate \(chip) tries it on the CPU" : ""
            return
                "the profile is for \(chip), and this machine has no NPU: what it puts there cannot be loaded\(simulates)"
        }
        return
            "the profile is for \(chip), and this board is an \(board.name): graphs for the one do not run on the other"
    }
}
