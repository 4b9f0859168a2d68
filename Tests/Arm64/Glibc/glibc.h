// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

int posix_memalign(void *_Nullable *_Nonnull memory, size_t alignment, size_t bytes);
void *_Nonnull memset(void *_Nonnull memory, int byte, size_t bytes);
int madvise(void *_Nullable memory, size_t bytes, int advice);
void free(void *_Nullable memory);
void exit(int code) __attribute__((noreturn));
double exp(double x);
double tanh(double x);
double erf(double x);
double log1p(double x);
