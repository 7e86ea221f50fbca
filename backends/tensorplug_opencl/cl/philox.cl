//// philox
// Philox4x64-10 (Salmon, Moraes, Dror and Shaw, 2011): the block of random words that a counter and a key select.
inline ulong4 philox(ulong4 counter, ulong2 key) {
    for (int i = 0; i < 10; i++) {
        const ulong first = counter.x, second = counter.z;
        counter = (ulong4)(
            mul_hi(0xCA5A826395121157UL, second) ^ counter.y ^ key.x, 0xCA5A826395121157UL * second,
            mul_hi(0xD2E7470EE14C6C93UL, first) ^ counter.w ^ key.y, 0xD2E7470EE14C6C93UL * first);
        key += (ulong2)(0x9E3779B97F4A7C15UL, 0xBB67AE8584CAA73BUL);
    }
    return counter;
}

inline ulong4 block_after(ulong4 counter, ulong steps) {
    counter.x += steps;
    if (counter.x < steps) {
        counter.y++;
        if (counter.y == 0) {
            counter.z++;
            if (counter.z == 0) counter.w++;
        }
    }
    return counter;
}
