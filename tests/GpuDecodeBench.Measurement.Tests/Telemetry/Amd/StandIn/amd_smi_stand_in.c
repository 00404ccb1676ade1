/*
 * A stand-in for libamd_smi.so, for tests on machines that have none: it exports the functions that the benchmark looks up, with the
 * arguments and structures of amd_smi/amdsmi.h, written field by field after the header's documentation, and answers what a test asks.
 *
 * -DYEAR=24 or 26  whose structures: 24.7 (ROCm 6.3) or 26.1 (ROCm 7); another year has those of 26.1
 * -DOLD            leaves out the energy counter, the metrics of limits, and the calls that are not in every version
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef YEAR
#define YEAR 26
#endif

#define EXPORT __attribute__((visibility("default")))
#define TEXT(target, text) memcpy(target, text, sizeof text)

typedef uint32_t Status;
typedef void *Handle;

#if YEAR == 24
#define NAME_LENGTH 64
#define SHORT_LENGTH 32
#define VENDOR_TYPE uint32_t vram_vendor
#else
#define NAME_LENGTH 256
#define SHORT_LENGTH 256
#define VENDOR_TYPE char vram_vendor[256]
#endif

typedef struct {
#if YEAR == 24
    uint32_t year;
#endif
    uint32_t major, minor, release;
    const char *build;
} Version;

typedef struct {
    uint16_t structure_size;
    uint8_t format_revision, content_revision;
} Header;

/* amdsmi_gpu_metrics_t, to the end of the residencies. */
typedef struct {
    Header common_header;
    uint16_t temperature_edge, temperature_hotspot, temperature_mem, temperature_vrgfx, temperature_vrsoc, temperature_vrmem;
    uint16_t average_gfx_activity, average_umc_activity, average_mm_activity;
    uint16_t average_socket_power;
    uint64_t energy_accumulator;
    uint64_t system_clock_counter;
    uint16_t average_gfxclk_frequency, average_socclk_frequency, average_uclk_frequency;
    uint16_t average_vclk0_frequency, average_dclk0_frequency, average_vclk1_frequency, average_dclk1_frequency;
    uint16_t current_gfxclk, current_socclk, current_uclk, current_vclk0, current_dclk0, current_vclk1, current_dclk1;
    uint32_t throttle_status;
    uint16_t current_fan_speed;
    uint16_t pcie_link_width, pcie_link_speed;
    uint32_t gfx_activity_acc, mem_activity_acc;
    uint16_t temperature_hbm[4];
    uint64_t firmware_timestamp;
    uint16_t voltage_soc, voltage_gfx, voltage_mem;
    uint64_t indep_throttle_status;
    uint16_t current_socket_power;
    uint16_t vcn_activity[4];
    uint32_t gfxclk_lock_status;
    uint16_t xgmi_link_width, xgmi_link_speed;
    uint64_t pcie_bandwidth_acc, pcie_bandwidth_inst;
    uint64_t pcie_l0_to_recov_count_acc, pcie_replay_count_acc, pcie_replay_rover_count_acc;
    uint64_t xgmi_read_data_acc[8], xgmi_write_data_acc[8];
    uint16_t current_gfxclks[8], current_socclks[4], current_vclk0s[4], current_dclk0s[4];
#ifndef OLD
    uint16_t jpeg_activity[32];
    uint32_t pcie_nak_sent_count_acc, pcie_nak_rcvd_count_acc;
    uint64_t accumulation_counter;
    uint64_t prochot_residency_acc, ppt_residency_acc, socket_thm_residency_acc, vr_thm_residency_acc, hbm_thm_residency_acc;
#endif
} Metrics;

typedef struct {
    char market_name[256];
    uint32_t vendor_id;
    char vendor_name[NAME_LENGTH];
    uint32_t subvendor_id;
    uint64_t device_id;
    uint32_t rev_id;
    char asic_serial[SHORT_LENGTH];
    uint32_t rest[32];
} AsicInfo;

