#include "include/CReference.h"

void reference_add_multiple(
    double *sums, long to, double factor, const double *numbers, long from, long count) {
    for (long i = 0; i < count; i++) sums[to + i] += factor * numbers[from + i];
}

double reference_product(const double *a, long at, const double *b, long from, long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) sum += a[at + i] * b[from + i];
    return sum;
}
