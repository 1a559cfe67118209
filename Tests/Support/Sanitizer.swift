internal import CSanitizer

/// Whether AddressSanitizer or ThreadSanitizer watches the tests, which take memory and time of their own.
package let hasSanitizer = cs_is_used() != 0
