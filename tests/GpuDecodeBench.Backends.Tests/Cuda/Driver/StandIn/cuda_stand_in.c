/*
 * A stand-in for the CUDA driver's library, for tests on machines that have none: it exports the functions that the benchmark
 * looks up, with the arguments that https://docs.nvidia.com/cuda/cuda-driver-api/modules.html documents, writes down every call,
 * and returns the codes a test asks for. Device memory is the host's own.
 *
 * -DDRIVER_VERSION=n  what cuDriverGetVersion answers
 * -DOLD_DRIVER        leaves out what drivers before CUDA 11.8 lack
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef DRIVER_VERSION
#define DRIVER_VERSION 12050
#endif

#define EXPORT __attribute__((visibility("default")))

typedef int Result;
typedef int Device;
typedef unsigned long long Address;
typedef void *Handle;

/* The launch structures, field by field as the documentation lists them. */
typedef union {
    char pad[64];
    int programmaticStreamSerializationAllowed;
    struct { unsigned int x, y, z; } clusterDim;
    struct { void *event; int flags; int triggerAtBlockStart; } programmaticEvent;
} AttributeValue;

typedef struct {
    int id;
    char pad[8 - sizeof(int)];
    AttributeValue value;
} Attribute;

typedef struct {
    unsigned int gridDimX, gridDimY, gridDimZ;
    unsigned int blockDimX, blockDimY, blockDimZ;
    unsigned int sharedMemBytes;
    Handle hStream;
    Attribute *attrs;
    unsigned int numAttrs;
} LaunchConfig;

/* What a test sees and sets. */
static char calls[1 << 16];
static size_t used;
static char failing[64];
static int failure;
static int device_count = 2;
static int argument_bytes;

EXPORT const char *stand_in_calls(void) { return calls; }
EXPORT void stand_in_devices(int count) { device_count = count; }
EXPORT void stand_in_argument_bytes(int bytes) { argument_bytes = bytes; }

EXPORT void stand_in_reset(void)
{
    used = 0;
    calls[0] = 0;
    failing[0] = 0;
    failure = 0;
    device_count = 2;
    argument_bytes = 0;
}

EXPORT void stand_in_fail(const char *function, int code)
{
    strncpy(failing, function, sizeof failing - 1);
    failure = code;
}

/* Sizes and offsets as this compiler lays the structures out. */
EXPORT void stand_in_layout(int *out)
{
    out[0] = sizeof(LaunchConfig);
    out[1] = offsetof(LaunchConfig, sharedMemBytes);
    out[2] = offsetof(LaunchConfig, hStream);
    out[3] = offsetof(LaunchConfig, attrs);
    out[4] = offsetof(LaunchConfig, numAttrs);
    out[5] = sizeof(Attribute);
    out[6] = offsetof(Attribute, value);
}

static void write_down(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(calls + used, sizeof calls - used, format, arguments);
    va_end(arguments);
    if (length > 0 && used + (size_t)length < sizeof calls) used += (size_t)length;
}

static Result done(const char *function) { return strcmp(function, failing) == 0 ? failure : 0; }

/* Writes the call down, and returns the code asked for. */
#define CALL(...) do { write_down("%s(", __func__); write_down(__VA_ARGS__); write_down(")\n"); \
                       if (done(__func__)) return done(__func__); } while (0)
#define HEX(handle) ((unsigned long long)(uintptr_t)(handle))

EXPORT Result cuInit(unsigned int flags) { CALL("%u", flags); return 0; }
EXPORT Result cuDriverGetVersion(int *version) { CALL(" "); *version = DRIVER_VERSION; return 0; }
EXPORT Result cuDeviceGetCount(int *count) { CALL(" "); *count = device_count; return 0; }
EXPORT Result cuDeviceGet(Device *device, int ordinal) { CALL("%d", ordinal); *device = 70 + ordinal; return 0; }

EXPORT Result cuDeviceGetName(char *name, int length, Device device)
{
    CALL("%d, %d", length, device);
    snprintf(name, (size_t)length, "Stand-in GPU %d", device);
    return 0;
}

EXPORT Result cuDeviceGetUuid_v2(char *uuid, Device device)
{
    CALL("%d", device);
    for (int i = 0; i < 16; i++) uuid[i] = (char)(i * 17);
    return 0;
}

EXPORT Result cuDeviceTotalMem_v2(size_t *bytes, Device device) { CALL("%d", device); *bytes = (size_t)80 << 30; return 0; }

EXPORT Result cuDeviceGetAttribute(int *value, int attribute, Device device)
{
    CALL("%d, %d", attribute, device);
    *value = 1000 + attribute;
    return 0;
}

EXPORT Result cuDeviceGetPCIBusId(char *id, int length, Device device)
{
    CALL("%d, %d", length, device);
    snprintf(id, (size_t)length, "0000:%02X:00.0", device);
    return 0;
}

