extension Machine {
    /// What is found on a machine: nothing is loaded, run or changed, only files are read.
    ///
    /// - Parameter question: what it is looked at for.
    /// - Returns: findings in the order of ``Check``.
    package func findings(_ question: HostQuestion = HostQuestion()) -> [Finding] {
        let host = Host(self, question)
        let findings =
            host.boardFindings + host.driverFindings + host.libraryFindings + host.memoryFindings
            + host.clockFindings + host.thermalFindings + [host.portFinding]
        return findings.map(redaction.applied)
    }
}
