import HTTPTypes
import Hummingbird
import VoiceConfiguration

/// Says in every answer that a simulator stands in for the NPU: no figure of such a server is a board's.
struct SimulationMark: RouterMiddleware {
    let configuration: LiveConfiguration

    func handle(
        _ request: Request,
        context: TransportContext,
        next: (Request, TransportContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.simulated] = configuration.current.runtime.npu.simulated?.rawValue
        return response
    }
}
