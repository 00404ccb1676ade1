using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Tests.Cuda.Driver.StandIn;
using GpuDecodeBench.Tests.Shared;

namespace GpuDecodeBench.Backends.Tests.Cuda.Driver;

/// <summary>Every function reaches its symbol with its arguments, and gives the symbol's code back.</summary>
public sealed class NativeCudaDriverCallTests : IClassFixture<CudaStandIn>
{
    private static readonly Dictionary<string, Func<NativeCudaDriver, CudaResult>> s_calls = new()
    {
        ["cuInit(0)"] = driver => driver.Init(),
        ["cuDriverGetVersion( )"] = driver => driver.DriverGetVersion(out _),
        ["cuDeviceGetCount( )"] = driver => driver.DeviceGetCount(out _),
        ["cuDeviceGet(1)"] = driver => driver.DeviceGet(1, out _),
        ["cuDeviceGetName(256, 71)"] = driver => driver.DeviceGetName(71, out _),
        ["cuDeviceGetUuid_v2(71)"] = driver => driver.DeviceGetUuid(71, new byte[16]),
        ["cuDeviceTotalMem_v2(71)"] = driver => driver.DeviceTotalMem(71, out _),
        ["cuDeviceGetAttribute(38, 71)"] = driver =>
            driver.DeviceGetAttribute(71, CudaDeviceAttribute.L2CacheSize, out _),
        ["cuDeviceGetPCIBusId(256, 71)"] = driver => driver.DeviceGetPciBusId(71, out _),
        ["cuDevicePrimaryCtxRetain(71)"] = driver => driver.DevicePrimaryContextRetain(71, out _),
        ["cuDevicePrimaryCtxRelease_v2(71)"] = driver => driver.DevicePrimaryContextRelease(71),
        ["cuCtxSetCurrent(0xc0)"] = driver => driver.ContextSetCurrent(0xc0),
        ["cuCtxSynchronize( )"] = driver => driver.ContextSynchronize(),
        ["cuMemGetInfo_v2( )"] = driver => driver.MemGetInfo(out _, out _),
        ["cuMemAlloc_v2(12884901888)"] = driver => driver.MemAlloc(12L << 30, "Weights", out _),
        ["cuMemFree_v2(memory)"] = driver => driver.MemFree(0),
        ["cuMemHostAlloc(16, 0)"] = driver => driver.MemHostAlloc(16, out _),
        ["cuMemFreeHost(memory)"] = driver => driver.MemFreeHost(0),
        ["cuMemcpyHtoD_v2(0)"] = driver => driver.MemcpyHtoD(0, []),
        ["cuMemcpyDtoH_v2(0)"] = driver => driver.MemcpyDtoH([], 0),
        ["cuMemcpyHtoDAsync_v2(0, 0x50)"] = driver => driver.MemcpyHtoDAsync(0, 0, 0, 0x50),
        ["cuMemcpyDtoHAsync_v2(0, 0x50)"] = driver => driver.MemcpyDtoHAsync(0, 0, 0, 0x50),
        ["cuMemcpyDtoDAsync_v2(0, 0x50)"] = driver => driver.MemcpyDtoDAsync(0, 0, 0, 0x50),
        ["cuMemsetD8Async(200, 0, 0x50)"] = driver => driver.MemsetD8Async(0, 200, 0, 0x50),
        ["cuMemsetD16Async(60000, 0, 0x50)"] = driver => driver.MemsetD16Async(0, 60000, 0, 0x50),
        ["cuMemsetD32Async(4000000000, 0, 0x50)"] = driver => driver.MemsetD32Async(0, 4000000000, 0, 0x50),
        ["cuModuleLoadDataEx(3 bytes)"] = driver => driver.ModuleLoadData("ptx"u8, default, out _, out _),
        ["cuModuleLoadDataEx(3 bytes, 12=1, 13=1, 0=96)"] = driver =>
            driver.ModuleLoadData("ptx"u8, new CudaJitOptions(96, IsVerbose: true, HasLineInfo: true), out _, out _),
        ["cuModuleLoadDataEx(3 bytes, 34=0)"] = driver =>
            driver.ModuleLoadData("ptx"u8, new CudaJitOptions(IsParallel: true), out _, out _),
        ["cuModuleUnload(0x30)"] = driver => driver.ModuleUnload(0x30),
        ["cuModuleGetFunction(0x30, gemv)"] = driver => driver.ModuleGetFunction(0x30, "gemv", out _),
        ["cuFuncGetAttribute(4, 0xf0)"] = driver =>
            driver.FuncGetAttribute(0xf0, CudaFunctionAttribute.RegistersPerThread, out _),
        ["cuFuncSetAttribute(0xf0, 8, 99000)"] = driver =>
            driver.FuncSetAttribute(0xf0, CudaFunctionAttribute.MaxDynamicSharedBytes, 99000),
        ["cuFuncSetAttribute(0xf0, 9, -1)"] = driver =>
            driver.FuncSetAttribute(0xf0, CudaFunctionAttribute.PreferredSharedMemoryCarveout, -1),
        ["cuOccupancyMaxActiveBlocksPerMultiprocessor(0xf0, 128, 4096)"] = driver =>
            driver.OccupancyMaxActiveBlocksPerMultiprocessor(0xf0, 128, 4096, out _),
        ["cuStreamCreate(1)"] = driver => driver.StreamCreateNonBlocking(out _),
        ["cuStreamDestroy_v2(0x50)"] = driver => driver.StreamDestroy(0x50),
        ["cuStreamSynchronize(0x50)"] = driver => driver.StreamSynchronize(0x50),
        ["cuStreamBeginCapture_v2(0x50, 1)"] = driver => driver.StreamBeginCapture(0x50),
        ["cuStreamEndCapture(0x50)"] = driver => driver.StreamEndCapture(0x50, out _),
        ["cuGraphInstantiateWithFlags(0x60, 0)"] = driver => driver.GraphInstantiate(0x60, out _),
        ["cuGraphLaunch(0xe0, 0x50)"] = driver => driver.GraphLaunch(0xe0, 0x50),
        ["cuGraphGetNodes(0x60, 0)"] = driver => driver.GraphGetNodeCount(0x60, out _),
        ["cuGraphDestroy(0x60)"] = driver => driver.GraphDestroy(0x60),
        ["cuGraphExecDestroy(0xe0)"] = driver => driver.GraphExecDestroy(0xe0),
        ["cuEventCreate(0)"] = driver => driver.EventCreate(out _),
        ["cuEventDestroy_v2(0xd0)"] = driver => driver.EventDestroy(0xd0),
        ["cuEventRecord(0xd0, 0x50)"] = driver => driver.EventRecord(0xd0, 0x50),
        ["cuEventSynchronize(0xd0)"] = driver => driver.EventSynchronize(0xd0),
        ["cuEventQuery(0xd0)"] = driver => driver.EventQuery(0xd0),
        ["cuEventElapsedTime(0xd0, 0xd1)"] = driver => driver.EventElapsedTime(0xd0, 0xd1, out _),
        ["cuLaunchKernelEx(2x3x4, 32x8x1, 1024, 0x50, 0xf0, arguments none, no extra)"] = driver =>
            driver.LaunchKernelEx(Shape(isProgrammatic: false), 0xf0, []),
    };

