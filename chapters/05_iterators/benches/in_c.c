/* The loops of this chapter as one writes them in C, and the clock around them: see in_c.py. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N 4096
#define ROUNDS 31
#define CALLS 2000

/* Not inlined, as in src/kernels.rs: a call is measured. */
__attribute__((noinline)) size_t count(const uint32_t *tokens, size_t n, uint32_t pad) {
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        if (tokens[i] != pad) {
            found++;
        }
    }
    return found;
}

__attribute__((noinline)) float dot(const float *a, const float *b, size_t n) {
    float sum = 0.0f;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

#ifndef KERNELS_ALONE

static void numbers(float *to, uint32_t state) {
    for (size_t i = 0; i < N; i++) {
        state = state * 1664525u + 1013904223u;
        to[i] = (float)(state >> 8) / 8388608.0f - 1.0f;
    }
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(int argc, char **argv) {
    static float a[N], b[N];
    static uint32_t tokens[N];
    static double rounds[ROUNDS];
    numbers(a, 1);
    numbers(b, 2);
    for (size_t i = 0; i < N; i++) {
        tokens[i] = a[i] > -0.5f;
    }
    int counts = argc > 1 && strcmp(argv[1], "count_loop") == 0;
    if (!counts && (argc < 2 || strcmp(argv[1], "dot_loop") != 0)) {
        fprintf(stderr, "name a figure: count_loop or dot_loop\n");
        return 1;
    }
    volatile double kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        for (int call = 0; call < CALLS; call++) {
            kept = counts ? (double)count(tokens, N, 0) : (double)dot(a, b, N);
            /* Whoever reads memory may find it changed: the next call cannot be left out. */
            __asm__ volatile("" ::: "memory");
        }
        rounds[round] = (now() - start) / CALLS;
    }
    qsort(rounds, ROUNDS, sizeof *rounds, by_size);
    printf("{\"name\": \"%s\", \"ns\": %.1f, \"output\": %.9g}\n", argv[1], rounds[ROUNDS / 2], kept);
    return 0;
}

#endif
