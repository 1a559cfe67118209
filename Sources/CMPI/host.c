#ifdef STRATA_MPI
#define _GNU_SOURCE
#include "CMPI.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

void strata_mpi_addresses(char *text, size_t size) {
    struct ifaddrs *all = NULL;
    size_t length = 0;
    text[0] = 0;
    if (getifaddrs(&all)) return;
    for (struct ifaddrs *one = all; one; one = one->ifa_next) {
        if (!one->ifa_addr || !(one->ifa_flags & IFF_UP) || one->ifa_flags & IFF_LOOPBACK) continue;
        char name[INET6_ADDRSTRLEN] = "";
        if (one->ifa_addr->sa_family == AF_INET) {
            inet_ntop(AF_INET, &((struct sockaddr_in *)one->ifa_addr)->sin_addr, name, sizeof name);
        } else if (one->ifa_addr->sa_family == AF_INET6) {
            struct in6_addr *address = &((struct sockaddr_in6 *)one->ifa_addr)->sin6_addr;
            // It would need the number of the other host's interface.
            if (IN6_IS_ADDR_LINKLOCAL(address)) continue;
            inet_ntop(AF_INET6, address, name, sizeof name);
        }
        if (!name[0] || length + strlen(name) + 2 > size) continue;
        length += (size_t)snprintf(text + length, size - length, "%s%s", length ? "," : "", name);
    }
    freeifaddrs(all);
}

static int without_blocking(int socket) {
    int yes = 1;
    if (socket < 0) return -1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
    return socket;
}

int strata_mpi_listen(int *port) {
    // An IPv6 socket takes both; some hosts have only IPv4.
    int family = AF_INET6, no = 0;
    int listener = socket(AF_INET6, SOCK_STREAM, 0);
    if (listener < 0) listener = socket(family = AF_INET, SOCK_STREAM, 0);
    if (listener < 0) return -1;
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = in6addr_any};
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr *address = family == AF_INET6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
    socklen_t size = family == AF_INET6 ? sizeof six : sizeof four;
    if (family == AF_INET6) setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(listener, address, size) || listen(listener, SOMAXCONN) || getsockname(listener, address, &size)) {
        close(listener);
        return -1;
    }
    *port = ntohs(family == AF_INET6 ? six.sin6_port : four.sin_port);
    return without_blocking(listener);
}

int strata_mpi_connect(const char *address, int port, int milliseconds) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *found = NULL;
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(address, service, &hints, &found)) return -1;
    int result = without_blocking(socket(found->ai_family, SOCK_STREAM, 0));
    if (result >= 0 && connect(result, found->ai_addr, found->ai_addrlen)) {
        struct pollfd waiting = {.fd = result, .events = POLLOUT};
        int error = errno;
        socklen_t size = sizeof error;
        if (error == EINPROGRESS && poll(&waiting, 1, milliseconds) == 1)
            getsockopt(result, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error) {
            close(result);
            result = -1;
        }
    }
    freeaddrinfo(found);
    return result;
}

int strata_mpi_accept(int listener) { return without_blocking(accept(listener, NULL, NULL)); }

int strata_mpi_receive(int socket, void *bytes, int count) {
    ssize_t length = recv(socket, bytes, (size_t)count, MSG_DONTWAIT);
    if (length > 0) return (int)length;
    return length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? 0 : -1;
}

void strata_mpi_send(int socket, const void *bytes, int count) {
    if (send(socket, bytes, (size_t)count, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) return;
}

void strata_mpi_poll(const int *sockets, int count, int milliseconds) {
    struct pollfd waiting[count + 1];
    for (int i = 0; i < count; i++) waiting[i] = (struct pollfd){.fd = sockets[i], .events = POLLIN};
    poll(waiting, (nfds_t)count, milliseconds);
}

// From 1 on, so that 0 means never.
int64_t strata_mpi_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1;
}

uint64_t strata_mpi_random(void) {
    uint64_t value = 0;
    if (getrandom(&value, sizeof value, 0) != sizeof value) value = (uint64_t)strata_mpi_milliseconds();
    return value;
}

int strata_mpi_cores(int *cores, int capacity) {
    cpu_set_t set;
    int count = 0;
    if (sched_getaffinity(0, sizeof set, &set)) return 0;
    for (int i = 0; i < CPU_SETSIZE && count < capacity; i++) {
        if (CPU_ISSET(i, &set)) cores[count++] = i;
    }
    return count;
}

int strata_mpi_host_core_count(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int)count : 1;
}

void strata_mpi_host_name(char *text, size_t size) {
    if (gethostname(text, size)) text[0] = 0;
    text[size - 1] = 0;
}

typedef struct {
    void (*body)(void *);
    void *data;
} thread_start;

static void *run_thread(void *argument) {
    thread_start start = *(thread_start *)argument;
    free(argument);
    start.body(start.data);
    return NULL;
}

int strata_mpi_start_thread(void (*body)(void *), void *data) {
    thread_start *start = malloc(sizeof *start);
    if (!start) return -1;
    *start = (thread_start){body, data};
    sigset_t all, before;
    pthread_t thread;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&thread, NULL, run_thread, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (code == 0) pthread_detach(thread);
    else free(start);
    return code;
}

static void (*exit_body)(int);
static void run_at_exit(int status, void *data) {
    (void)data;
    exit_body(status);
}

void strata_mpi_at_exit(void (*body)(int status)) {
    exit_body = body;
    on_exit(run_at_exit, NULL);
}

static int64_t terminated_at = 0;
static int is_settled = 0;

static void terminate_later(int number) {
    __atomic_store_n(&terminated_at, strata_mpi_milliseconds(), __ATOMIC_RELAXED);
    for (int i = 0; i < 50 && !__atomic_load_n(&is_settled, __ATOMIC_RELAXED); i++) {
        struct timespec pause = {0, 10000000};
        nanosleep(&pause, NULL);
    }
    signal(number, SIG_DFL);
    raise(number);
}

void strata_mpi_delay_termination(void) {
    struct sigaction before, later = {.sa_handler = terminate_later};
    if (sigaction(SIGTERM, NULL, &before) || before.sa_handler != SIG_DFL) return;
    sigaction(SIGTERM, &later, NULL);
}

void strata_mpi_settle(void) { __atomic_store_n(&is_settled, 1, __ATOMIC_RELAXED); }

int64_t strata_mpi_terminating_for(void) {
    int64_t since = __atomic_load_n(&terminated_at, __ATOMIC_RELAXED);
    return since ? strata_mpi_milliseconds() - since : -1;
}
#endif
