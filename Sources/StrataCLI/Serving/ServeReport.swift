#if Server
import Strata
import StrataServer

/// What is said when clients can connect.
struct ServeReport {
    let text: String

    init(_ server: InferenceServer, _ listening: InferenceServer.Listening) {
        let settings = server.settings
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        let scheme = settings.tls == nil ? "http" : "https"
        let grpc = listening.grpcPort.map { ", gRPC at \(host):\($0)" } ?? ""
        let count = threadCount()
        let threads = "\(count) thread\(count == 1 ? "" : "s")"
        let models = server.repository.names.map { name in
            let versions = ((try? server.repository.versions(of: name)) ?? []).map(\.version)
            return "  \(name) "
                + (versions.isEmpty
                    ? "is not loaded, see above"
                    : "version\(versions.count == 1 ? "" : "s") \(versions.joined(separator: ", "))")
                + "\n"
        }
        text =
            "Serving at \(scheme)://\(host):\(listening.port)\(grpc), \(threads)\n"
            + models.joined()
    }
}
#endif
