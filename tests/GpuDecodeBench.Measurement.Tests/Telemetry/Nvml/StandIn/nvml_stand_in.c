/*
 * A stand-in for NVIDIA's management library, for tests on machines that have none: it exports the functions that the benchmark
 * looks up, with the arguments and structures that nvml.h documents (https://docs.nvidia.com/deploy/nvml-api), and answers with
 * the codes and figures that a test asks for, or else with those of a made-up GPU.
 *
 * A test leaves a function out by giving it another name: -DnvmlDeviceGetFieldValues=left_out.
 * -DLONG_PROCESSES  processes of 32 bytes, as some drivers write them
 * -DSILENT          calls are not written down
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define EXPORT __attribute__((visibility("default")))

typedef int Return;
typedef struct Handle *Device;

enum { SUCCESS = 0, UNINITIALIZED = 1, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6, INSUFFICIENT_SIZE = 7,
       GPU_IS_LOST = 15, ARGUMENT_VERSION_MISMATCH = 25 };

/* The structures, field by field as the documentation lists them. */
typedef union {
    double dVal;
    int siVal;
    unsigned int uiVal;
    unsigned long ulVal;
    unsigned long long ullVal;
    signed long long sllVal;
    unsigned short usVal;
} Value;

typedef struct {
    unsigned int fieldId;
    unsigned int scopeId;
    long long timestamp;
    long long latencyUsec;
    int valueType;
    Return nvmlReturn;
    Value value;
} FieldValue;

typedef struct { unsigned long long timeStamp; Value sampleValue; } Sample;
typedef struct { unsigned int gpu, memory; } Utilization;
typedef struct { unsigned long long total, free, used; } Memory;
typedef struct { unsigned int version; unsigned long long total, reserved, free, used; } MemoryV2;
typedef struct { unsigned int pid; unsigned long long usedGpuMemory; } ProcessV1;
typedef struct { unsigned int pid; unsigned long long usedGpuMemory; unsigned int gpuInstanceId, computeInstanceId; } ProcessV2;

typedef struct {
    unsigned int pid;
    unsigned long long usedGpuMemory;
    unsigned int gpuInstanceId, computeInstanceId;
    unsigned long long usedGpuCcProtectedMemory;
} LongProcess;

typedef struct {
    char busIdLegacy[16];
    unsigned int domain, bus, device, pciDeviceId, pciSubSystemId;
    char busId[32];
} Pci;

typedef struct {
    char busId[16];
    unsigned int domain, bus, device, pciDeviceId, pciSubSystemId;
    unsigned int reserved[4];
} OldPci;

/* Sizes and offsets as this compiler lays the structures out. */
EXPORT int stand_in_layout(int *out)
{
    int layout[] = {
        sizeof(Value),
        sizeof(FieldValue), offsetof(FieldValue, fieldId), offsetof(FieldValue, scopeId), offsetof(FieldValue, timestamp),
        offsetof(FieldValue, latencyUsec), offsetof(FieldValue, valueType), offsetof(FieldValue, nvmlReturn), offsetof(FieldValue, value),
        sizeof(Sample), offsetof(Sample, timeStamp), offsetof(Sample, sampleValue),
        sizeof(Utilization), offsetof(Utilization, gpu), offsetof(Utilization, memory),
        sizeof(Memory), offsetof(Memory, total), offsetof(Memory, free), offsetof(Memory, used),
        sizeof(MemoryV2), offsetof(MemoryV2, version), offsetof(MemoryV2, total), offsetof(MemoryV2, reserved),
        offsetof(MemoryV2, free), offsetof(MemoryV2, used),
        sizeof(Pci), offsetof(Pci, busIdLegacy), offsetof(Pci, domain), offsetof(Pci, bus), offsetof(Pci, device),
        offsetof(Pci, pciDeviceId), offsetof(Pci, pciSubSystemId), offsetof(Pci, busId),
        sizeof(ProcessV1), sizeof(ProcessV2), sizeof(LongProcess), offsetof(LongProcess, usedGpuMemory),
    };
    memcpy(out, layout, sizeof layout);
    return sizeof layout / sizeof *layout;
}