typedef struct {
    char driver_version[NAME_LENGTH], driver_date[NAME_LENGTH], driver_name[NAME_LENGTH];
} DriverInfo;

typedef struct {
    uint32_t vram_type;
    VENDOR_TYPE;
    uint64_t vram_size;
    uint32_t vram_bit_width;
#if YEAR == 24
    uint64_t reserved[5];
#else
    uint64_t vram_max_bandwidth;
    uint64_t reserved[37];
#endif
} VramInfo;

typedef struct {
    uint64_t power_cap, default_power_cap, dpm_cap, min_power_cap, max_power_cap, reserved[3];
} PowerCap;

typedef struct {
    uint32_t clk, min_clk, max_clk;
    uint8_t clk_locked, clk_deep_sleep;
    uint32_t reserved[4];
} ClockInfo;

typedef struct {
    struct {
        uint16_t max_pcie_width;
        uint32_t max_pcie_speed, pcie_interface_version, slot_type;
#if YEAR == 24
        uint64_t reserved[10];
#else
        uint32_t max_pcie_interface_version;
        uint64_t reserved[9];
#endif
    } pcie_static;
    uint64_t metric[64];
} PcieInfo;

typedef struct {
    uint64_t correctable_count, uncorrectable_count, deferred_count, reserved[5];
} ErrorCount;

typedef struct {
    uint64_t page_address, page_size;
    uint32_t status;
} RetiredPage;

typedef struct {
    uint32_t num_links;
    struct Link {
        uint64_t bdf;
        uint32_t bit_rate, max_bandwidth, link_type;
        uint64_t read, write;
#if YEAR == 24
        uint64_t reserved[2];
#else
        uint64_t reserved[1];
#endif
    } links[64];
    uint64_t reserved[7];
} LinkMetrics;

/* AMDSMI_LINK_TYPE_XGMI and _PCIE: 24.7 has them the other way round. */
#if YEAR == 24
enum { XGMI = 1, PCIE = 2 };
#else
enum { PCIE = 1, XGMI = 2 };
#endif

typedef struct {
    char name[SHORT_LENGTH];
    uint32_t pid;
    uint64_t mem;
    struct { uint64_t gfx, enc; uint32_t reserved[12]; } engine_usage;
    struct { uint64_t gtt_mem, cpu_mem, vram_mem; uint32_t reserved[10]; } memory_usage;
    char container_name[SHORT_LENGTH];
#if YEAR == 24
    uint32_t reserved[4];
#else
    uint32_t cu_occupancy, evicted_time, reserved[10];
#endif
} Process;

/* What a test sees and sets. */
static Status failing_init, failing_find, failing;
static uint64_t asked_place;
static int started;
/* As large as the newest table, whichever the library has, so that a test can fill it. */
static union { Metrics fields; unsigned char bytes[480]; } metrics;
static uint64_t energy_counter = 1000000;
static float energy_resolution = 15.3f;
static uint64_t power_cap = 700000000;

EXPORT void stand_in_fail(Status init, Status find, Status others) { failing_init = init; failing_find = find; failing = others; }
EXPORT uint64_t stand_in_place(void) { return asked_place; }
EXPORT int stand_in_started(void) { return started; }
EXPORT void *stand_in_metrics(void) { return &metrics; }
EXPORT void stand_in_energy(uint64_t counter, float resolution) { energy_counter = counter; energy_resolution = resolution; }
EXPORT void stand_in_power_cap(uint64_t cap) { power_cap = cap; }

