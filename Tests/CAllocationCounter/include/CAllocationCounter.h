// Counts what a whole process allocates while it is asked to.
#pragma once

void ac_start(void);
// The number of allocations since ac_start.
long ac_stop(void);

// What the process has allocated and not freed.
long ac_bytes_in_use(void);
