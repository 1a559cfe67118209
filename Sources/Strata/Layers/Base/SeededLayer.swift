/// A layer whose random values follow from a seed.
protocol SeededLayer: Layer {
    var stream: UInt64 { get set }
}