/* Offsets and sizes as the C compiler lays the structures out, in the order that the test names them. */
EXPORT void stand_in_layout(int *values) {
    int layout[] = {
        offsetof(Metrics, temperature_edge), offsetof(Metrics, temperature_hotspot), offsetof(Metrics, temperature_mem),
        offsetof(Metrics, average_gfx_activity), offsetof(Metrics, average_umc_activity), offsetof(Metrics, average_socket_power),
        offsetof(Metrics, current_gfxclk), offsetof(Metrics, current_uclk), offsetof(Metrics, pcie_link_width),
        offsetof(Metrics, pcie_link_speed), offsetof(Metrics, temperature_hbm), offsetof(Metrics, indep_throttle_status),
        offsetof(Metrics, current_socket_power), offsetof(Metrics, pcie_replay_count_acc), offsetof(Metrics, current_gfxclks),
#ifndef OLD
        offsetof(Metrics, prochot_residency_acc), offsetof(Metrics, ppt_residency_acc), offsetof(Metrics, socket_thm_residency_acc),
        offsetof(Metrics, vr_thm_residency_acc), offsetof(Metrics, hbm_thm_residency_acc),
#else
        0, 0, 0, 0, 0,
#endif
        offsetof(PcieInfo, pcie_static.max_pcie_width), offsetof(PcieInfo, pcie_static.max_pcie_speed),
        offsetof(PowerCap, power_cap), offsetof(PowerCap, default_power_cap), offsetof(PowerCap, min_power_cap),
        offsetof(PowerCap, max_power_cap), offsetof(ClockInfo, max_clk), offsetof(ErrorCount, correctable_count),
        offsetof(ErrorCount, uncorrectable_count), sizeof(RetiredPage), offsetof(RetiredPage, status),
        offsetof(LinkMetrics, links), offsetof(struct Link, max_bandwidth), offsetof(struct Link, link_type),
        sizeof(Process), offsetof(Process, pid), offsetof(Process, memory_usage.vram_mem), offsetof(VramInfo, vram_bit_width),
        sizeof(struct Link),
    };
    memcpy(values, layout, sizeof layout);
}

EXPORT Status amdsmi_init(uint64_t flags) {
    started += failing_init == 0;
    return failing_init != 0 ? failing_init : flags == 2 ? 0 : 1;
}

EXPORT Status amdsmi_shut_down(void) { started--; return 0; }

EXPORT Status amdsmi_get_lib_version(Version *version) {
#if YEAR == 24
    *version = (Version){ 24, 7, 0, 0, "24.7.0.0" };
#else
    *version = (Version){ YEAR, 1, 0, "stand-in" };
#endif
    return 0;
}

EXPORT Status amdsmi_get_processor_handle_from_bdf(uint64_t place, Handle *handle) {
    asked_place = place;
    *handle = (Handle)0x51;
    return failing_find;
}

static Status of(Handle handle) { return failing != 0 ? failing : handle == (Handle)0x51 ? 0 : 31; }
#define CHECK(handle) do { Status status = of(handle); if (status != 0) return status; } while (0)

EXPORT Status amdsmi_get_gpu_metrics_info(Handle handle, Metrics *to) { CHECK(handle); *to = metrics.fields; return 0; }

#ifndef OLD
EXPORT Status amdsmi_get_energy_count(Handle handle, uint64_t *counter, float *resolution, uint64_t *timestamp) {
    CHECK(handle);
    *counter = energy_counter;
    *resolution = energy_resolution;
    *timestamp = 7;
    return 0;
}

EXPORT Status amdsmi_get_link_metrics(Handle handle, LinkMetrics *to) {
    CHECK(handle);
    memset(to, 0, sizeof *to);
    to->num_links = 3;
    to->links[0] = (struct Link){ .bit_rate = 32, .max_bandwidth = 512, .link_type = XGMI };
    to->links[1] = (struct Link){ .bit_rate = 32, .max_bandwidth = 64, .link_type = PCIE };
    to->links[2] = (struct Link){ .link_type = XGMI };
    return 0;
}
#endif

EXPORT Status amdsmi_get_gpu_asic_info(Handle handle, AsicInfo *to) {
    CHECK(handle);
    memset(to, 0, sizeof *to);
    TEXT(to->market_name, "AMD Instinct stand-in");
    return 0;
}

EXPORT Status amdsmi_get_gpu_driver_info(Handle handle, DriverInfo *to) {
    CHECK(handle);
    memset(to, 0, sizeof *to);
    TEXT(to->driver_version, "6.8.5");
    TEXT(to->driver_name, "amdgpu");
    return 0;
}