/* What a test sees and sets: codes and figures by name; the name of a figure is its function's, with the argument that chooses. */
enum { MAXIMUM = 64, SAMPLES = 400 };
static struct { char name[80]; unsigned long long value; } codes[MAXIMUM], figures[MAXIMUM];
static int code_count, figure_count, references;
static Return everything;
static Sample samples[SAMPLES];
static int sample_count;
static unsigned int pids[8];
static int process_count;
static char uuid[96], calls[1 << 16];
static size_t used;

static void put(int *count, void *table, const char *name, unsigned long long value)
{
    struct { char name[80]; unsigned long long value; } *rows = table;
    int i = 0;
    while (i < *count && strcmp(rows[i].name, name) != 0) i++;
    if (i == MAXIMUM) return;
    if (i == *count) (*count)++;
    snprintf(rows[i].name, sizeof rows[i].name, "%s", name);
    rows[i].value = value;
}

EXPORT void stand_in_code(const char *function, int code) { put(&code_count, codes, function, (unsigned long long)code); }
EXPORT void stand_in_figure(const char *name, unsigned long long value) { put(&figure_count, figures, name, value); }
EXPORT void stand_in_everything(int code) { everything = code; }
EXPORT int stand_in_references(void) { return references; }
EXPORT const char *stand_in_calls(void) { return calls; }
EXPORT void stand_in_forget_calls(void) { used = 0; calls[0] = 0; }

EXPORT void stand_in_sample(unsigned long long microseconds, unsigned int milliwatts)
{
    if (sample_count == SAMPLES) return;
    samples[sample_count].timeStamp = microseconds;
    samples[sample_count++].sampleValue.uiVal = milliwatts;
}

EXPORT void stand_in_process(unsigned int pid) { pids[process_count++] = pid; }

EXPORT void stand_in_reset(void)
{
    code_count = figure_count = sample_count = process_count = 0;
    everything = SUCCESS;
    snprintf(uuid, sizeof uuid, "GPU-00112233-4455-6677-8899-aabbccddeeff");
    stand_in_forget_calls();
}

EXPORT void stand_in_uuid(const char *text) { snprintf(uuid, sizeof uuid, "%s", text); }

/* The time of the clock that a test wants samples stamped with: 0 the time of day, 7 since the machine was started. */
EXPORT unsigned long long stand_in_microseconds(int clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000;
}

static Return code_of(const char *name)
{
#ifndef SILENT
    size_t length = strlen(name);
    if (used + length + 2 < sizeof calls) {
        memcpy(calls + used, name, length);
        memcpy(calls + used + length, "\n", 2);
        used += length + 1;
    }
#endif
    if (references == 0) return UNINITIALIZED;
    if (everything) return everything;
    for (int i = 0; i < code_count; i++)
        if (strcmp(codes[i].name, name) == 0) return (Return)codes[i].value;
    return SUCCESS;
}

static unsigned long long figure_of(const char *name, unsigned long long otherwise)
{
    for (int i = 0; i < figure_count; i++)
        if (strcmp(figures[i].name, name) == 0) return figures[i].value;
    return otherwise;
}

/* A function's own name, with a number that chooses among its answers. */
#define NAMED(buffer, number) char buffer[80]; snprintf(buffer, sizeof buffer, "%s %u", __func__, number)
#define REFUSE(name) do { Return code = code_of(name); if (code) return code; } while (0)

EXPORT Return nvmlInit_v2(void)
{
    references++;
    Return code = code_of(__func__);
    if (code) references--;
    return code;
}

EXPORT Return nvmlShutdown(void)
{
    if (references == 0) return UNINITIALIZED;
    references--;
    return SUCCESS;
}

EXPORT const char *nvmlErrorString(Return code)
{
    return code == NOT_SUPPORTED ? "Not Supported" : code == GPU_IS_LOST ? "GPU is lost" : code <= 30 ? "Some Error" : NULL;
}

