// Appended to Package.swift: leaves what the tests of the runtimes need, because the packages of the server take longer
// to build than all of that, and links the C files of `support` into the tests.
let kept = reachable(from: ["InferenceTests", "RuntimesTests", "RKNNSimulator", "RKLLMSimulator", "EspeakProcess"])
package.targets.removeAll { !kept.targets.contains($0.name) }
package.products.removeAll { !["rknnrt-sim", "rkllmrt-sim", "rkvoice-espeak"].contains($0.name) }
package.dependencies.removeAll { dependency in
    guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
    return !kept.packages.contains { location.hasSuffix("/" + $0) }
}
package.targets.append(
    .target(name: "SanitizerSupport", path: "support", publicHeadersPath: ".", linkerSettings: [.linkedLibrary("dl")])
)
for target in package.targets where target.isTest { target.dependencies.append("SanitizerSupport") }

@MainActor
func reachable(from roots: [String]) -> (targets: Set<String>, packages: Set<String>) {
    var targets: Set<String> = []
    var packages: Set<String> = []
    var open = roots
    while let name = open.popLast() {
        guard targets.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else {
            continue
        }
        for dependency in target.dependencies {
            switch dependency {
            case .byNameItem(let name, _), .targetItem(let name, _): open.append(name)
            case .productItem(_, let package?, _, _): packages.insert(package)
            default: break
            }
        }
    }
    return (targets, packages)
}