EXPORT Status amdsmi_get_gpu_device_uuid(Handle handle, unsigned int *length, char *uuid) {
    CHECK(handle);
    if (*length < 38) return 1;
    TEXT(uuid, "baff74a1-0000-1000-805a-1c2d3e4f5a6b");
    return 0;
}

EXPORT Status amdsmi_get_gpu_device_bdf(Handle handle, uint64_t *place) { CHECK(handle); *place = asked_place; return 0; }

EXPORT Status amdsmi_get_gpu_memory_total(Handle handle, uint32_t type, uint64_t *bytes) {
    CHECK(handle);
    *bytes = 192ull << 30;
    return type == 0 ? 0 : 1;
}

EXPORT Status amdsmi_get_gpu_memory_usage(Handle handle, uint32_t type, uint64_t *bytes) {
    CHECK(handle);
    *bytes = 3ull << 30;
    return type == 0 ? 0 : 1;
}

EXPORT Status amdsmi_get_gpu_vram_info(Handle handle, VramInfo *to) {
    CHECK(handle);
    memset(to, 0, sizeof *to);
    to->vram_bit_width = 8192;
    return 0;
}

EXPORT Status amdsmi_get_power_cap_info(Handle handle, uint32_t sensor, PowerCap *to) {
    CHECK(handle);
    *to = (PowerCap){ power_cap, 750000000, 0, 0, 750000000, { 0 } };
    return sensor == 0 ? 0 : 1;
}

EXPORT Status amdsmi_get_clock_info(Handle handle, uint32_t type, ClockInfo *to) {
    CHECK(handle);
    memset(to, 0, sizeof *to);
    to->clk = 132;
    to->min_clk = 132;
    to->max_clk = type == 0 ? 2100 : type == 4 ? 1300 : 0;
    return 0;
}

EXPORT Status amdsmi_get_temp_metric(Handle handle, uint32_t sensor, uint32_t metric, int64_t *degrees) {
    CHECK(handle);
    if (sensor == 1 && metric == 5) *degrees = 100;
    else if (sensor == 1 && metric == 7) *degrees = 110;
    else if (sensor == 2 && metric == 5) *degrees = 95;
    else return 2;
    return 0;
}

EXPORT Status amdsmi_get_gpu_ecc_enabled(Handle handle, uint64_t *blocks) { CHECK(handle); *blocks = 5; return 0; }

EXPORT Status amdsmi_get_gpu_total_ecc_count(Handle handle, ErrorCount *to) {
    CHECK(handle);
    *to = (ErrorCount){ 12, 3, 0, { 0 } };
    return 0;
}

EXPORT Status amdsmi_get_gpu_bad_page_info(Handle handle, uint32_t *count, RetiredPage *to) {
    CHECK(handle);
    if (to != NULL && *count >= 3) {
        to[0] = (RetiredPage){ 1, 4096, 0 };
        to[1] = (RetiredPage){ 2, 4096, 1 };
        to[2] = (RetiredPage){ 3, 4096, 0 };
    }
    *count = 3;
    return 0;
}

EXPORT Status amdsmi_get_pcie_info(Handle handle, PcieInfo *to) {
    CHECK(handle);
    memset(to, 0, sizeof *to);
    to->pcie_static.max_pcie_width = 16;
    to->pcie_static.max_pcie_speed = YEAR == 24 ? 32000 : 32;
    return 0;
}

EXPORT Status amdsmi_get_gpu_process_list(Handle handle, uint32_t *count, Process *to) {
    CHECK(handle);
    if (*count < 2) return 15;
    memset(to, 0, 2 * sizeof *to);
    to[0].pid = 4711;
    to[0].memory_usage.vram_mem = 5000000000ull;
    to[1].pid = 4712;
    to[1].memory_usage.vram_mem = 6000000000ull;
    *count = 2;
    return 0;
}