EXPORT Result cuDevicePrimaryCtxRetain(Handle *context, Device device) { CALL("%d", device); *context = (Handle)0xc0; return 0; }
EXPORT Result cuDevicePrimaryCtxRelease_v2(Device device) { CALL("%d", device); return 0; }
EXPORT Result cuCtxSetCurrent(Handle context) { CALL("%#llx", HEX(context)); return 0; }
EXPORT Result cuCtxSynchronize(void) { CALL(" "); return 0; }

EXPORT Result cuMemGetInfo_v2(size_t *free_bytes, size_t *total)
{
    CALL(" ");
    *free_bytes = (size_t)3 << 30;
    *total = (size_t)80 << 30;
    return 0;
}

EXPORT Result cuMemAlloc_v2(Address *address, size_t bytes) { CALL("%zu", bytes); *address = HEX(malloc(bytes)); return 0; }
EXPORT Result cuMemFree_v2(Address address) { CALL("memory"); free((void *)(uintptr_t)address); return 0; }
EXPORT Result cuMemHostAlloc(void **pointer, size_t bytes, unsigned int flags) { CALL("%zu, %u", bytes, flags); *pointer = malloc(bytes); return 0; }
EXPORT Result cuMemFreeHost(void *pointer) { CALL("memory"); free(pointer); return 0; }

EXPORT Result cuMemcpyHtoD_v2(Address to, const void *from, size_t bytes)
{
    CALL("%zu", bytes);
    memcpy((void *)(uintptr_t)to, from, bytes);
    return 0;
}

EXPORT Result cuMemcpyDtoH_v2(void *to, Address from, size_t bytes)
{
    CALL("%zu", bytes);
    memcpy(to, (void *)(uintptr_t)from, bytes);
    return 0;
}

EXPORT Result cuMemcpyHtoDAsync_v2(Address to, const void *from, size_t bytes, Handle stream)
{
    CALL("%zu, %#llx", bytes, HEX(stream));
    memcpy((void *)(uintptr_t)to, from, bytes);
    return 0;
}

EXPORT Result cuMemcpyDtoHAsync_v2(void *to, Address from, size_t bytes, Handle stream)
{
    CALL("%zu, %#llx", bytes, HEX(stream));
    memcpy(to, (void *)(uintptr_t)from, bytes);
    return 0;
}

EXPORT Result cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, Handle stream)
{
    CALL("%zu, %#llx", bytes, HEX(stream));
    memmove((void *)(uintptr_t)to, (void *)(uintptr_t)from, bytes);
    return 0;
}

EXPORT Result cuMemsetD8Async(Address to, unsigned char value, size_t count, Handle stream)
{
    CALL("%u, %zu, %#llx", value, count, HEX(stream));
    memset((void *)(uintptr_t)to, value, count);
    return 0;
}

EXPORT Result cuMemsetD16Async(Address to, unsigned short value, size_t count, Handle stream)
{
    CALL("%u, %zu, %#llx", value, count, HEX(stream));
    for (size_t i = 0; i < count; i++) ((unsigned short *)(uintptr_t)to)[i] = value;
    return 0;
}

EXPORT Result cuMemsetD32Async(Address to, unsigned int value, size_t count, Handle stream)
{
    CALL("%u, %zu, %#llx", value, count, HEX(stream));
    for (size_t i = 0; i < count; i++) ((unsigned int *)(uintptr_t)to)[i] = value;
    return 0;
}

/* Options: 3 and 5 are buffers, 4 and 6 their sizes as numbers in the pointers; an image with "bad" in it does not compile. */
EXPORT Result cuModuleLoadDataEx(Handle *module, const void *image, unsigned int count, int *options, void **values)
{
    char listed[256] = "";
    size_t length = 0;
    char *information = NULL, *errors = NULL;
    size_t information_bytes = 0, error_bytes = 0;
    for (unsigned int i = 0; i < count; i++) {
        if (options[i] == 3) information = values[i];
        else if (options[i] == 4) information_bytes = (size_t)values[i];
        else if (options[i] == 5) errors = values[i];
        else if (options[i] == 6) error_bytes = (size_t)values[i];
        else length += (size_t)snprintf(listed + length, sizeof listed - length, ", %d=%llu", options[i], HEX(values[i]));
    }

    if (information) snprintf(information, information_bytes, "stand-in compiled %zu bytes", strlen(image));
    if (errors && strstr(image, "bad")) snprintf(errors, error_bytes, "ptxas: line 3: unknown symbol");
    CALL("%zu bytes%s", strlen(image), listed);
    if (strstr(image, "bad")) return 218;
    *module = (Handle)0x30;
    return 0;
}

EXPORT Result cuModuleUnload(Handle module) { CALL("%#llx", HEX(module)); return 0; }

EXPORT Result cuModuleGetFunction(Handle *function, Handle module, const char *name)
{
    CALL("%#llx, %s", HEX(module), name);
    if (strcmp(name, "missing") == 0) return 500;
    *function = (Handle)0xf0;
    return 0;
}

