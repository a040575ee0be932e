/* ReLU and its derivative, for both floating-point types. */

#include <stddef.h>

#define RELU(TYPE, SUFFIX)                                                              \
    void relu_forward_##SUFFIX(const TYPE *x, TYPE *y, size_t n) {                      \
        for (size_t i = 0; i < n; i++) y[i] = x[i] <= 0 ? 0 : x[i]; /* NaN stays NaN */ \
    }                                                                                   \
    void relu_backward_##SUFFIX(const TYPE *dy, const TYPE *y, TYPE *dx, size_t n) {    \
        for (size_t i = 0; i < n; i++) dx[i] = dy[i] * (y[i] != 0);                     \
    }

RELU(float, f32)
RELU(double, f64)
