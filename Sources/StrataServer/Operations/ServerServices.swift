#if Server
import NIOCore
import ServiceLifecycle

/// Looks for new files in a repository, again and again.
struct RepositoryPoller: Service {
    let repository: ModelRepository
    let interval: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: interval)
                if !Task.isCancelled { await repository.refresh() }
            }
        }
    }
}

/// Takes the server out of service as soon as it is to end.
struct DrainService: Service {
    let health: Health

    func run() async throws {
        try? await gracefulShutdown()
        health.drain()
    }
}

/// A service that listens at an address, with the cure for an address that it cannot have.
struct StartingService: Service {
    let service: any Service
    let host: String
    let port: Int

    private func unknown(_ detail: String) -> ServerStartError {
        ServerStartError(
            "the address \(host) is not known\(detail); use 127.0.0.1 for this machine alone, or 0.0.0.0 for all "
                + "its addresses")
    }

    func run() async throws {
        do {
            try await service.run()
        } catch let error as IOError {
            throw ServerStartError(error, host: host, port: port)
        } catch is SocketAddressError.UnknownHost {
            throw unknown("")
        } catch let error as SocketAddressError {
            throw unknown(" (\(error))")
        }
    }
}
#endif
