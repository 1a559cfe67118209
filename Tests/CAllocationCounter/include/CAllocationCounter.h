// Counts what a whole process allocates while it is asked to, and refuses memory. With a sanitizer nothing is allocated
// as far as these functions know.
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

// Refuses the calling thread's request of this number, from 0 and from now on, for memory of tensors: what is aligned
// or mapped. With `stays`, all after it too; nothing with -1.
void ac_refuse(long request, int stays);
// The requests since then.
long ac_requests(void);

// From now on threads do not reserve 64 MiB of address space each, which glibc's malloc does for a thread that finds
// another in it; how many do is chance.
void ac_share_arena(void);
