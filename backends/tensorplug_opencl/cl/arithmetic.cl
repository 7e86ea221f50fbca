//// float_floor_divide
inline T float_floor_divide(T a, T b) {
    if (b == 0) return a / b;
    T rest = fmod(a, b);
    T quotient = rint((a - rest) / b);
    if (rest != 0 && (rest < 0) != (b < 0)) quotient -= 1;
    return quotient == 0 ? copysign((T)0, a / b) : quotient;
}

//// float_remainder
inline T float_remainder(T a, T b) {
    T rest = fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

//// whole_floor_divide
// The lowest number divided by -1 would trap, as would a division by zero; the sign is tested by -b > 0, since
// T may be unsigned.
inline T whole_floor_divide(T a, T b) {
    if (b == 0) return 0;
    if (SIGNED && b == (T)-1) return (T)(0 - a);
    T quotient = a / b;
    return quotient * b != a && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

//// whole_fmod
inline T whole_fmod(T a, T b) { return b == 0 || (SIGNED && b == (T)-1) ? 0 : a % b; }

//// whole_remainder
inline T whole_remainder(T a, T b) {
    if (b == 0 || (SIGNED && b == (T)-1)) return 0;
    T rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

//// whole_pow
inline T whole_pow(T a, T b) {
    if (b < 0) return a == 1 ? 1 : (SIGNED && a == (T)-1) ? (b & 1 ? (T)-1 : 1) : 0;
    T result = 1;
    for (; b != 0; b >>= 1) {
        if (b & 1) result *= a;
        a *= a;
    }
    return result;
}

//// whole_gcd
inline T whole_gcd(T a, T b) {
    a = a < 0 ? (T)(0 - a) : a;
    b = b < 0 ? (T)(0 - b) : b;
    while (b != 0) {
        T rest = (SIGNED && b == (T)-1) ? 0 : a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? (T)(0 - a) : a;
}

//// whole_lcm
inline T whole_lcm(T a, T b) {
    T common = whole_gcd(a, b);
    T multiple = common == 0 ? 0 : (T)(a / common * b);
    return multiple < 0 ? (T)(0 - multiple) : multiple;
}

//// log_add
inline T log_add(T a, T b) {
    if (a == b) return a + K(0.693147180559945309417232121458);
    T distance = fabs(a - b);
    return isnan(distance) ? a + b : fmax(a, b) + log1p(exp(-distance));
}

//// log_add2
inline T log_add2(T a, T b) {
    if (a == b) return a + 1;
    T distance = fabs(a - b);
    return isnan(distance) ? a + b : fmax(a, b) + log1p(exp2(-distance)) * K(1.442695040888963407359924681002);
}

//// log1p_exp
inline T log1p_exp(T a) { return fmax(a, (T)0) + log1p(exp(-fabs(a))); }

//// precise_digamma
// By reflection to positive numbers, recurrence up to 10, and the asymptotic series (DLMF 5.5.2, 5.5.4, 5.11.2).
inline W precise_digamma(W x) {
    if (x == 0) return -copysign((W)INFINITY, x);
    W rest = 0;
    if (x < 0) {
        if (isinf(x) || x == floor(x)) return NAN;
        rest = -W_PI / tan(W_PI * fmod(x, (W)1));
        x = 1 - x;
    }
    while (x < 10) {
        rest -= 1 / x;
        x += 1;
    }
    W z = 1 / (x * x);
    W series = z * ((W)1 / 12 - z * ((W)1 / 120 - z * ((W)1 / 252 - z * ((W)1 / 240 - z * ((W)1 / 132 - z * (W)691 / 32760)))));
    return rest + log(x) - 1 / (2 * x) - series;
}

//// precise_erfinv
// A closed form that is right to 0.4 % (Winitzki, 2008), then Halley's method on the side where nothing cancels.
inline W precise_erfinv(W x) {
    W size = fabs(x);
    if (!(size < 1)) return size == 1 ? copysign((W)INFINITY, x) : (W)NAN;
    if (size == 0) return x;
    W l = log((1 - size) * (1 + size));
    W t = 2 / (W_PI * (W)0.147f) + l / 2;
    W y = size < (W)1e-3f ? size * (W_ROOT_PI / 2) : sqrt(sqrt(t * t - l / (W)0.147f) - t);
    for (int i = 0; i < 3; i++) {
        W error = size < (W)0.5f ? erf(y) - size : (1 - size) - erfc(y);
        W step = error * (W_ROOT_PI / 2) * exp(y * y);
        y -= step / (1 + y * step);
    }
    return copysign(y, x);
}

//// limited
inline T limited(T a) { return a < 0 ? 0 : a > 6 ? 6 : a; }

//// silu_slope
inline T silu_slope(T g, T a) {
    T gate = 1 / (1 + exp(-a));
    return g * gate * (a * (1 - gate) + 1);
}

//// gelu_gate
// (1 + tanh(y)) / 2, which is the logistic function of 2 y: nothing cancels far below zero.
inline T gelu_gate(T a) {
    return 1 / (1 + exp(K(-1.595769121605730711759423126570) * (a + K(0.044715) * a * a * a)));
}

//// gelu_tanh_slope
inline T gelu_tanh_slope(T g, T a) {
    T gate = gelu_gate(a);
    T inner = K(1.595769121605730711759423126570) * (1 + K(0.134145) * a * a);
    return g * (gate + a * gate * (1 - gate) * inner);
}

//// gelu_density
inline T gelu_density(T a) { return K(0.398942280401432677939946059934) * exp(a * a * K(-0.5)); }
