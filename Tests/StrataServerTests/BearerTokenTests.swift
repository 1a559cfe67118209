#if Server
import StrataServer
import Testing

@Suite struct BearerTokenTests {
    private let token = BearerToken("s3cret")

    // RFC 6750 section 2.1, RFC 9110 section 11.1: the scheme is case-insensitive.
    @Test(arguments: ["Bearer s3cret", "bearer s3cret", "BEARER s3cret", "Bearer  s3cret"])
    func theTokenIsAdmitted(_ header: String) {
        #expect(token.admits(header))
    }

    @Test(arguments: [
        nil, "", "Bearer", "Bearer ", "s3cret", "Basic s3cret", "Bearers3cret", "Bearer s3cre",
        "Bearer s3crets3cret", "Bearer s3creT", "Bearer s3cret ", "Bearer \u{0}s3cret",
    ])
    func anythingElseIsNot(_ header: String?) {
        #expect(!token.admits(header))
    }

    @Test func anEmptyTokenAdmitsNobody() {
        #expect(!BearerToken("").admits("Bearer "))
    }
}
#endif
