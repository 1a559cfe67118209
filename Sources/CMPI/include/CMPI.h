// What StrataMPI needs of MPI and of the system, as plain functions. Without the trait MPI there are none of them.
#ifndef STRATA_CMPI_H
#define STRATA_CMPI_H

#include <stddef.h>
#include <stdint.h>

// Collective calls of MPI: each returns 0, or an error code of MPI. Those that a lane takes must be made in the same
// order by all ranks on that lane.
enum {
    STRATA_MPI_LANE_SUM = 0,
    STRATA_MPI_LANE_COLLECT = 1,
    STRATA_MPI_LANE_MESSAGE = 2,
    STRATA_MPI_LANES = 3,
};

typedef struct strata_mpi_request strata_mpi_request;

// Initialises MPI for calls by one thread at a time, and makes the lanes.
int strata_mpi_start(void);
int strata_mpi_finalize(void);
int strata_mpi_rank(void);
int strata_mpi_rank_count(void);
void strata_mpi_error_text(int code, char *text, int size);

// NULL where there is no memory.
strata_mpi_request *strata_mpi_make_request(void);
void strata_mpi_free_request(strata_mpi_request *request);

// Whether what was started is done.
int strata_mpi_test(strata_mpi_request *request, int *is_done);

int strata_mpi_start_sum(strata_mpi_request *request, float *values, int count);

// Elements of `size` bytes (2 or 4), from and to places in elements.
int strata_mpi_start_exchange(strata_mpi_request *request, const void *sent, const int *sent_counts,
                              const int *sent_places, void *received, const int *received_counts,
                              const int *received_places, int size);

// In place: a rank's own elements stand at its place already. `size` is 1, 2 or 4.
int strata_mpi_start_collect(strata_mpi_request *request, int lane, void *values, const int *counts,
                             const int *places, int size);

int strata_mpi_start_broadcast(strata_mpi_request *request, void *bytes, int count);

// The sums of `ranks` rows of `count` values each, in the order of the rows and in float32; bfloat16 is rounded once, to
// the nearest even.
void strata_mpi_add_rows(const float *rows, int ranks, size_t count, float *sums);
void strata_mpi_add_bfloat16_rows(const uint16_t *rows, int ranks, size_t count, uint16_t *sums);

// The addresses of this host's interfaces, separated by commas, without loopback and those of one link.
void strata_mpi_addresses(char *text, size_t size);

// A socket that listens on all interfaces, or -1.
int strata_mpi_listen(int *port);

// A connected socket that does not block, or -1.
int strata_mpi_connect(const char *address, int port, int milliseconds);

// A connected socket that does not block, or -1.
int strata_mpi_accept(int listener);

// The next bytes: how many, 0 where there are none yet, -1 where the connection is closed.
int strata_mpi_receive(int socket, void *bytes, int count);
void strata_mpi_send(int socket, const void *bytes, int count);

// Waits until one of the sockets has something, or the time is over.
void strata_mpi_poll(const int *sockets, int count, int milliseconds);

int64_t strata_mpi_milliseconds(void);
uint64_t strata_mpi_random(void);

// The cores that the process may use, ascending: how many, at most `capacity`.
int strata_mpi_cores(int *cores, int capacity);
int strata_mpi_host_core_count(void);
void strata_mpi_host_name(char *text, size_t size);

// Starts a thread that takes no signals; 0 if it was started.
int strata_mpi_start_thread(void (*body)(void *), void *data);

// Calls `body` with the exit status when the process ends by exit().
void strata_mpi_at_exit(void (*body)(int status));

// SIGTERM ends the process half a second later than it would, or once `strata_mpi_settle` was called, so that a thread
// can still say why another rank has died; mpirun sends it to all as soon as one has. Nothing where the program has a
// handler of its own.
void strata_mpi_delay_termination(void);
void strata_mpi_settle(void);

// For how many milliseconds SIGTERM has been waiting; -1 without one.
int64_t strata_mpi_terminating_for(void);

#endif
