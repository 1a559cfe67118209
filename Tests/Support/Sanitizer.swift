internal import CFileFaults

/// Whether AddressSanitizer or ThreadSanitizer watches the tests, which take memory and time of their own.
package let hasSanitizer = cf_is_available() == 0
