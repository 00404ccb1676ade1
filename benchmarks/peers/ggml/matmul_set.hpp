// Matrix products: y = W x for N x K weights and a batch of activations in FP32, which ggml converts to the type that its dot
// product takes as part of the product.
#pragma once

#include "cold_set.hpp"

// The buffer type in which ggml stores weights rearranged for its faster kernels; null where the build has none.
inline ggml_backend_buffer_type_t repack_buffer_type() {
    ggml_backend_reg_t reg = ggml_backend_cpu_reg();
    auto get = reinterpret_cast<ggml_backend_dev_get_extra_bufts_t>(
        ggml_backend_reg_get_proc_address(reg, "ggml_backend_dev_get_extra_bufts"));
    if (!get) {
        return nullptr;
    }
    for (ggml_backend_buffer_type_t * type = get(ggml_backend_reg_dev_get(reg, 0)); *type; type++) {
        if (std::string(ggml_backend_buft_name(*type)) == "CPU_REPACK") {
            return *type;
        }
    }
    return nullptr;
}

// The weights of a type and shape; products of several batches share them.
class Matrices {
  public:
    Matrices(ggml_type type, bool repacked, int64_t k, int64_t n)
        : type(type), repacked(repacked), k(k), n(n), pool(type, k, kPoolRows, 1 / std::sqrt(float(k)), kSeed),
          bytes(pool.row_bytes() * n) {
        int count = static_cast<int>((kColdBytes + bytes - 1) / bytes);
        context_ = make_context((count + 8) * ggml_tensor_overhead());
        for (int i = 0; i < count; i++) {
            weights.push_back(ggml_new_tensor_2d(context_.get(), type, k, n));
        }
        ggml_backend_buffer_type_t buffer_type = repacked ? repack_buffer_type() : ggml_backend_cpu_buffer_type();
        if (!buffer_type) {
            throw Unsupported("this build of ggml has no repacked layouts");
        }
        buffer_ = allocate(context_.get(), buffer_type);
        ggml_backend_buffer_set_usage(buffer_.get(), GGML_BACKEND_BUFFER_USAGE_WEIGHTS);
        if (!supported()) {
            throw Unsupported(std::string("ggml has no ") + (repacked ? "repacked" : "plain") + " product for " +
                              ggml_type_name(type) + " on this processor");
        }
        std::vector<uint8_t> plain(bytes);
        for (int i = 0; i < count; i++) {
            pool.fill(plain.data(), place(i, 0), n);
            ggml_backend_tensor_set(weights[i], plain.data(), 0, bytes);
        }
    }

    const float * row(int matrix, int64_t row) const { return pool.values(place(matrix, row)); }

    const ggml_type type;
    const bool repacked;
    const int64_t k;
    const int64_t n;
    const RowPool pool;
    const size_t bytes;
    std::vector<ggml_tensor *> weights;

  private:
    static constexpr int kPoolRows = 256;

    uint64_t place(int matrix, int64_t row) const { return static_cast<uint64_t>(matrix) * n + row; }

    bool supported() {
        ggml_tensor * input = ggml_new_tensor_2d(context_.get(), GGML_TYPE_F32, k, 1);
        ggml_tensor * product = ggml_mul_mat(context_.get(), weights[0], input);
        return ggml_backend_dev_supports_op(ggml_backend_reg_dev_get(ggml_backend_cpu_reg(), 0), product);
    }

    Context context_;
    Buffer buffer_;
};

