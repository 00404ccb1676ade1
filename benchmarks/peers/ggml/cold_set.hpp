// Products or caches of one kind, so many that each is out of every cache when its turn comes again.
#pragma once

#include "huge_pages.hpp"
#include "row_pool.hpp"

#include "ggml-alloc.h"
#include "ggml-backend.h"

constexpr size_t kColdBytes = size_t(1) << 30;
constexpr uint64_t kSeed = 1;

// This build or processor has no such layout.
struct Unsupported : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct BufferDeleter {
    void operator()(ggml_backend_buffer * buffer) const { ggml_backend_buffer_free(buffer); }
};
using Buffer = std::unique_ptr<ggml_backend_buffer, BufferDeleter>;

// How far results lie from a plain computation in double precision, as shares of what is allowed.
struct CheckResult {
    double worst_of_bound = 0;
    double rms_relative = 0;
    double rms_bound = 0;

    bool passed() const { return worst_of_bound <= 1 && rms_relative <= rms_bound; }
};

class ColdSet {
  public:
    virtual ~ColdSet() = default;

    int pieces() const { return static_cast<int>(results_.size()); }

    // Bytes of one piece in the type's own layout.
    size_t bytes() const { return bytes_; }

    double flops() const { return flops_; }

    // Computes the next pieces in rotation; seconds of one.
    double run(Engine & engine, int count) {
        std::vector<ggml_tensor *> turn(count);
        for (ggml_tensor *& result : turn) {
            result = results_[next_];
            next_ = (next_ + 1) % pieces();
        }
        return engine.seconds(turn.data(), count) / count;
    }

    virtual CheckResult check(Engine & engine) = 0;

  protected:
    std::vector<ggml_tensor *> results_;
    size_t bytes_ = 0;
    double flops_ = 0;

    static int pieces_for(size_t bytes) { return static_cast<int>((kColdBytes + bytes - 1) / bytes); }

  private:
    int next_ = 0;
};

// Gives every tensor of a context memory of a buffer type, in huge pages where the system has them.
inline Buffer allocate(ggml_context * context, ggml_backend_buffer_type_t type) {
    Buffer buffer(ggml_backend_alloc_ctx_tensors_from_buft(context, type));
    if (!buffer) {
        throw std::runtime_error("no memory");
    }
    advise_huge_pages(ggml_backend_buffer_get_base(buffer.get()), ggml_backend_buffer_get_size(buffer.get()));
    return buffer;
}