EXPORT Result cuFuncGetAttribute(int *value, int attribute, Handle function)
{
    CALL("%d, %#llx", attribute, HEX(function));
    *value = 500 + attribute;
    return 0;
}

EXPORT Result cuFuncSetAttribute(Handle function, int attribute, int value)
{
    CALL("%#llx, %d, %d", HEX(function), attribute, value);
    return 0;
}

EXPORT Result cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, Handle function, int threads, size_t shared)
{
    CALL("%#llx, %d, %zu", HEX(function), threads, shared);
    *blocks = 3;
    return 0;
}

#ifndef OLD_DRIVER
EXPORT Result cuLaunchKernelEx(const LaunchConfig *config, Handle function, void **parameters, void **extra)
{
    char bytes[256] = "none";
    if (parameters) {
        for (int i = 0; i < argument_bytes && i < 100; i++)
            snprintf(bytes + (2 * i), 3, "%02x", ((unsigned char *)parameters[0])[i]);
    }

    char attributes[256] = "";
    size_t length = 0;
    for (unsigned int i = 0; i < config->numAttrs; i++)
        length += (size_t)snprintf(attributes + length, sizeof attributes - length, ", attribute %d=%d", config->attrs[i].id,
                                   config->attrs[i].value.programmaticStreamSerializationAllowed);
    CALL("%ux%ux%u, %ux%ux%u, %u, %#llx%s, %#llx, arguments %s, %s", config->gridDimX, config->gridDimY, config->gridDimZ,
         config->blockDimX, config->blockDimY, config->blockDimZ, config->sharedMemBytes, HEX(config->hStream), attributes,
         HEX(function), bytes, extra ? "extra" : "no extra");
    return 0;
}

EXPORT Result cuGraphInstantiateWithFlags(Handle *executable, Handle graph, unsigned long long flags)
{
    CALL("%#llx, %llu", HEX(graph), flags);
    *executable = (Handle)0xe0;
    return 0;
}
#endif

EXPORT Result cuStreamCreate(Handle *stream, unsigned int flags) { CALL("%u", flags); *stream = (Handle)0x50; return 0; }
EXPORT Result cuStreamDestroy_v2(Handle stream) { CALL("%#llx", HEX(stream)); return 0; }
EXPORT Result cuStreamSynchronize(Handle stream) { CALL("%#llx", HEX(stream)); return 0; }
EXPORT Result cuStreamQuery(Handle stream) { CALL("%#llx", HEX(stream)); return 600; }
EXPORT Result cuStreamBeginCapture_v2(Handle stream, int mode) { CALL("%#llx, %d", HEX(stream), mode); return 0; }
EXPORT Result cuStreamEndCapture(Handle stream, Handle *graph) { CALL("%#llx", HEX(stream)); *graph = (Handle)0x60; return 0; }
EXPORT Result cuGraphLaunch(Handle executable, Handle stream) { CALL("%#llx, %#llx", HEX(executable), HEX(stream)); return 0; }
EXPORT Result cuGraphGetNodes(Handle graph, Handle *nodes, size_t *count) { CALL("%#llx, %#llx", HEX(graph), HEX(nodes)); *count = 4; return 0; }
EXPORT Result cuGraphDestroy(Handle graph) { CALL("%#llx", HEX(graph)); return 0; }
EXPORT Result cuGraphExecDestroy(Handle executable) { CALL("%#llx", HEX(executable)); return 0; }
EXPORT Result cuEventCreate(Handle *event, unsigned int flags) { CALL("%u", flags); *event = (Handle)0xd0; return 0; }
EXPORT Result cuEventDestroy_v2(Handle event) { CALL("%#llx", HEX(event)); return 0; }
EXPORT Result cuEventRecord(Handle event, Handle stream) { CALL("%#llx, %#llx", HEX(event), HEX(stream)); return 0; }
EXPORT Result cuEventSynchronize(Handle event) { CALL("%#llx", HEX(event)); return 0; }
EXPORT Result cuEventQuery(Handle event) { CALL("%#llx", HEX(event)); return 0; }

EXPORT Result cuEventElapsedTime(float *milliseconds, Handle start, Handle end)
{
    CALL("%#llx, %#llx", HEX(start), HEX(end));
    *milliseconds = 2.5f;
    return 0;
}

EXPORT Result cuGetErrorName(Result code, const char **name)
{
    static const char *const names[] = { "CUDA_ERROR_NO_DEVICE", "CUDA_ERROR_INVALID_PTX" };
    *name = code == 100 ? names[0] : code == 218 ? names[1] : NULL;
    return *name ? 0 : 1;
}

EXPORT Result cuGetErrorString(Result code, const char **words)
{
    *words = code == 100 ? "no CUDA-capable device is detected" : NULL;
    return *words ? 0 : 1;
}
