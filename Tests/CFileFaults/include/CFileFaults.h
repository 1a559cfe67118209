// Makes calls of the file system fail, for the thread that asks for it and the files below a folder. With a sanitizer,
// which stands before the C library itself, it makes none fail.
#pragma once

// Makes one call fail, counted from 1, and all that follow it if `stays`. The calls are open, read,
// write, fsync, close, rename, link, mkdir and truncate. An `error` of 0 fails none, but makes reads
// and writes shorter than asked for.
void cf_arm(const char *folder, long call, int error, int stays);

// Ends that. Returns the number of calls since.
long cf_disarm(void);