static Return text(const char *function, char *out, unsigned int length, const char *words)
{
    REFUSE(function);
    if (length <= strlen(words)) return INSUFFICIENT_SIZE;
    snprintf(out, length, "%s", words);
    return SUCCESS;
}

EXPORT Return nvmlSystemGetDriverVersion(char *out, unsigned int length) { return text(__func__, out, length, "570.86.15"); }
EXPORT Return nvmlSystemGetNVMLVersion(char *out, unsigned int length) { return text(__func__, out, length, "12.570.86.15"); }
EXPORT Return nvmlSystemGetCudaDriverVersion_v2(int *version) { REFUSE(__func__); *version = 12080; return SUCCESS; }
EXPORT Return nvmlDeviceGetName(Device device, char *out, unsigned int length) { return text(__func__, out, length, "NVIDIA Stand-in H200"); }
EXPORT Return nvmlDeviceGetUUID(Device device, char *out, unsigned int length) { return text(__func__, out, length, uuid); }

/* The GPU is 0x10 by its identity and 0x20 by its place; a part of it is 0x11. */
EXPORT Return nvmlDeviceGetHandleByUUID(const char *wanted, Device *device)
{
    REFUSE(__func__);
    int is_part = strncmp(wanted, "MIG-", 4) == 0;
    *device = is_part ? (Device)0x11 : (Device)0x10;
    return is_part || strcmp(wanted, uuid) == 0 ? SUCCESS : NOT_FOUND;
}

EXPORT Return nvmlDeviceGetHandleByPciBusId_v2(const char *place, Device *device)
{
    REFUSE(__func__);
    *device = (Device)0x20;
    return strcmp(place, "0000:65:00.0") == 0 ? SUCCESS : NOT_FOUND;
}

EXPORT Return nvmlDeviceIsMigDeviceHandle(Device device, unsigned int *is) { REFUSE(__func__); *is = device == (Device)0x11; return SUCCESS; }

EXPORT Return nvmlDeviceGetDeviceHandleFromMigDeviceHandle(Device device, Device *parent)
{
    REFUSE(__func__);
    *parent = (Device)0x10;
    return device == (Device)0x11 ? SUCCESS : INVALID_ARGUMENT;
}

/* A part's handle is good for little: sensors are the whole GPU's. */
#define WHOLE(device) do { if ((device) != (Device)0x10 && (device) != (Device)0x20) return INVALID_ARGUMENT; } while (0)

#define NUMBER(name, otherwise) \
    EXPORT Return name(Device device, unsigned int *out) \
    { REFUSE(__func__); WHOLE(device); *out = (unsigned int)figure_of(__func__, otherwise); return SUCCESS; }

NUMBER(nvmlDeviceGetPowerUsage, 411000)
NUMBER(nvmlDeviceGetPowerManagementDefaultLimit, 700000)
NUMBER(nvmlDeviceGetEnforcedPowerLimit, 650000)
NUMBER(nvmlDeviceGetCurrPcieLinkGeneration, 4)
NUMBER(nvmlDeviceGetMaxPcieLinkGeneration, 5)
NUMBER(nvmlDeviceGetCurrPcieLinkWidth, 8)
NUMBER(nvmlDeviceGetMaxPcieLinkWidth, 16)
NUMBER(nvmlDeviceGetPcieReplayCounter, 3)
NUMBER(nvmlDeviceGetPersistenceMode, 1)
NUMBER(nvmlDeviceGetComputeMode, 3)
NUMBER(nvmlDeviceGetMemoryBusWidth, 6144)
NUMBER(nvmlDeviceGetArchitecture, 9)

#define NUMBER_OF(name, otherwise) \
    EXPORT Return name(Device device, unsigned int kind, unsigned int *out) \
    { NAMED(with, kind); REFUSE(__func__); REFUSE(with); WHOLE(device); *out = (unsigned int)figure_of(with, otherwise); return SUCCESS; }

