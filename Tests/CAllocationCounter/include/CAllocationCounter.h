// Counts what a whole process allocates while it is asked to.
#pragma once

void ac_start(void);
// The number of allocations since ac_start.
long ac_stop(void);

// What the process has allocated and not freed.
long ac_bytes_in_use(void);

// The most that the calling thread held at once, from one call to the other, of what it allocated
// in between.
void ac_watch_thread(void);
long ac_thread_peak(void);
