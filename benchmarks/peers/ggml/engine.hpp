// Runs ggml graphs on one lasting pool of threads and times them.
#pragma once

#include "ggml-cpu.h"
#include "ggml.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

struct ContextDeleter {
    void operator()(ggml_context * context) const { ggml_free(context); }
};
using Context = std::unique_ptr<ggml_context, ContextDeleter>;

// A context for descriptions of tensors; their data lies elsewhere.
inline Context make_context(size_t bytes) {
    Context context(ggml_init({bytes, nullptr, /* no_alloc */ true}));
    if (!context) {
        throw std::runtime_error("ggml_init failed");
    }
    return context;
}

inline double now_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    size_t n = values.size();
    return n == 0 ? 0 : (values[(n - 1) / 2] + values[n / 2]) / 2;
}

// Random bits from a place and a seed (the finaliser of MurmurHash3).
inline uint64_t mix(uint64_t x) {
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ULL;
    return x ^ (x >> 33);
}

class Engine {
  public:
    Engine(int threads, bool pinned) : threads_(threads) {
        ggml_cpu_init();
        ggml_threadpool_params params = ggml_threadpool_params_default(threads);
        if (pinned) {
            for (int i = 0; i < threads; i++) {
                params.cpumask[i] = true;
            }
            params.strict_cpu = true;
        }
        pool_ = ggml_threadpool_new(&params);
        if (!pool_) {
            throw std::runtime_error("ggml_threadpool_new failed");
        }
    }

    ~Engine() { ggml_threadpool_free(pool_); }

    Engine(const Engine &) = delete;
    Engine & operator=(const Engine &) = delete;

    int threads() const { return threads_; }

    // Computes the tensors in order; the seconds exclude building and planning the graph.
    double seconds(ggml_tensor * const * results, int count) {
        // A result may bring views of its operands with it.
        size_t nodes = static_cast<size_t>(count) * 8 + 64;
        Context context = make_context(ggml_graph_overhead_custom(nodes, false) + ggml_tensor_overhead());
        ggml_cgraph * graph = ggml_new_graph_custom(context.get(), nodes, false);
        for (int i = 0; i < count; i++) {
            ggml_build_forward_expand(graph, results[i]);
        }
        ggml_cplan plan = ggml_graph_plan(graph, threads_, pool_);
        if (work_.size() < plan.work_size) {
            work_.resize(plan.work_size);
        }
        plan.work_data = work_.data();
        double start = now_seconds();
        ggml_status status = ggml_graph_compute(graph, &plan);
        double elapsed = now_seconds() - start;
        if (status != GGML_STATUS_SUCCESS) {
            throw std::runtime_error("ggml_graph_compute failed");
        }
        return elapsed;
    }

    // Puts waiting threads to sleep at once, so that they take no time from another program; the next graph wakes them.
    void rest() { ggml_threadpool_pause(pool_); }

  private:
    int threads_;
    ggml_threadpool * pool_;
    std::vector<uint8_t> work_;
};
