// Random rows of a type, quantised by ggml itself. Matrices are put together from rows of a pool in random order: that makes
// gigabytes of distinct memory in seconds, where quantising each row would take many minutes.
#pragma once

#include "engine.hpp"

#include <cstring>
#include <random>

inline void fill_normal(float * values, size_t count, float deviation, uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal(0, deviation);
    for (size_t i = 0; i < count; i++) {
        values[i] = normal(random);
    }
}

class RowPool {
  public:
    RowPool(ggml_type type, int64_t columns, int rows, float deviation, uint64_t seed)
        : columns_(columns), rows_(rows), row_bytes_(ggml_row_size(type, columns)), bytes_(row_bytes_ * rows),
          decoded_(static_cast<size_t>(columns) * rows) {
        fill_normal(decoded_.data(), decoded_.size(), deviation, seed);
        ggml_quantize_chunk(type, decoded_.data(), bytes_.data(), 0, rows, columns, nullptr);
        if (type != GGML_TYPE_F32) {
            ggml_get_type_traits(type)->to_float(bytes_.data(), decoded_.data(), static_cast<int64_t>(decoded_.size()));
        }
    }

    size_t row_bytes() const { return row_bytes_; }

    // The pool's row at a place.
    int pick(uint64_t place) const { return static_cast<int>(mix(place + 1) % rows_); }

    // Writes the rows of some places, one after the other.
    void fill(uint8_t * target, uint64_t first_place, int64_t count) const {
        for (int64_t i = 0; i < count; i++) {
            std::memcpy(target + i * row_bytes_, bytes_.data() + pick(first_place + i) * row_bytes_, row_bytes_);
        }
    }

    // The values that a place's row stands for.
    const float * values(uint64_t place) const { return decoded_.data() + static_cast<size_t>(pick(place)) * columns_; }

  private:
    int64_t columns_;
    int rows_;
    size_t row_bytes_;
    std::vector<uint8_t> bytes_;
    std::vector<float> decoded_;
};
