#if Server
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Strata
import StrataServer
import Testing

@testable import StrataStudio

/// Pages from elsewhere and names of files that lead out of the folder of runs.
@Suite struct SecurityTests {
    @Test(arguments: [
        ("Origin", "http://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ]) func pagesFromElsewhereAreRefused(_ name: String, _ value: String) async throws {
        try await StudioClient.with { studio in
            let field = try #require(HTTPField.Name(name))
            try await studio.get("/api/status", status: .forbidden, headers: [field: value])
        }
    }

    @Test func thePageItselfIsNotRefused() async throws {
        try await StudioClient.with { studio in
            let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
            let answer = try await studio.get(
                "/api/status", headers: [.origin: "http://localhost", site: "same-origin"])
            #expect(answer["studio"] == false)
        }
    }

    @Test(arguments: [
        "/api/pictures", "/api/models/x/predict", "/api/train/start", "/api/train/stop",
    ]) func changesNeedAHeaderThatPagesFromElsewhereCannotSend(_ path: String) async throws {
        var settings = Studio.Settings()
        settings.allowsTraining = true
        try await StudioClient.with(settings: settings) { studio in
            let answer = try await studio.send(
                path, .post, ByteBuffer(string: "{}"), headers: [.contentType: "application/json"],
                status: .forbidden)
            #expect(answer["error"]?.string?.contains("X-Strata") == true)
        }
    }

    @Test func trainingIsOffUnlessAskedForAndAtThisMachine() async throws {
        var elsewhere = Studio.Settings()
        elsewhere.allowsTraining = true
        elsewhere.host = "0.0.0.0"
        for settings in [Studio.Settings(), elsewhere] {
            try await StudioClient.with(settings: settings) { studio in
                try await studio.get("/api/train/options", status: .forbidden)
                let answer = try await studio.post("/api/train/start", [:], status: .forbidden)
                #expect(answer["error"]?.string?.contains("--studio") == true)
            }
        }
    }

    @Test(arguments: [
        "..", "%2e%2e", "..%2Fother", "%2Fetc", ".hidden", "linked", "a%00b", "%5C..",
    ]) func namesOfRunsStayInTheirFolder(_ name: String) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "strata-runs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["runs/real", "other", "runs/.hidden"] {
            let run = folder.appending(path: name)
            try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
            try Data("{}".utf8).write(to: run.appending(path: "settings.json"))
        }
        try Data("{}".utf8).write(to: folder.appending(path: "settings.json"))
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "runs/linked"),
            withDestinationURL: folder.appending(path: "other"))
        var settings = Studio.Settings()
        settings.runs = folder.appending(path: "runs").path
        try await StudioClient.with(settings: settings) { studio in
            try await studio.get("/api/runs/real")
            try await studio.get("/api/runs/\(name)", status: .notFound)
            try await studio.get("/api/runs/compare?run=\(name)", status: .notFound)
            try await studio.get("/api/models/run:\(name)", status: .notFound)
            try await studio.get("/api/runs/real/files/settings.json", status: .notFound)
            try await studio.get(
                "/api/runs/real/files/..%2F..%2Fsettings.json", status: .notFound)
        }
    }

    @Test func aTokenIsForTheApiAndNotForThePage() async throws {
        var settings = InferenceServer.Settings()
        settings.token = "secret"
        let repository = ModelRepository([:])
        let server = InferenceServer(
            repository, settings: settings, routes: [PageFiles(), Studio(repository)])
        try await Application(router: server.router()).test(.router) { client in
            for (path, status) in [("/", 200), ("/app.js", 200), ("/api/status", 401)] {
                try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status.code == status, "\(path)")
                }
            }
            try await client.execute(
                uri: "/api/status", method: .get, headers: [.authorization: "Bearer secret"]
            ) { #expect($0.status == .ok) }
        }
    }

    @Test func thePagesFilesLoadNothingFromElsewhere() async throws {
        try await StudioClient.with { studio in
            let tag = try await studio.client.execute(uri: "/", method: .get) { response in
                let policy = response.headers[.contentSecurityPolicy] ?? ""
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self';"))
                #expect(response.headers[.xContentTypeOptions] == "nosniff")
                #expect(response.headers[.cacheControl] == "no-cache")
                return try #require(response.headers[.eTag])
            }
            try await studio.client.execute(
                uri: "/", method: .get, headers: [.ifNoneMatch: tag]
            ) { response in
                #expect(response.status == .notModified)
                #expect(response.body.readableBytes == 0)
            }
        }
    }

    @Test func aBodyThatIsNoPictureIsSaidToBeNone() async throws {
        try await StudioClient.with { studio in
            var headers: HTTPFields = [.contentType: "image/png"]
            headers[try #require(HTTPField.Name("X-Strata"))] = "1"
            let answer = try await studio.send(
                "/api/pictures", .post, ByteBuffer(string: "GIF89a"), headers: headers,
                status: .badRequest)
            #expect(answer["error"]?.string?.contains("GIF") == true)
        }
    }
}
#endif
