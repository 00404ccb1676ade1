// Times ggml's matrix products and attention on the CPU, cold: each one reads weights or a cache that no processor cache holds.
// Every turn is held against what the same threads can read from memory right before and after it. README.md says how to run it.

#include "attention_set.hpp"
#include "matmul_set.hpp"
#include "read_ceiling.hpp"

#include <cinttypes>
#include <fstream>
#include <iostream>
#include <sstream>

#include <strings.h>

namespace {

constexpr int kWarmTurns = 1;
constexpr double kTurnSeconds = 0.025;

struct Item {
    bool attention = false;
    ggml_type type = GGML_TYPE_F16;
    bool repacked = false;
    int64_t k = 0;
    int64_t n = 0;
    int batch = 1;
    int64_t context = 0;

    bool operator==(const Item & other) const {
        return attention == other.attention && type == other.type && repacked == other.repacked && k == other.k &&
               n == other.n && batch == other.batch && context == other.context;
    }
};

struct Options {
    int threads = 2;
    int turns = 11;
    bool pinned = false;
    bool serve = false;
    std::string json;
    std::vector<std::string> types = {"f16", "bf16", "q8_0", "q4_0", "q4_K", "mxfp4", "nvfp4"};
};

struct Measurement {
    std::vector<double> seconds;
    std::vector<double> ceilings;
    CheckResult check;
    size_t bytes = 0;
    double flops = 0;
    int pieces = 0;
    int per_turn = 0;
};

ggml_type find_type(const std::string & name) {
    for (int i = 0; i < GGML_TYPE_COUNT; i++) {
        const char * candidate = ggml_type_name(static_cast<ggml_type>(i));
        if (candidate && strcasecmp(candidate, name.c_str()) == 0) {
            return static_cast<ggml_type>(i);
        }
    }
    throw std::runtime_error("ggml has no type " + name);
}

// Keeps the latest weights: the next item often needs the same ones.
class Bench {
  public:
    explicit Bench(const Options & options) : engine_(options.threads, options.pinned), ceiling_(engine_) {
        std::fprintf(stderr, "ggml_cold: %d threads%s; read ceiling: %s\n", options.threads,
                     options.pinned ? ", pinned" : "", ceiling_.method().c_str());
        engine_.rest();
    }

    Measurement measure(const Item & item, int turns) {
        ColdSet & set = prepare(item);
        Measurement result;
        if (!checked_) {
            check_ = set.check(engine_);
            checked_ = true;
        }
        result.check = check_;
        result.bytes = set.bytes();
        result.flops = set.flops();
        result.pieces = set.pieces();
        double once = std::min(set.run(engine_, 1), set.run(engine_, 1));
        result.per_turn = std::clamp(static_cast<int>(kTurnSeconds / once), 1, set.pieces());
        for (int turn = -kWarmTurns; turn < turns; turn++) {
            double before = ceiling_.measure();
            double seconds = set.run(engine_, result.per_turn);
            double after = ceiling_.measure();
            if (turn >= 0) {
                result.seconds.push_back(seconds);
                result.ceilings.push_back((before + after) / 2);
            }
        }
        engine_.rest();
        return result;
    }

  private:
    ColdSet & prepare(const Item & item) {
        if (set_ && item == latest_) {
            return *set_;
        }
        set_.reset();
        checked_ = false;
        if (item.attention) {
            matrices_.reset();
            set_ = std::make_unique<AttentionSet>(item.type, item.context);
        } else {
            if (!matrices_ || matrices_->type != item.type || matrices_->repacked != item.repacked ||
                matrices_->k != item.k || matrices_->n != item.n) {
                matrices_.reset();
                matrices_ = std::make_unique<Matrices>(item.type, item.repacked, item.k, item.n);
            }
            set_ = std::make_unique<MatmulSet>(*matrices_, item.batch);
        }
        latest_ = item;
        return *set_;
    }

