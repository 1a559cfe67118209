#if Server
import Hummingbird
import Strata
@testable import StrataServer
import Testing

/// The description of the HTTP interface.
@Suite struct OpenAPITests {
    private let server = InferenceServer(ModelRepository([:]))

    @Test func `every route is described, and nothing else`() {
        // Labels are there for the cure in their errors alone.
        let routes = server.router().routes.filter { !$0.path.description.contains("{label}") }
        let served = routes.map { route in
            // The method of TensorFlow Serving stands behind the name, in the same component.
            let verb =
                route.path.description.hasPrefix("/v1") && route.method == .post ? ":predict" : ""
            return "\(route.method.rawValue.lowercased()) \(route.path)\(verb)"
        }
        let described = OpenAPIOperation.all.map { "\($0.method) \($0.path)" }
        #expect(Set(described) == Set(served))
        #expect(described.count == Set(described).count)
    }

    @Test func `the ids of operations differ`() {
        let ids = OpenAPIOperation.all.map(\.id)
        #expect(ids.count == Set(ids).count)
    }

    @Test func `the document is served, and what it refers to is there`() async throws {
        let answer = try await RESTServer([:]).get("/openapi.json")
        #expect(answer.status == 200)
        let document = try answer.json
        #expect(document["openapi"] == "3.1.0")
        var references: Set<String> = []
        collect(document, into: &references)
        #expect(references.count > 20)
        for reference in references {
            let steps = reference.split(separator: "/").dropFirst().map(String.init)
            #expect(steps.reduce(document as JSONValue?) { $0?[$1] } != nil, "\(reference)")
        }
    }

    private func collect(_ value: JSONValue, into references: inout Set<String>) {
        switch value {
        case .object(let members):
            if case .string(let reference)? = members["$ref"] { references.insert(reference) }
            for member in members.values { collect(member, into: &references) }
        case .array(let elements):
            for element in elements { collect(element, into: &references) }
        case .null, .bool, .integer, .number, .string: break
        }
    }
}
#endif
