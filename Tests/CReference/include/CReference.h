// The innermost loops of the reference interpreter, which take minutes in Swift without optimization.
#pragma once

// sums[to + i] += factor * numbers[from + i] for i of 0 ..< count.
void reference_add_multiple(
    double *sums, long to, double factor, const double *numbers, long from, long count);

// The sum of a[at + i] * b[from + i] for i of 0 ..< count.
double reference_product(const double *a, long at, const double *b, long from, long count);