NUMBER_OF(nvmlDeviceGetClockInfo, kind == 1 ? 1755 : kind == 2 ? 3201 : 9)
NUMBER_OF(nvmlDeviceGetMaxClockInfo, kind == 1 ? 1980 : kind == 2 ? 3202 : 9)
NUMBER_OF(nvmlDeviceGetApplicationsClock, kind == 1 ? 1500 : kind == 2 ? 3203 : 9)
NUMBER_OF(nvmlDeviceGetDefaultApplicationsClock, kind == 1 ? 1830 : kind == 2 ? 3204 : 9)
NUMBER_OF(nvmlDeviceGetTemperature, kind == 0 ? 61 : 9)
NUMBER_OF(nvmlDeviceGetTemperatureThreshold, kind == 0 ? 92 : kind == 1 ? 89 : kind == 2 ? 95 : 9)
NUMBER_OF(nvmlDeviceGetNvLinkState, kind != 1)

#define PAIR(name, one, two) \
    EXPORT Return name(Device device, unsigned int *first, unsigned int *second) \
    { REFUSE(__func__); WHOLE(device); *first = (unsigned int)figure_of(#name " 0", one); *second = (unsigned int)figure_of(#name " 1", two); return SUCCESS; }

PAIR(nvmlDeviceGetPowerManagementLimitConstraints, 200000, 700000)
PAIR(nvmlDeviceGetEccMode, 1, 0)
PAIR(nvmlDeviceGetMigMode, 0, 1)
PAIR(nvmlDeviceGetCudaComputeCapability, 9, 0)

#define LONG(name, otherwise) \
    EXPORT Return name(Device device, unsigned long long *out) \
    { REFUSE(__func__); WHOLE(device); *out = figure_of(__func__, otherwise); return SUCCESS; }

LONG(nvmlDeviceGetTotalEnergyConsumption, 5000001)
LONG(nvmlDeviceGetCurrentClocksEventReasons, 0x4)
LONG(nvmlDeviceGetCurrentClocksThrottleReasons, 0x8)

EXPORT Return nvmlDeviceGetUtilizationRates(Device device, Utilization *out)
{
    REFUSE(__func__);
    WHOLE(device);
    *out = (Utilization){ 97, 40 };
    return SUCCESS;
}

EXPORT Return nvmlDeviceGetTotalEccErrors(Device device, unsigned int errors, unsigned int counter, unsigned long long *out)
{
    NAMED(with, errors * 10 + counter);
    REFUSE(__func__);
    WHOLE(device);
    *out = figure_of(with, 100 + errors * 10 + counter);
    return SUCCESS;
}

EXPORT Return nvmlDeviceGetRemappedRows(Device device, unsigned int *corrected, unsigned int *uncorrected, unsigned int *pending, unsigned int *failed)
{
    REFUSE(__func__);
    WHOLE(device);
    *corrected = 2; *uncorrected = 1; *pending = 1; *failed = 0;
    return SUCCESS;
}

EXPORT Return nvmlDeviceGetMemoryInfo(Device device, Memory *out)
{
    REFUSE(__func__);
    WHOLE(device);
    *out = (Memory){ 143ull << 30, 100ull << 30, 43ull << 30 };
    return SUCCESS;
}

EXPORT Return nvmlDeviceGetMemoryInfo_v2(Device device, MemoryV2 *out)
{
    REFUSE(__func__);
    WHOLE(device);
    if (out->version != (sizeof(MemoryV2) | 2u << 24)) return ARGUMENT_VERSION_MISMATCH;
    *out = (MemoryV2){ out->version, 143ull << 30, 1ull << 30, 100ull << 30, 42ull << 30 };
    return SUCCESS;
}

EXPORT Return nvmlDeviceGetPciInfo_v3(Device device, Pci *out)
{
    REFUSE(__func__);
    WHOLE(device);
    *out = (Pci){ "0000:65:00.0", 0, 0x65, 0, 0x233510de, 0x18be10de, "00000000:65:00.0" };
    return SUCCESS;
}

EXPORT Return nvmlDeviceGetPciInfo_v2(Device device, OldPci *out)
{
    REFUSE(__func__);
    WHOLE(device);
    *out = (OldPci){ "0000:65:00.0", 0, 0x65, 0, 0x233510de, 0x18be10de, { 0 } };
    return SUCCESS;
}

/* Fields: "nvmlDeviceGetFieldValues FIELD/SCOPE" names a figure, a code, and with " type" behind it a type. */
static Return field(FieldValue *value)
{
    char name[80], typed[90];
    unsigned long long otherwise;
    int type = 1;
    snprintf(name, sizeof name, "nvmlDeviceGetFieldValues %u/%u", value->fieldId, value->scopeId);
    snprintf(typed, sizeof typed, "%s type", name);
    switch (value->fieldId) {
    case 82: otherwise = 71; break;
    case 83: otherwise = 5000000; type = 3; break;
    case 91: otherwise = 3; break;
    case 94: otherwise = 6; break;
    case 164: otherwise = 26562 + value->scopeId; break;
    case 185: otherwise = value->scopeId == 0 ? 410000 : 610000; break;
    case 186: otherwise = value->scopeId == 0 ? 420000 : 620000; break;
    default: return NOT_SUPPORTED;
    }
    for (int i = 0; i < code_count; i++)
        if (strcmp(codes[i].name, name) == 0) return (Return)codes[i].value;
    value->valueType = (int)figure_of(typed, (unsigned long long)type);
    value->value.ullVal = 0xA5A5A5A5A5A5A5A5ull;
    unsigned long long figure = figure_of(name, otherwise);
    switch (value->valueType) {
    case 0: value->value.dVal = (double)figure; break;
    case 1: value->value.uiVal = (unsigned int)figure; break;
    case 2: value->value.ulVal = (unsigned long)figure; break;
    case 5: value->value.siVal = (int)figure; break;
    case 6: value->value.usVal = (unsigned short)figure; break;
    default: value->value.ullVal = figure;
    }
    return SUCCESS;
}

EXPORT Return nvmlDeviceGetFieldValues(Device device, int count, FieldValue *values)
{
    REFUSE(__func__);
    WHOLE(device);
    for (int i = 0; i < count; i++) {
        values[i].timestamp = 1;
        values[i].latencyUsec = 2;
        values[i].nvmlReturn = field(&values[i]);
    }
    return SUCCESS;
}

EXPORT Return nvmlDeviceGetSamples(Device device, int kind, unsigned long long after, int *type, unsigned int *count, Sample *out)
{
    NAMED(with, (unsigned int)kind);
    REFUSE(__func__);
    REFUSE(with);
    WHOLE(device);
    *type = 1;
    if (!out) {
        *count = SAMPLES;
        return SUCCESS;
    }
    unsigned int written = 0;
    for (int i = 0; i < sample_count && written < *count; i++)
        if (samples[i].timeStamp > after) out[written++] = samples[i];
    *count = written;
    return written ? SUCCESS : NOT_FOUND;
}

#define PROCESSES(name, type, ...) \
    EXPORT Return name(Device device, unsigned int *count, type *out) \
    { \
        REFUSE(__func__); \
        WHOLE(device); \
        unsigned int room = *count; \
        *count = (unsigned int)process_count; \
        if (room < *count) return INSUFFICIENT_SIZE; \
        for (unsigned int i = 0; i < *count; i++) \
            out[i] = (type){ pids[i], figure_of(#name, (i + 1ull) << 30) __VA_ARGS__ }; \
        return SUCCESS; \
    }

PROCESSES(nvmlDeviceGetComputeRunningProcesses, ProcessV1)
PROCESSES(nvmlDeviceGetComputeRunningProcesses_v2, ProcessV2, , 0xFFFFFFFF, 0xFFFFFFFF)
#ifdef LONG_PROCESSES
PROCESSES(nvmlDeviceGetComputeRunningProcesses_v3, LongProcess, , 0xFFFFFFFF, 0xFFFFFFFF, 0)
#else
PROCESSES(nvmlDeviceGetComputeRunningProcesses_v3, ProcessV2, , 0xFFFFFFFF, 0xFFFFFFFF)
#endif
