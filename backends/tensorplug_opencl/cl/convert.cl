// bfloat16 is the upper half of a float.
inline float from_bfloat16(ushort bits) { return as_float((uint)bits << 16); }

inline ushort to_bfloat16(float x) {
    uint bits = as_uint(x);
    if (x != x) return (ushort)((bits >> 16) | 0x40);
    return (ushort)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);  // to the nearest, ties to even
}

//// from_double_to_bfloat16
// To float towards zero with a sticky last bit, so that the number is rounded only once.
inline float sticky_float(double x) {
    float near = convert_float_rtz(x);
    return (double)near == x || x != x ? near : as_float(as_uint(near) | 1);
}

//// from_long_to_bfloat16
inline float sticky_float_l(long x) {
    float near = convert_float_rtz(x);
    return x == (long)near ? near : as_float(as_uint(near) | 1);
}

inline float sticky_float_ul(ulong x) {
    float near = convert_float_rtz(x);
    return x == (ulong)near ? near : as_float(as_uint(near) | 1);
}

//// whole
// A float as bits of a whole number: the fraction is lost, what is too large wraps, NaN and infinity give `odd`.
inline ulong whole(W x, ulong odd) {
    if (!isfinite(x)) return odd;
    if (x >= (W)9223372036854775808.0f) return x < (W)18446744073709551616.0f ? (ulong)x : odd;
    return x >= (W)-9223372036854775808.0f ? (ulong)(long)x : odd;
}