    Engine engine_;
    ReadCeiling ceiling_;
    std::unique_ptr<Matrices> matrices_;
    std::unique_ptr<ColdSet> set_;
    Item latest_;
    CheckResult check_;
    bool checked_ = false;
};

double share_of_ceiling(const Measurement & m) {
    std::vector<double> shares;
    for (size_t i = 0; i < m.seconds.size(); i++) {
        shares.push_back(m.bytes / m.seconds[i] / m.ceilings[i]);
    }
    return median(shares);
}

std::string list(const std::vector<double> & values) {
    std::string text = "[";
    for (double value : values) {
        char number[32];
        std::snprintf(number, sizeof number, "%s%.6g", text.size() > 1 ? "," : "", value);
        text += number;
    }
    return text + "]";
}

std::string to_json(const Item & item, const Measurement & m) {
    double seconds = median(m.seconds);
    char text[1024];
    std::snprintf(text, sizeof text,
                  "{\"program\":\"ggml\",\"kind\":\"%s\",\"type\":\"%s\",\"layout\":\"%s\",\"k\":%" PRId64 ",\"n\":%" PRId64
                  ",\"batch\":%d,\"context\":%" PRId64 ",\"seconds\":%.6g,\"bytes\":%zu,\"bytesPerSecond\":%.6g,"
                  "\"shareOfCeiling\":%.4f,\"flopsPerSecond\":%.6g,\"flops\":%.0f,\"turns\":%zu,\"ceilingBytesPerSecond\":%.6g,"
                  "\"pieces\":%d,\"piecesPerTurn\":%d,\"checkRmsRelative\":%.3g,\"checkRmsBound\":%.3g,\"checkWorstOfBound\":%.3g,",
                  item.attention ? "attention" : "matmul", ggml_type_name(item.type), item.repacked ? "repack" : "plain",
                  item.k, item.n, item.batch, item.context, seconds, m.bytes, m.bytes / seconds, share_of_ceiling(m),
                  m.flops / seconds, m.flops, m.seconds.size(), median(m.ceilings), m.pieces, m.per_turn,
                  m.check.rms_relative, m.check.rms_bound, m.check.worst_of_bound);
    return text + ("\"turnSeconds\":" + list(m.seconds)) + ",\"turnCeilings\":" + list(m.ceilings) + "}";
}

void print_head() {
    std::printf("%-10s %-7s %-7s %14s %6s %12s %8s %7s %9s %9s %8s\n", "kind", "type", "layout", "K x N / tokens", "batch",
                "time us", "GB/s", "share", "GFLOP/s", "ceiling", "rms err");
}

void print_row(const Item & item, const Measurement & m) {
    std::string shape =
        item.attention ? std::to_string(item.context) : std::to_string(item.k) + " x " + std::to_string(item.n);
    double seconds = median(m.seconds);
    std::printf("%-10s %-7s %-7s %14s %6d %12.1f %8.1f %6.1f%% %9.1f %9.1f %8.1e\n",
                item.attention ? "attention" : "matmul", ggml_type_name(item.type), item.repacked ? "repack" : "plain",
                shape.c_str(), item.batch, seconds * 1e6, m.bytes / seconds / 1e9, share_of_ceiling(m) * 100,
                m.flops / seconds / 1e9, median(m.ceilings) / 1e9, m.check.rms_relative);
    std::fflush(stdout);
}

// "matmul TYPE plain|repack K N BATCH" or "attention TYPE CONTEXT".
Item parse_item(std::istringstream & line) {
    std::string kind, type, layout;
    Item item;
    line >> kind >> type;
    item.type = find_type(type);
    item.attention = kind == "attention";
    if (item.attention) {
        line >> item.context;
    } else {
        line >> layout >> item.k >> item.n >> item.batch;
        item.repacked = layout == "repack";
    }
    if (line.fail() || (!item.attention && kind != "matmul")) {
        throw std::runtime_error("cannot read the item");
    }
    return item;
}

// Says {} when ready. Then each line of the input names an item and its turns; each answer is one line of JSON, {} for none.
int serve(Bench & bench) {
    std::cout << "{}" << std::endl;
    std::string text;
    while (std::getline(std::cin, text)) {
        try {
            std::istringstream line(text);
            Item item = parse_item(line);
            int turns = 0;
            if (!(line >> turns) || turns < 1) {
                throw std::runtime_error("an item ends with its number of turns");
            }
            Measurement m = bench.measure(item, turns);
            if (!m.check.passed()) {
                throw std::runtime_error("results are further from the reference than allowed: " + to_json(item, m));
            }
            std::cout << to_json(item, m) << std::endl;
        } catch (const std::exception & error) {
            std::fprintf(stderr, "ggml_cold: %s: %s\n", text.c_str(), error.what());
            std::cout << "{}" << std::endl;
        }
    }
    return 0;
}

std::vector<Item> all_items(const Options & options) {
    std::vector<Item> items;
    for (const std::string & name : options.types) {
        ggml_type type = find_type(name);
        for (bool repacked : {false, true}) {
            for (auto [k, n] : {std::pair<int64_t, int64_t>{14336, 4096}, {4096, 14336}}) {
                for (int batch : {1, 4, 16, 64}) {
                    Item item;
                    item.type = type;
                    item.repacked = repacked;
                    item.k = k;
                    item.n = n;
                    item.batch = batch;
                    items.push_back(item);
                }
            }
        }
        if (type == GGML_TYPE_F32 || type == GGML_TYPE_F16 || type == GGML_TYPE_BF16 || type == GGML_TYPE_Q8_0) {
            for (int64_t context : {4096, 8192, 32768}) {
                Item item;
                item.attention = true;
                item.type = type;
                item.context = context;
                items.push_back(item);
            }
        }
    }
    return items;
}

int run_all(Bench & bench, const Options & options) {
    std::ofstream json;
    if (!options.json.empty()) {
        json.open(options.json);
        if (!json) {
            throw std::runtime_error("cannot write " + options.json);
        }
    }
    int failed = 0;
    print_head();
    for (const Item & item : all_items(options)) {
        // Not every type has a repacked layout on every processor.
        try {
            Measurement m = bench.measure(item, options.turns);
            print_row(item, m);
            if (!m.check.passed()) {
                std::printf("FAILED: rms error %.2e of %.2e allowed; worst %.2f of its bound\n", m.check.rms_relative,
                            m.check.rms_bound, m.check.worst_of_bound);
                failed++;
            } else if (json.is_open()) {
                json << to_json(item, m) << std::endl;
            }
        } catch (const Unsupported &) {
        }
    }
    return failed == 0 ? 0 : 1;
}

// ggml tells of every tensor that it rearranges; only what goes wrong is of interest here.
void log_errors(ggml_log_level level, const char * text, void *) {
    if (level == GGML_LOG_LEVEL_WARN || level == GGML_LOG_LEVEL_ERROR) {
        std::fputs(text, stderr);
    }
}

Options parse_options(int argc, char ** argv) {
    Options options;
    for (int i = 1; i < argc; i++) {
        std::string name = argv[i];
        auto value = [&]() -> std::string {
            if (i + 1 >= argc) {
                throw std::runtime_error(name + " needs a value");
            }
            return argv[++i];
        };
        if (name == "--json") {
            options.json = value();
        } else if (name == "--threads") {
            options.threads = std::stoi(value());
        } else if (name == "--turns") {
            options.turns = std::stoi(value());
        } else if (name == "--types") {
            options.types.clear();
            std::istringstream names(value());
            for (std::string type; std::getline(names, type, ',');) {
                options.types.push_back(type);
            }
        } else if (name == "--pin") {
            options.pinned = true;
        } else if (name == "--serve") {
            options.serve = true;
        } else {
            throw std::runtime_error(
                "usage: ggml_cold [--json FILE] [--types F16,Q4_0,...] [--turns N] [--threads N] [--pin] [--serve]");
        }
    }
    if (options.turns < 1 || options.threads < 1) {
        throw std::runtime_error("turns and threads are at least 1");
    }
    return options;
}

}  // namespace

int main(int argc, char ** argv) {
    try {
        Options options = parse_options(argc, argv);
        ggml_log_set(log_errors, nullptr);
        Bench bench(options);
        return options.serve ? serve(bench) : run_all(bench, options);
    } catch (const std::exception & error) {
        std::fprintf(stderr, "ggml_cold: %s\n", error.what());
        return 2;
    }
}