    private readonly CudaStandIn _standIn;

    public NativeCudaDriverCallTests(CudaStandIn standIn)
    {
        _standIn = standIn;
        if (CudaStandIn.WhyUnavailable is null)
        {
            _standIn.Reset();
        }
    }

    public static TheoryData<string> Calls => [.. s_calls.Keys];

    [StandInTheory]
    [MemberData(nameof(Calls))]
    public void A_call_reaches_its_symbol_with_its_arguments(string expected)
    {
        CudaResult result = s_calls[expected](_standIn.Driver);

        Assert.Equal([expected], _standIn.Calls);
        Assert.Equal(CudaResult.Success, result);
    }

    [StandInTheory]
    [MemberData(nameof(Calls))]
    public void A_call_returns_its_symbols_code(string expected)
    {
        _standIn.Fail(expected.Split('(')[0], CudaResult.EccUncorrectable);

        Assert.Equal(CudaResult.EccUncorrectable, s_calls[expected](_standIn.Driver));
    }

    [StandInFact]
    public void The_launch_structures_are_laid_out_as_C_lays_them_out()
    {
        Assert.Equal([56, 24, 32, 40, 48, 72, 8], _standIn.Layout);
        Assert.Equal(_standIn.Layout, NativeLayout());
    }

    [StandInFact]
    public void A_launch_hands_its_arguments_over_as_one_structure()
    {
        _standIn.ArgumentBytes(5);

        _standIn.Driver.LaunchKernelEx(Shape(isProgrammatic: true), 0xf0, [1, 2, 3, 0xfe, 255]);

        Assert.Equal(
            ["cuLaunchKernelEx(2x3x4, 32x8x1, 1024, 0x50, attribute 6=1, 0xf0, arguments 010203feff, no extra)"],
            _standIn.Calls
        );
    }

    private static CudaLaunchShape Shape(bool isProgrammatic) =>
        new(new CudaDim3(2, 3, 4), new CudaDim3(32, 8), 1024, 0x50, isProgrammatic);

    private static unsafe int[] NativeLayout()
    {
        var config = default(NativeLaunchConfig);
        var attribute = default(NativeLaunchAttribute);
        byte* start = (byte*)&config;
        return
        [
            sizeof(NativeLaunchConfig),
            (int)((byte*)&config.SharedBytes - start),
            (int)((byte*)&config.Stream - start),
            (int)((byte*)&config.Attributes - start),
            (int)((byte*)&config.AttributeCount - start),
            sizeof(NativeLaunchAttribute),
            (int)((byte*)&attribute.Value - (byte*)&attribute),
        ];
    }
}
