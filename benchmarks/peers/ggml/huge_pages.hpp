#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __linux__
#include <sys/mman.h>
#endif

constexpr size_t kHugePage = size_t(2) << 20;

// Asks for huge pages in place of 4 KiB ones: with those part of the time is page-table walks. Only advice.
inline void advise_huge_pages(void * memory, size_t bytes) {
#ifdef __linux__
    uintptr_t first = (reinterpret_cast<uintptr_t>(memory) + kHugePage - 1) / kHugePage * kHugePage;
    uintptr_t end = (reinterpret_cast<uintptr_t>(memory) + bytes) / kHugePage * kHugePage;
    if (end > first) {
        (void) madvise(reinterpret_cast<void *>(first), end - first, MADV_HUGEPAGE);
    }
#else
    (void) memory;
    (void) bytes;
#endif
}
