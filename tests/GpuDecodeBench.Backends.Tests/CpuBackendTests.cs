using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Tests.Simd;

namespace GpuDecodeBench.Backends.Tests;

/// <summary>The CPU backend as it is by default: all usable processors, the best SIMD path or the one that is forced.</summary>
public sealed class CpuBackendTests() : DecodeBackendSuite(new CpuBackend(new TestHost()));

/// <summary>The CPU backend on one thread: no barriers, no split attention.</summary>
public sealed class SingleThreadCpuBackendTests() : DecodeBackendSuite(new CpuBackend(new TestHost(), threads: 1));

/// <summary>The CPU backend on more threads than this machine may have: attention is split, threads are descheduled.</summary>
public sealed class CrowdedCpuBackendTests() : DecodeBackendSuite(new CpuBackend(new TestHost(), threads: 5));

/// <summary>The CPU backend's AVX-512 kernels.</summary>
[NeedsSimd(SimdPath.Avx512)]
public sealed class Avx512CpuBackendTests()
    : DecodeBackendSuite(new CpuBackend(new TestHost(), threads: 2, SimdPath.Avx512));

/// <summary>The CPU backend's AVX2 kernels.</summary>
[NeedsSimd(SimdPath.Avx2)]
public sealed class Avx2CpuBackendTests()
    : DecodeBackendSuite(new CpuBackend(new TestHost(), threads: 2, SimdPath.Avx2));

/// <summary>The CPU backend's portable kernels, which every processor runs.</summary>
public sealed class PortableCpuBackendTests()
    : DecodeBackendSuite(new CpuBackend(new TestHost(), threads: 2, SimdPath.Portable));
