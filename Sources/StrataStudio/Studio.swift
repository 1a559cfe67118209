#if Server
public import Hummingbird
import Strata
public import StrataServer

/// The page's API: pictures, predictions, what happens inside a model, runs, and training.
///
/// ```swift
/// import StrataServer
/// import StrataStudio
///
/// let repository = try ModelRepository(folder: "models")
/// let studio = Studio(repository)
/// try await InferenceServer(repository, routes: [PageFiles(), studio]).run()
/// ```
public struct Studio: RouteGroup {
    /// What can be set of the page's API.
    public struct Settings: Sendable {
        /// The address that the server listens at.
        public var host = "127.0.0.1"
        /// Whether models may be trained; at the loopback address only.
        public var allowsTraining = false
        /// The folder of run folders.
        public var runs = "runs"
        /// The most pixels of a picture, width × height.
        public var maxPixels = 50_000_000

        public init() {}
    }

    let settings: Settings
    let pictures = PictureStore()
    let datasets = DatasetStore()
    let runs: RunStore
    let models: ModelStore
    let training: TrainingSession

    public init(_ repository: ModelRepository, settings: Settings = Settings()) {
        self.settings = settings
        runs = RunStore(parent: settings.runs)
        models = ModelStore(repository, runs: runs)
        training = TrainingSession(models: models, runs: runs)
    }

    /// Whether models may be trained here.
    var trains: Bool { settings.allowsTraining && HostCheck.isLoopback(settings.host) }

    public func addRoutes(to router: Router<ServerRequestContext>) {
        let api = router.group("api").add(middleware: RequestGuard())
        api.get("status") { _, _ in
            Answer.json([
                "strata": .string(strataVersion), "studio": .bool(trains),
                "runs": .bool(runs.exists),
            ])
        }
        addPictureRoutes(to: api)
        addModelRoutes(to: api)
        addLookRoutes(to: api)
        addRunRoutes(to: api)
        addTrainingRoutes(to: api)
    }
}
#endif
