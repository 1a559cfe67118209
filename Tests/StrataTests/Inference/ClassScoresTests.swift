import Strata
import Testing

@Suite struct ClassScoresTests {
    @Test(arguments: [[Float.nan], [0.5, .nan], [.nan, 0.5, 0.5]])
    func `scores that are NaN are an error with the picture's name`(scores: [Float]) {
        #expect {
            try ClassScores.probabilities(scores[...], of: "boot.png")
        } throws: {
            "\($0)".hasPrefix("the scores of boot.png are NaN")
        }
    }

    @Test(
        arguments: [
            ([0.25], [0.75, 0.25]), ([0.25, 0.75], [0.25, 0.75]),
            ([2, 2, 2, 2], [0.25, 0.25, 0.25, 0.25]),
        ] as [([Float], [Float])])
    func `scores become probabilities`(scores: [Float], probabilities: [Float]) throws {
        #expect(try ClassScores.probabilities(scores[...], of: "boot.png") == probabilities)
    }
}
