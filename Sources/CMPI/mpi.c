#ifdef STRATA_MPI
#include "CMPI.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>

struct strata_mpi_request {
    MPI_Request request;
};

static MPI_Comm lanes[STRATA_MPI_LANES];

int strata_mpi_start(void) {
    int provided = 0, is_started = 0;
    MPI_Initialized(&is_started);
    if (!is_started) {
        int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
        if (code != MPI_SUCCESS) return code;
    }
    for (int i = 0; i < STRATA_MPI_LANES; i++) {
        int code = MPI_Comm_dup(MPI_COMM_WORLD, &lanes[i]);
        if (code == MPI_SUCCESS) code = MPI_Comm_set_errhandler(lanes[i], MPI_ERRORS_RETURN);
        if (code != MPI_SUCCESS) return code;
    }
    return MPI_SUCCESS;
}

int strata_mpi_finalize(void) {
    int is_finalized = 0;
    MPI_Finalized(&is_finalized);
    return is_finalized ? MPI_SUCCESS : MPI_Finalize();
}

int strata_mpi_rank(void) {
    int rank = 0;
    MPI_Comm_rank(lanes[0], &rank);
    return rank;
}

int strata_mpi_rank_count(void) {
    int count = 1;
    MPI_Comm_size(lanes[0], &count);
    return count;
}

void strata_mpi_error_text(int code, char *text, int size) {
    char all[MPI_MAX_ERROR_STRING + 1] = "";
    int length = 0;
    MPI_Error_string(code, all, &length);
    strncpy(text, all, (size_t)size - 1);
    text[size - 1] = 0;
}

strata_mpi_request *strata_mpi_make_request(void) {
    strata_mpi_request *request = malloc(sizeof *request);
    if (request) request->request = MPI_REQUEST_NULL;
    return request;
}

void strata_mpi_free_request(strata_mpi_request *request) { free(request); }

int strata_mpi_test(strata_mpi_request *request, int *is_done) {
    return MPI_Test(&request->request, is_done, MPI_STATUS_IGNORE);
}

static MPI_Datatype type_of(int size) {
    return size == 4 ? MPI_FLOAT : size == 2 ? MPI_UINT16_T : MPI_BYTE;
}

int strata_mpi_start_sum(strata_mpi_request *request, float *values, int count) {
    return MPI_Iallreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_SUM, lanes[STRATA_MPI_LANE_SUM],
                          &request->request);
}

int strata_mpi_start_exchange(strata_mpi_request *request, const void *sent, const int *sent_counts,
                              const int *sent_places, void *received, const int *received_counts,
                              const int *received_places, int size) {
    return MPI_Ialltoallv(sent, sent_counts, sent_places, type_of(size), received, received_counts,
                          received_places, type_of(size), lanes[STRATA_MPI_LANE_SUM], &request->request);
}

int strata_mpi_start_collect(strata_mpi_request *request, int lane, void *values, const int *counts,
                             const int *places, int size) {
    return MPI_Iallgatherv(MPI_IN_PLACE, 0, type_of(size), values, counts, places, type_of(size), lanes[lane],
                           &request->request);
}

int strata_mpi_start_broadcast(strata_mpi_request *request, void *bytes, int count) {
    return MPI_Ibcast(bytes, count, MPI_BYTE, 0, lanes[STRATA_MPI_LANE_MESSAGE], &request->request);
}

// A block of sums stays in the first-level cache while the rows pass.
enum { BLOCK = 1024 };

void strata_mpi_add_rows(const float *rows, int ranks, size_t count, float *sums) {
    for (size_t first = 0; first < count; first += BLOCK) {
        size_t length = count - first < BLOCK ? count - first : BLOCK;
        memcpy(sums + first, rows + first, length * sizeof *sums);
        for (int rank = 1; rank < ranks; rank++) {
            const float *row = rows + (size_t)rank * count + first;
            for (size_t i = 0; i < length; i++) sums[first + i] += row[i];
        }
    }
}

static float widened(uint16_t value) {
    uint32_t bits = (uint32_t)value << 16;
    float result;
    memcpy(&result, &bits, sizeof result);
    return result;
}

static uint16_t rounded(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (value != value) return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

void strata_mpi_add_bfloat16_rows(const uint16_t *rows, int ranks, size_t count, uint16_t *sums) {
    float block[BLOCK];
    for (size_t first = 0; first < count; first += BLOCK) {
        size_t length = count - first < BLOCK ? count - first : BLOCK;
        for (size_t i = 0; i < length; i++) block[i] = widened(rows[first + i]);
        for (int rank = 1; rank < ranks; rank++) {
            const uint16_t *row = rows + (size_t)rank * count + first;
            for (size_t i = 0; i < length; i++) block[i] += widened(row[i]);
        }
        for (size_t i = 0; i < length; i++) sums[first + i] = rounded(block[i]);
    }
}
#endif
