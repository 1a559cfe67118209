#pragma once

// Whether AddressSanitizer or ThreadSanitizer watches the process.
int cs_is_used(void);
