//// complex_mul
inline T complex_mul(T a, T b) { return (T)(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }

//// complex_div
// Smith's method: scaled by the larger part of the divisor, so that squares do not overflow.
inline T complex_div(T a, T b) {
    if (fabs(b.x) >= fabs(b.y)) {
        if (b.x == 0 && b.y == 0) return (T)(a.x / fabs(b.x), a.y / fabs(b.x));
        R ratio = b.y / b.x, scale = 1 / (b.x + b.y * ratio);
        return (T)((a.x + a.y * ratio) * scale, (a.y - a.x * ratio) * scale);
    }
    R ratio = b.x / b.y, scale = 1 / (b.x * ratio + b.y);
    return (T)((a.x * ratio + a.y) * scale, (a.y * ratio - a.x) * scale);
}

//// complex_sign
inline T complex_sign(T a) {
    R size = hypot(a.x, a.y);
    return size == 0 ? (T)(0, 0) : a / size;
}

//// complex_exp
inline T complex_exp(T a) {
    R size = exp(a.x);
    return a.y == 0 ? (T)(size, a.y) : (T)(size * cos(a.y), size * sin(a.y));
}

//// complex_expm1
inline T complex_expm1(T a) {
    R half_sine = sin(a.y / 2);
    return (T)(expm1(a.x) * cos(a.y) - 2 * half_sine * half_sine, exp(a.x) * sin(a.y));
}

//// complex_log
// Near the unit circle the logarithm of the size is small, and is taken from what the size exceeds 1 by.
inline T complex_log(T a) {
    R large = fmax(fabs(a.x), fabs(a.y)), small = fmin(fabs(a.x), fabs(a.y));
    R size = hypot(a.x, a.y);
    R real = size > K(0.5) && size < 2 ? log1p((large - 1) * (large + 1) + small * small) / 2 : log(size);
    return (T)(real, atan2(a.y, a.x));
}

//// complex_log1p
inline T complex_log1p(T a) {
    R size = hypot(a.x, a.y);
    if (size > K(0.5)) return complex_log((T)(1 + a.x, a.y));
    return (T)(log1p(a.x * (2 + a.x) + a.y * a.y) / 2, atan2(a.y, 1 + a.x));
}

//// complex_sqrt
inline T complex_sqrt(T a) {
    if (a.x == 0 && a.y == 0) return (T)(0, a.y);
    if (isinf(a.y)) return (T)(INFINITY, a.y);
    // Halved first, so that the size of the largest numbers does not overflow.
    R root = sqrt(fabs(a.x) / 2 + hypot(a.x / 2, a.y / 2));
    R other = fabs(a.y) / (2 * root);
    return a.x >= 0 ? (T)(root, copysign(other, a.y)) : (T)(other, copysign(root, a.y));
}

//// complex_pow
inline T complex_pow(T a, T b) {
    if (b.x == 0 && b.y == 0) return (T)(1, 0);
    if (a.x == 0 && a.y == 0) return b.x > 0 ? (T)(0, 0) : (T)(NAN, NAN);
    return complex_exp(complex_mul(b, complex_log(a)));
}

//// complex_sinh
inline T complex_sinh(T a) {
    return a.y == 0 ? (T)(sinh(a.x), a.y) : (T)(sinh(a.x) * cos(a.y), cosh(a.x) * sin(a.y));
}

//// complex_cosh
inline T complex_cosh(T a) {
    return (T)(cosh(a.x) * cos(a.y), a.x == 0 || a.y == 0 ? a.x * a.y : sinh(a.x) * sin(a.y));
}

//// complex_sin
inline T complex_sin(T a) {
    T w = complex_sinh((T)(-a.y, a.x));
    return (T)(w.y, -w.x);
}

//// complex_cos
inline T complex_cos(T a) { return complex_cosh((T)(-a.y, a.x)); }

//// complex_tanh
// Kahan's formula (1987), which neither overflows nor cancels.
inline T complex_tanh(T a) {
    if (fabs(a.x) > 20) return (T)(copysign((R)1, a.x), 4 * sin(a.y) * cos(a.y) * exp(-2 * fabs(a.x)));
    R tangent = tan(a.y), slope = 1 + tangent * tangent, sine = sinh(a.x), root = sqrt(1 + sine * sine);
    if (isinf(tangent)) return (T)(root / sine, 1 / tangent);
    R scale = 1 + slope * sine * sine;
    return (T)(slope * root * sine / scale, tangent / scale);
}

//// complex_tan
inline T complex_tan(T a) {
    T w = complex_tanh((T)(-a.y, a.x));
    return (T)(w.y, -w.x);
}

//// complex_asin
// The inverse functions are Kahan's (1987): roots of 1 - z and 1 + z carry the signs of zeros to the branch cuts.
inline T complex_asin(T a) {
    T p = complex_sqrt((T)(1 - a.x, -a.y)), q = complex_sqrt((T)(1 + a.x, a.y));
    return (T)(atan2(a.x, p.x * q.x - p.y * q.y), asinh(p.x * q.y - p.y * q.x));
}

//// complex_acos
inline T complex_acos(T a) {
    T p = complex_sqrt((T)(1 - a.x, -a.y)), q = complex_sqrt((T)(1 + a.x, a.y));
    return (T)(2 * atan2(p.x, q.x), asinh(q.x * p.y - q.y * p.x));
}

//// complex_asinh
inline T complex_asinh(T a) {
    T w = complex_asin((T)(-a.y, a.x));
    return (T)(w.y, -w.x);
}

//// complex_acosh
inline T complex_acosh(T a) {
    T p = complex_sqrt((T)(a.x - 1, a.y)), q = complex_sqrt((T)(a.x + 1, a.y));
    return (T)(asinh(p.x * q.x + p.y * q.y), 2 * atan2(p.y, q.x));
}

//// complex_atanh
inline T complex_atanh(T a) {
    R distance = (1 - a.x) * (1 - a.x) + a.y * a.y;
    return (T)(log1p(4 * a.x / distance) / 4, atan2(2 * a.y, (1 - a.x) * (1 + a.x) - a.y * a.y) / 2);
}

//// complex_atan
inline T complex_atan(T a) {
    T w = complex_atanh((T)(-a.y, a.x));
    return (T)(w.y, -w.x);
}
