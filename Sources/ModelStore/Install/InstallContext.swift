/// What every step of one installation needs.
struct InstallContext: Sendable {
    let home: StoreHome
    let options: StoreOptions
    let cancellation: Cancellation
    let meter: ProgressMeter
    /// The installation's own directory; removed at its end, and swept by a later one if the process is killed.
    let work: String

    /// Where children may put temporary files.
    var temporary: String { work + "/tmp" }
    /// Where a child's output goes.
    var log: String { work + "/log.txt" }

    /// The user's environment, with temporary files and caches directed into the home.
    ///
    /// `PIP_TARGET` and its kin would send packages elsewhere; Python's own variables could load foreign code.
    var childEnvironment: [String: String] {
        let dropped = ["PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER"]
        var environment = options.environment.filter { !dropped.contains($0.key) }
        environment["TMPDIR"] = temporary
        environment["PIP_CACHE_DIR"] = home.downloads + "/pip-cache"
        environment["PIP_NO_CACHE_DIR"] = "1"
        environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        environment["PIP_NO_INPUT"] = "1"
        environment["PIP_PROGRESS_BAR"] = "off"
        // pip asks `rustc --version` for its user agent, and rustup's rustc then writes to the user's home.
        environment["RUSTUP_HOME"] = temporary
        environment["PYTHONNOUSERSITE"] = "1"
        environment["PYTHONIOENCODING"] = "utf-8"
        environment["PYTHONUNBUFFERED"] = "1"
        return environment
    }

    /// Runs a child inside the work directory and returns its exit status.
    func run(
        _ executable: String,
        _ arguments: [String],
        onTick: () -> Void = {}
    ) throws(StoreError) -> Int32 {
        try Disk.makeDirectory(temporary)
        let child = ChildProcess(
            executable: executable,
            arguments: arguments,
            environment: childEnvironment,
            directory: work,
            log: log
        )
        return try child.run(cancellation: cancellation, onTick: onTick)
    }

    /// Takes a lock and says so when it has to wait.
    func lock(_ name: String) throws(StoreError) -> StoreLock {
        try StoreLock.acquire(name, in: home, timeout: options.lockTimeout, cancellation: cancellation) {
            meter.begin(.waiting, "another process is working on '\(name)'; waiting for it")
        }
    }
}
