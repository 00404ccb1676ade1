// What the pool's threads can read from memory at most: every byte is loaded once and added up, nothing else. The best of
// several kernels counts; they differ in the streams that a thread follows and in how far ahead it asks for lines.
#pragma once

#include "engine.hpp"
#include "huge_pages.hpp"

#include <atomic>

class ReadCeiling {
  public:
    explicit ReadCeiling(Engine & engine) : engine_(engine), context_(make_context(4 * ggml_tensor_overhead())) {
        memory_ = static_cast<uint8_t *>(std::aligned_alloc(kHugePage, kBytes));
        if (!memory_) {
            throw std::runtime_error("no memory for the read ceiling");
        }
        advise_huge_pages(memory_, kBytes);
        for (size_t i = 0; i < kBytes / sizeof(uint64_t); i++) {
            reinterpret_cast<uint64_t *>(memory_)[i] = mix(i + 1);
        }
        task_ = ggml_custom_4d(context_.get(), GGML_TYPE_F32, 16, 1, 1, 1, nullptr, 0, &ReadCeiling::read_task,
                               GGML_N_TASKS_MAX, this);
        task_->data = task_output_;
        rank();
    }

    ~ReadCeiling() { std::free(memory_); }

    ReadCeiling(const ReadCeiling &) = delete;
    ReadCeiling & operator=(const ReadCeiling &) = delete;

    // Bytes per second: the better of the two best kernels, each over the next half of the memory.
    double measure() {
        double best = 0;
        for (int i = 0; i < kFollowed; i++) {
            best = std::max(best, pass(ranking_[i], half_ * (kBytes / 2), kBytes / 2));
            half_ = 1 - half_;
        }
        return best;
    }

    std::string method() const {
        const Kernel & best = kKernels[ranking_[0]];
        char text[160];
        std::snprintf(text, sizeof text, "%d stream(s) a thread, prefetch %d bytes ahead, %.1f GB/s over %.2f GB",
                      best.streams, best.prefetch_bytes, best_ / 1e9, kBytes / 1e9);
        return text;
    }

  private:
    struct Kernel {
        int streams;
        int prefetch_bytes;
    };

    typedef int32_t Line __attribute__((vector_size(64)));

    static constexpr size_t kBytes = size_t(1) << 30;
    static constexpr size_t kSlice = size_t(1) << 20;
    static constexpr int kFollowed = 2;
    static constexpr int kRankingRounds = 5;
    static constexpr Kernel kKernels[] = {{1, 0},    {1, 2048}, {1, 4096}, {1, 8192}, {2, 0},
                                          {2, 4096}, {4, 0},    {4, 2048}, {4, 4096}};
    static constexpr int kCount = sizeof kKernels / sizeof kKernels[0];

    // Tries every kernel several times over all of the memory.
    void rank() {
        double rates[kCount] = {};
        for (int round = 0; round < kRankingRounds; round++) {
            for (int i = 0; i < kCount; i++) {
                rates[i] = std::max(rates[i], pass(i, 0, kBytes));
            }
        }
        for (int i = 0; i < kCount; i++) {
            ranking_[i] = i;
        }
        std::sort(ranking_, ranking_ + kCount, [&](int a, int b) { return rates[a] > rates[b]; });
        best_ = rates[ranking_[0]];
    }

    double pass(int kernel, size_t offset, size_t bytes) {
        kernel_ = kKernels[kernel];
        start_ = memory_ + offset;
        bytes_ = bytes;
        next_ = 0;
        return bytes / engine_.seconds(&task_, 1);
    }

    static void read_task(ggml_tensor *, int, int, void * data) { static_cast<ReadCeiling *>(data)->read(); }

    void read() {
        int64_t sum = 0;
        size_t offset;
        while ((offset = next_.fetch_add(kSlice)) < bytes_) {
            const uint8_t * slice = start_ + offset;
            switch (kernel_.streams) {
                case 1: sum += sum_slice<1>(slice, kernel_.prefetch_bytes); break;
                case 2: sum += sum_slice<2>(slice, kernel_.prefetch_bytes); break;
                default: sum += sum_slice<4>(slice, kernel_.prefetch_bytes); break;
            }
        }
        sink_ += sum;
    }

    // Four sums, so that no addition waits for the one before. Requests beyond the memory's end do nothing.
    template <int Streams> static int64_t sum_slice(const uint8_t * slice, int prefetch_bytes) {
        constexpr size_t part = kSlice / Streams;
        constexpr int lines = 4 / Streams;
        Line sums[4] = {};
        for (size_t i = 0; i < part; i += lines * sizeof(Line)) {
            for (int stream = 0; stream < Streams; stream++) {
                for (int line = 0; line < lines; line++) {
                    const uint8_t * p = slice + stream * part + i + line * sizeof(Line);
                    if (prefetch_bytes != 0) {
                        __builtin_prefetch(p + prefetch_bytes);
                    }
                    sums[stream * lines + line] += *reinterpret_cast<const Line *>(p);
                }
            }
        }
        Line all = sums[0] + sums[1] + sums[2] + sums[3];
        int64_t sum = 0;
        for (int i = 0; i < 16; i++) {
            sum += all[i];
        }
        return sum;
    }

    Engine & engine_;
    Context context_;
    ggml_tensor * task_;
    float task_output_[16] = {};
    uint8_t * memory_;
    Kernel kernel_ = {};
    const uint8_t * start_ = nullptr;
    size_t bytes_ = 0;
    std::atomic<size_t> next_{0};
    std::atomic<int64_t> sink_{0};
    int ranking_[kCount];
    int half_ = 0;
    double best_ = 0;
};