class MatmulSet : public ColdSet {
  public:
    MatmulSet(const Matrices & matrices, int batch) : matrices_(matrices), batch_(batch) {
        int count = static_cast<int>(matrices.weights.size());
        context_ = make_context((count + 8) * ggml_tensor_overhead());
        input_ = ggml_new_tensor_2d(context_.get(), GGML_TYPE_F32, matrices.k, batch);
        ggml_tensor * output = ggml_new_tensor_2d(context_.get(), GGML_TYPE_F32, matrices.n, batch);
        buffer_ = allocate(context_.get(), ggml_backend_cpu_buffer_type());
        fill_normal(static_cast<float *>(input_->data), matrices.k * batch, 1, kSeed + 1);
        for (ggml_tensor * weight : matrices.weights) {
            // All products leave their result in the same place, as the layers of a model do.
            ggml_tensor * product = ggml_mul_mat(context_.get(), weight, input_);
            ggml_backend_tensor_alloc(buffer_.get(), product, output->data);
            results_.push_back(product);
        }
        bytes_ = matrices.bytes;
        flops_ = 2.0 * matrices.k * matrices.n * batch;
    }

    // Sixteen rows of the first and of the last matrix, for the whole batch.
    CheckResult check(Engine & engine) override {
        CheckResult result;
        result.rms_bound = rms_bound();
        double squared_error = 0;
        double squared_value = 0;
        for (int matrix : {0, pieces() - 1}) {
            engine.seconds(&results_[matrix], 1);
            const float * output = static_cast<const float *>(results_[matrix]->data);
            for (int i = 0; i < kCheckedRows; i++) {
                int64_t row = i * (matrices_.n - 1) / (kCheckedRows - 1);
                for (int token = 0; token < batch_; token++) {
                    double bound;
                    double expected = reference(matrices_.row(matrix, row), token, bound);
                    double error = std::abs(output[token * matrices_.n + row] - expected);
                    // Written so that NaN fails.
                    result.worst_of_bound = error <= result.worst_of_bound * bound ? result.worst_of_bound : error / bound;
                    squared_error += error * error;
                    squared_value += expected * expected;
                }
            }
        }
        result.rms_relative = std::sqrt(squared_error / squared_value);
        return result;
    }

  private:
    static constexpr int kCheckedRows = 16;

    // The exact dot product, and the largest error that rounding the activations (and adding up in FP32) can make.
    double reference(const float * weights, int token, double & bound) const {
        const float * x = static_cast<const float *>(input_->data) + token * matrices_.k;
        ggml_type converted = ggml_get_type_traits_cpu(matrices_.type)->vec_dot_type;
        int64_t block = ggml_blck_size(converted);
        double sum = 0;
        bound = 0;
        for (int64_t start = 0; start < matrices_.k; start += block) {
            double largest = 0;
            for (int64_t i = start; i < start + block; i++) {
                largest = std::max(largest, std::abs(double(x[i])));
            }
            for (int64_t i = start; i < start + block; i++) {
                double magnitude = std::abs(double(weights[i]));
                sum += double(weights[i]) * x[i];
                bound += magnitude * (rounding(converted, std::abs(double(x[i])), largest) + 1e-4 * std::abs(double(x[i])));
            }
        }
        return sum;
    }

    // Half a step of the type's codes; eight-bit codes have a scale of their own, stored in sixteen bits.
    static double rounding(ggml_type type, double value, double largest) {
        switch (type) {
            case GGML_TYPE_F32: return 0;
            case GGML_TYPE_F16: return value * std::ldexp(1, -11) + std::ldexp(1, -25);
            case GGML_TYPE_BF16: return value * std::ldexp(1, -9);
            default: return 1.01 * largest / 127 / 2 + value * std::ldexp(1, -10);
        }
    }

    // Errors are independent, so their mean is far below the largest possible.
    double rms_bound() const {
        switch (ggml_get_type_traits_cpu(matrices_.type)->vec_dot_type) {
            case GGML_TYPE_F32: return 1e-5;
            case GGML_TYPE_F16: return 5e-4;
            case GGML_TYPE_BF16: return 3e-3;
            default: return 1.5e-2;
        }
    }

    const Matrices & matrices_;
    int batch_;
    Context context_;
    Buffer buffer_;
    ggml_tensor * input_;
};
