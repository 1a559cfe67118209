/// What a user should know though nothing has failed: one line on standard error.
package func warn(_ text: String) {
    Console.writeError("warning: \(text)\n")
}
