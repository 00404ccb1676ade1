// Attention of one decode token: 32 query heads on 8 KV heads of 128 over a cache that lies as llama.cpp keeps it, a token's
// KV heads side by side. No mask: every token of the cache counts.
#pragma once

#include "cold_set.hpp"

class AttentionSet : public ColdSet {
  public:
    AttentionSet(ggml_type type, int64_t context_tokens)
        : tokens_(context_tokens), keys_(type, kDimension, kPoolRows, 1, kSeed),
          values_(type, kDimension, kPoolRows, 1, kSeed + 1) {
        size_t tensor_bytes = keys_.row_bytes() * kKvHeads * context_tokens;
        bytes_ = 2 * tensor_bytes;
        flops_ = 4.0 * context_tokens * kHeads * kDimension;
        int count = pieces_for(bytes_);
        caches_context_ = make_context((2 * count + 8) * ggml_tensor_overhead());
        for (int i = 0; i < 2 * count; i++) {
            caches_.push_back(ggml_new_tensor_3d(caches_context_.get(), type, kDimension, kKvHeads, context_tokens));
        }
        caches_buffer_ = allocate(caches_context_.get(), ggml_backend_cpu_buffer_type());
        for (int i = 0; i < count; i++) {
            keys_.fill(static_cast<uint8_t *>(caches_[2 * i]->data), place(i, 0, 0), kKvHeads * context_tokens);
            values_.fill(static_cast<uint8_t *>(caches_[2 * i + 1]->data), place(i, 0, 0), kKvHeads * context_tokens);
        }
        build(count);
    }

    // All heads of the first cache.
    CheckResult check(Engine & engine) override {
        engine.seconds(&results_[0], 1);
        const float * output = static_cast<const float *>(results_[0]->data);
        CheckResult result;
        result.rms_bound = rms_bound();
        double squared_error = 0;
        double squared_value = 0;
        for (int head = 0; head < kHeads; head++) {
            std::vector<double> expected = reference(head);
            for (int d = 0; d < kDimension; d++) {
                double error = output[head * kDimension + d] - expected[d];
                squared_error += error * error;
                squared_value += expected[d] * expected[d];
            }
        }
        result.rms_relative = std::sqrt(squared_error / squared_value);
        return result;
    }

  private:
    static constexpr int kHeads = 32;
    static constexpr int kKvHeads = 8;
    static constexpr int kDimension = 128;
    static constexpr int kPoolRows = 4096;

    uint64_t place(int cache, int64_t token, int head) const {
        return (static_cast<uint64_t>(cache) * tokens_ + token) * kKvHeads + head;
    }

    void build(int count) {
        context_ = make_context((3 * count + 8) * ggml_tensor_overhead());
        query_ = ggml_new_tensor_3d(context_.get(), GGML_TYPE_F32, kDimension, 1, kHeads);
        ggml_tensor * output = ggml_new_tensor_3d(context_.get(), GGML_TYPE_F32, kDimension, kHeads, 1);
        buffer_ = allocate(context_.get(), ggml_backend_cpu_buffer_type());
        fill_normal(static_cast<float *>(query_->data), kDimension * kHeads, 1, kSeed + 2);
        for (int i = 0; i < count; i++) {
            ggml_tensor * key = ggml_permute(context_.get(), caches_[2 * i], 0, 2, 1, 3);
            ggml_tensor * value = ggml_permute(context_.get(), caches_[2 * i + 1], 0, 2, 1, 3);
            float scale = 1 / std::sqrt(float(kDimension));
            ggml_tensor * result = ggml_flash_attn_ext(context_.get(), query_, key, value, nullptr, scale, 0, 0);
            ggml_flash_attn_ext_set_prec(result, GGML_PREC_F32);
            ggml_backend_tensor_alloc(buffer_.get(), result, output->data);
            results_.push_back(result);
        }
    }

    std::vector<double> reference(int head) const {
        const float * query = static_cast<const float *>(query_->data) + head * kDimension;
        int kv_head = head / (kHeads / kKvHeads);
        std::vector<double> scores(tokens_);
        for (int64_t token = 0; token < tokens_; token++) {
            const float * key = keys_.values(place(0, token, kv_head));
            double score = 0;
            for (int d = 0; d < kDimension; d++) {
                score += double(query[d]) * key[d];
            }
            scores[token] = score / std::sqrt(double(kDimension));
        }
        double largest = *std::max_element(scores.begin(), scores.end());
        double total = 0;
        std::vector<double> sums(kDimension);
        for (int64_t token = 0; token < tokens_; token++) {
            double weight = std::exp(scores[token] - largest);
            const float * value = values_.values(place(0, token, kv_head));
            total += weight;
            for (int d = 0; d < kDimension; d++) {
                sums[d] += weight * value[d];
            }
        }
        for (double & sum : sums) {
            sum /= total;
        }
        return sums;
    }

    // ggml adds FP16 values up in FP16, rounding at every token: the error grows with the root of the tokens. Other types are
    // added up in FP32, and the query's rounding is what remains.
    double rms_bound() const {
        switch (caches_[0]->type) {
            case GGML_TYPE_F32: return 1e-4;
            case GGML_TYPE_F16: return std::ldexp(1, -11) * std::sqrt(double(tokens_));
            default: return 2e-2;
        }
    }

    int64_t tokens_;
    RowPool keys_;
    RowPool values_;
    Context caches_context_;
    Buffer caches_buffer_;
    std::vector<ggml_tensor *> caches_;
    Context context_;
    Buffer buffer_;
    ggml_tensor * query_ = nullptr;
};
