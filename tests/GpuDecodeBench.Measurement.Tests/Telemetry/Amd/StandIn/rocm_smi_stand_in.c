/*
 * A stand-in for librocm_smi64.so, for tests on machines that have none: it exports the functions that the benchmark looks up, with the
 * arguments and structures of rocm_smi/rocm_smi.h 7.3, and answers what a test asks. It has two devices; the second is the one to find.
 *
 * -DMAJOR=n  the version that it says it is
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef MAJOR
#define MAJOR 7
#endif

#define EXPORT __attribute__((visibility("default")))
#define CHECK(index) do { if (failing != 0) return failing; if ((index) != 1) return 1; } while (0)

typedef uint32_t Status;

typedef struct {
    bool has_deep_sleep;
    uint32_t num_supported, current;
    uint64_t frequency[33];
} Frequencies;

typedef struct {
    Frequencies transfer_rate;
    uint32_t lanes[33];
} PcieBandwidth;

typedef struct {
    uint32_t major, minor, patch;
    const char *build;
} Version;

typedef struct {
    uint64_t page_address, page_size;
    uint32_t status;
} RetiredPage;

typedef struct {
    uint32_t process_id, pasid;
    uint64_t vram_usage, sdma_usage;
    uint32_t cu_occupancy;
} Process;

static Status failing_init, failing;
static unsigned char metrics[480];

EXPORT void stand_in_fail(Status init, Status find, Status others) { failing_init = init; failing = others; (void)find; }
EXPORT void *stand_in_metrics(void) { return metrics; }

EXPORT void stand_in_layout(int *values) {
    int layout[] = {
        offsetof(Frequencies, num_supported), offsetof(Frequencies, frequency), offsetof(PcieBandwidth, lanes), sizeof(Process),
        offsetof(Process, vram_usage), sizeof(RetiredPage), offsetof(RetiredPage, status),
    };
    memcpy(values, layout, sizeof layout);
}

EXPORT Status rsmi_init(uint64_t flags) { return failing_init != 0 ? failing_init : flags == 0 ? 0 : 1; }
EXPORT Status rsmi_shut_down(void) { return 0; }
EXPORT Status rsmi_num_monitor_devices(uint32_t *count) { *count = 2; return 0; }

EXPORT Status rsmi_dev_pci_id_get(uint32_t index, uint64_t *id) {
    /* The second has a partition's number in bits 28 to 31. */
    *id = index == 0 ? 0xc000 : (1ull << 32) | (3ull << 28) | 0xc100;
    return 0;
}

EXPORT Status rsmi_version_get(Version *version) { *version = (Version){ MAJOR, 3, 0, "stand-in" }; return 0; }
EXPORT Status rsmi_dev_gpu_metrics_info_get(uint32_t index, void *to) { CHECK(index); memcpy(to, metrics, sizeof metrics); return 0; }

EXPORT Status rsmi_dev_energy_count_get(uint32_t index, uint64_t *counter, float *resolution, uint64_t *timestamp) {
    CHECK(index);
    *counter = 2000000;
    *resolution = 15.3f;
    *timestamp = 7;
    return 0;
}

EXPORT Status rsmi_dev_name_get(uint32_t index, char *name, size_t length) {
    CHECK(index);
    strncpy(name, "Older stand-in", length);
    return 0;
}

EXPORT Status rsmi_version_str_get(uint32_t component, char *text, uint32_t length) {
    if (failing != 0 || component != 0) return failing != 0 ? failing : 1;
    strncpy(text, "6.3.0", length);
    return 0;
}

EXPORT Status rsmi_dev_unique_id_get(uint32_t index, uint64_t *id) { CHECK(index); *id = 0x1234abcd; return 0; }

EXPORT Status rsmi_dev_memory_total_get(uint32_t index, uint32_t type, uint64_t *bytes) {
    CHECK(index);
    *bytes = 64ull << 30;
    return type == 0 ? 0 : 1;
}

EXPORT Status rsmi_dev_memory_usage_get(uint32_t index, uint32_t type, uint64_t *bytes) {
    CHECK(index);
    *bytes = 1ull << 30;
    return type == 0 ? 0 : 1;
}

EXPORT Status rsmi_dev_power_cap_get(uint32_t index, uint32_t sensor, uint64_t *cap) { CHECK(index); *cap = 500000000; return (Status)(sensor != 0); }
EXPORT Status rsmi_dev_power_cap_default_get(uint32_t index, uint64_t *cap) { CHECK(index); *cap = 560000000; return 0; }

EXPORT Status rsmi_dev_power_cap_range_get(uint32_t index, uint32_t sensor, uint64_t *max, uint64_t *min) {
    CHECK(index);
    *max = 600000000;
    *min = 100000000;
    return (Status)(sensor != 0);
}

EXPORT Status rsmi_dev_gpu_clk_freq_get(uint32_t index, uint32_t type, Frequencies *to) {
    CHECK(index);
    memset(to, 0, sizeof *to);
    to->num_supported = 2;
    to->frequency[0] = 500000000;
    to->frequency[1] = type == 0 ? 1700000000 : type == 4 ? 1600000000 : 0;
    return 0;
}

EXPORT Status rsmi_dev_pci_bandwidth_get(uint32_t index, PcieBandwidth *to) {
    CHECK(index);
    memset(to, 0, sizeof *to);
    to->transfer_rate.num_supported = 2;
    to->transfer_rate.frequency[0] = 2500000000;
    to->transfer_rate.frequency[1] = 16000000000;
    to->lanes[0] = 1;
    to->lanes[1] = 16;
    return 0;
}

EXPORT Status rsmi_dev_pci_replay_counter_get(uint32_t index, uint64_t *count) { CHECK(index); *count = 4; return 0; }

EXPORT Status rsmi_dev_temp_metric_get(uint32_t index, uint32_t sensor, uint32_t metric, int64_t *millidegrees) {
    CHECK(index);
    if (sensor == 1 && metric == 5) *millidegrees = 100000;
    else if (sensor == 1 && metric == 7) *millidegrees = 105500;
    else if (sensor == 2 && metric == 5) *millidegrees = 94000;
    else return 2;
    return 0;
}

EXPORT Status rsmi_dev_ecc_enabled_get(uint32_t index, uint64_t *blocks) { CHECK(index); *blocks = 4; return 0; }

EXPORT Status rsmi_dev_ecc_count_get(uint32_t index, uint64_t block, uint64_t *counts) {
    CHECK(index);
    counts[0] = 8;
    counts[1] = 2;
    return block == 1 ? 0 : 1;
}

EXPORT Status rsmi_dev_memory_reserved_pages_get(uint32_t index, uint32_t *count, RetiredPage *to) {
    CHECK(index);
    if (to != NULL && *count >= 1) to[0] = (RetiredPage){ 1, 4096, 2 };
    *count = 1;
    return 0;
}

EXPORT Status rsmi_compute_process_info_get(Process *to, uint32_t *count) {
    if (failing != 0) return failing;
    if (*count >= 2) {
        to[0] = (Process){ .process_id = 81 };
        to[1] = (Process){ .process_id = 82 };
    }
    *count = 2;
    return 0;
}

EXPORT Status rsmi_compute_process_info_by_device_get(uint32_t process, uint32_t index, Process *to) {
    CHECK(index);
    if (process != 82) return 10;
    *to = (Process){ .process_id = 82, .vram_usage = 777 };
    return 0;
}
