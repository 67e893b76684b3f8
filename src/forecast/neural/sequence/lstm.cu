// One time step of an LSTM layer, forward and backward: everything but the products. One thread per window and unit.
//
// z and dz are [time, window, 4 · units] in the order input, forget, candidate, output; out is [time, 6, window, units]:
// state, cell, and the four gates; rec is the product of the earlier (later) step, [window, 4 · units] ([window, units]).
//
// lstm.ptx is made of this file:
//   nvcc -ptx -O3 -arch=compute_75 -o lstm.ptx lstm.cu
// with its first directive set to ".version 6.4", so that older drivers take it too: nothing here is newer.

__device__ static float logistic(float x) { return 1.0f / (1.0f + expf(-x)); }

extern "C" __global__ void lstm_forward(
    const float *z, const float *rec, float *out, unsigned int t, unsigned int windows, unsigned int units)
{
    unsigned int k = blockIdx.x * blockDim.x + threadIdx.x;
    unsigned int size = windows * units;
    if (k >= size) return;
    unsigned int window = k / units, unit = k % units;
    const float *own = z + ((size_t)t * windows + window) * 4 * units + unit;
    float gates[4];
    for (int g = 0; g < 4; g++) {
        gates[g] = own[g * units];
        if (t > 0) gates[g] += rec[((size_t)window * 4 + g) * units + unit];
    }
    float i = logistic(gates[0]), f = logistic(gates[1]), g = tanhf(gates[2]), o = logistic(gates[3]);
    float *now = out + (size_t)t * 6 * size + k;
    float c = i * g;
    if (t > 0) c += f * now[-5 * (ptrdiff_t)size];
    now[0] = o * tanhf(c);
    now[size] = c;
    now[2 * (size_t)size] = i;
    now[3 * (size_t)size] = f;
    now[4 * (size_t)size] = g;
    now[5 * (size_t)size] = o;
}

extern "C" __global__ void lstm_backward(
    const float *out, const float *grad, const float *rec, float *dz, float *dc, unsigned int t, unsigned int is_last,
    unsigned int windows, unsigned int units)
{
    unsigned int k = blockIdx.x * blockDim.x + threadIdx.x;
    unsigned int size = windows * units;
    if (k >= size) return;
    unsigned int window = k / units, unit = k % units;
    const float *now = out + (size_t)t * 6 * size + k;
    float c = now[size], i = now[2 * (size_t)size], f = now[3 * (size_t)size];
    float g = now[4 * (size_t)size], o = now[5 * (size_t)size];
    float before = t > 0 ? now[-5 * (ptrdiff_t)size] : 0.0f;
    float dh = grad[(size_t)t * 6 * size + k], later = 0.0f;
    if (!is_last) {
        dh += rec[k];
        later = dc[k];
    }
    float bent = tanhf(c);
    float by_cell = later + dh * o * (1.0f - bent * bent);
    float *own = dz + ((size_t)t * windows + window) * 4 * units + unit;
    own[0] = by_cell * g * i * (1.0f - i);
    own[units] = by_cell * before * f * (1.0f - f);
    own[2 * (size_t)units] = by_cell * i * (1.0f - g * g);
    own[3 * (size_t)units] = dh * bent * o * (1.0f - o);
    dc[k] = by_cell * f;
}
